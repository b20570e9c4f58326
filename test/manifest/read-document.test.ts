import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { stringify } from "yaml"
import { DEFAULT_LIMITS, parseFile } from "../../src/manifest/index.ts"
import { readPlainYaml } from "../../src/manifest/plain-yaml.ts"
import { readDocument } from "../../src/manifest/read-document.ts"
import { readYaml } from "../../src/manifest/yaml-document.ts"
import { daemonSet, SECRET_KEY } from "./parsed.ts"

const value = (text: string) => {
	const read = readDocument(text, DEFAULT_LIMITS)
	return read.kind === "value" ? read.value : `${read.code} ${read.place.line}:${read.place.column}`
}

describe("readDocument", () => {
	test.each([
		["plain keys and lists", "a:\n- b: 1\n  c:\n    - d\n- e\n", { a: [{ b: 1, c: ["d"] }, "e"] }],
		["keys of other types by their Kubernetes name", "yes: 1\n0x10: 2\n1.5: 3\n", { true: 1, "16": 2, "1.5": 3 }],
		["null values", "a:\nb: ~\nc: null\n", { a: null, b: null, c: null }],
		["a quoted word as a word", "a: 'yes'\nb: \"1\"\n", { a: "yes", b: "1" }],
		["literal blocks", "a: |\n  x\n   y\n\nb: |-\n  z\nc: |+\n  w\n\n", { a: "x\n y\n", b: "z", c: "w\n\n" }],
		["folded blocks", "a: >-\n  x\n  y\n\n  z\n", { a: "x y\nz" }],
		["a scalar over several lines", "a: x\n  y\nb: 1\n", { a: "x y", b: 1 }],
		[
			"quoted texts over several lines",
			"a: 'it''s \n  two  lines\n\n\n  four'\nb:\n- \"x\\n\n y\" # z\n- c: 'd\n    e'\n",
			{ a: "it's two  lines\n\nfour", b: ["x\n y", { c: "d e" }] },
		],
		["comments", "# one\na: 1 # two\n# three\nb: 'x#y' #\n", { a: 1, b: "x#y" }],
		[
			"flow collections",
			"a: [1, x, 'y z', {b: yes}]\nc: {}\nd: []\n",
			{ a: [1, "x", "y z", { b: true }], c: {}, d: [] },
		],
		["aliases", "a: &x {b: 1}\nc: *x\n", { a: { b: 1 }, c: { b: 1 } }],
		["merge keys", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", { a: { b: 1, c: 2 }, d: { b: 1, c: 3 } }],
		["explicit tags", 'a: !!str 1\nb: !!int "2"\nc: !own x\n', { a: "1", b: 2, c: "x" }],
		["what stands before an end marker", "a: 1\n...\nb: [\n", { a: 1 }],
		["JSON with escapes that YAML lacks", '{"a": "\\ud83d\\ude00", "b": [1, null]}', { a: "😀", b: [1, null] }],
		["CRLF", "a: 1\r\nb:\r\n- c\r\n", { a: 1, b: ["c"] }],
		["nothing", "# nothing\n", null],
		["a map as a key as an error", "{a: 1}: 2\n", "yaml-key 1:1"],
		["null as a key as an error", "a:\n  ~: 2\n", "yaml-key 2:3"],
		["infinity as an error", "a: 1\nb: .inf\n", "yaml-value 2:4"],
		["an unknown alias as an error", "a: 1\nb: *x\n", "yaml-syntax 2:4"],
		["a map that contains itself as an error", "a: &x\n  b: *x\n", "yaml-syntax 2:6"],
		["an unclosed list as an error", "a: [1\nb: 2\n", "yaml-syntax 2:1"],
		["a tab as an indent as an error", "a:\n\tb: 1\n", "yaml-syntax 2:1"],
	])("reads %s", (_, text, want) => {
		expect(value(text)).toEqual(want)
	})

	test("tells both lines of a key that stands twice, in YAML and in JSON", () => {
		for (const text of ["a: 1\nb:\n  c: 1\n  c: 2\n", '{"a": 1,\n"b": {\n"c": 1,\n"c": 2}}']) {
			const read = readDocument(text, DEFAULT_LIMITS)
			const lines =
				read.kind === "value" ? read.duplicates.map(({ key, first, second }) => [key, first.line, second.line]) : []
			expect(lines).toEqual([["c", 3, 4]])
		}
	})

	test("tells integers that a double would round", () => {
		for (const text of ["a: 9007199254740993\n", '{"a": 9007199254740993}']) {
			expect(readDocument(text, DEFAULT_LIMITS)).toMatchObject({ unsafe: [{ line: 1 }] })
		}
	})
})

const word = fc.oneof(
	fc.stringMatching(/^[a-z0-9_.~<>|&*!%@:#,{}[\]"' -]{0,8}$/),
	fc.constantFrom(
		"yes",
		"~",
		"0600",
		"1_0",
		".5",
		"a: b",
		"- a",
		"x #y",
		"null",
		"<<",
		"{}",
		"[a, 'b']",
		'"q"',
		"|",
		">-",
		'"a\\\\b\\"c"',
		'"\\x41"',
		"'it''s'",
		"''",
	),
)
const lines = fc.array(
	fc.tuple(
		fc.constantFrom("", "  ", "    ", "- ", "  - ", " "),
		fc.constantFrom("", "a:", "b: ", "c:  ", "'d': ", "- "),
		word,
	),
	{ maxLength: 8 },
)

describe("the quick reader of plain YAML", () => {
	test("reads what it reads as the whole reader does", () => {
		fc.assert(
			fc.property(lines, fc.boolean(), (rows, isEnded) => {
				const text = rows.map((row) => row.join("")).join("\n") + (isEnded ? "\n" : "")
				const plain = readPlainYaml(text, 64)
				if (plain === undefined) return
				const whole = readYaml(text, DEFAULT_LIMITS)
				expect([text, whole]).toEqual([text, { kind: "value", value: plain, duplicates: [], unsafe: [] }])
			}),
			{ numRuns: 3_000 },
		)
	})

	test("reads a manifest that was changed at one place as the whole reader does", () => {
		const manifest = daemonSet("fluentd")
		fc.assert(
			fc.property(fc.nat(manifest.length), fc.nat(6), word, (at, length, put) => {
				const text = manifest.slice(0, at) + put + manifest.slice(at + length)
				const plain = readPlainYaml(text, 64)
				if (plain === undefined) return
				expect([text, readYaml(text, DEFAULT_LIMITS)]).toMatchObject([
					text,
					{ kind: "value", value: plain, duplicates: [] },
				])
			}),
			{ numRuns: 2_000 },
		)
	})

	test("reads what most manifests are made of", () => {
		expect(readPlainYaml(daemonSet("fluentd"), 64)).toEqual(value(daemonSet("fluentd")))
		expect(readPlainYaml(daemonSet("fluentd"), 64)).toBeDefined()
	})
})

describe("parseFile", () => {
	const json = fc.json()

	test("never throws, whatever the bytes", () => {
		const bytes = fc.uint8Array({ maxLength: 400 })
		fc.assert(
			fc.property(bytes, fc.constantFrom("a.yaml", "b.json", "kustomization.yaml"), (data, name) => {
				expect(parseFile(data, { name, secretKey: SECRET_KEY }).documents).toBeInstanceOf(Array)
			}),
			{ numRuns: 2_000 },
		)
	})

	test("gives what the cache can keep as JSON, whatever part of a manifest is replaced", () => {
		const manifest = new TextEncoder().encode(`${daemonSet("fluentd")}---\n${daemonSet("other")}`)
		fc.assert(
			fc.property(fc.nat(manifest.length), fc.uint8Array({ maxLength: 12 }), fc.nat(12), (at, put, length) => {
				const bytes = Uint8Array.from([...manifest.subarray(0, at), ...put, ...manifest.subarray(at + length)])
				const file = parseFile(bytes, { name: "a.yaml", secretKey: SECRET_KEY })
				expect(JSON.parse(JSON.stringify(file))).toEqual(file)
			}),
			{ numRuns: 1_000 },
		)
	})

	test("gives back what JSON and YAML writers wrote", () => {
		fc.assert(
			fc.property(json, (text) => {
				const want = JSON.parse(text) as unknown
				// A writer of YAML 1.1 sees no number in 0o7 and leaves it bare; Kubernetes reads one.
				const isPlain = !/__proto__|0o/i.test(text) && JSON.stringify(want) === text
				if (!isPlain || typeof want !== "object" || want === null) return
				expect(value(text)).toEqual(want)
				expect(value(stringify(want, { version: "1.1", aliasDuplicateObjects: false }))).toEqual(want)
			}),
			{ numRuns: 1_000 },
		)
	})
})
