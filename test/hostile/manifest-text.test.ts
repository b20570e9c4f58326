import { describe, expect, test } from "vitest"
import { DesiredState, parseFile } from "../../src/manifest/index.ts"
import { brief, configMap, daemonSet, fileChange, parsed, SECRET_KEY } from "../manifest/parsed.ts"

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** Runs it and holds it to a time that only a blow-up could exceed, even on a busy machine. */
function soon<T>(run: () => T, mostMs = 5_000): T {
	const begin = performance.now()
	const result = run()
	expect(performance.now() - begin).toBeLessThan(mostMs)
	return result
}

describe("row 35: a Git LFS pointer instead of YAML", () => {
	test("is recognised, told, and keeps what the file last said", () => {
		const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 12345\n`
		expect(brief(parsed(pointer))).toEqual(["error lfs-pointer 0:0"])
		const state = new DesiredState()
		state.apply([fileChange("a.yaml", configMap("one", "1", "default"))])
		expect(state.apply([fileChange("a.yaml", pointer)])).toEqual([])
	})
})

describe("row 36: files and commits beyond all measure", () => {
	test("a file over the limit is refused without being read", () => {
		const file = soon(
			() => parseFile(new Uint8Array(5 << 20).fill(0x61), { name: "a.yaml", secretKey: SECRET_KEY }),
			200,
		)
		expect(file).toMatchObject({ readable: false, findings: [{ code: "too-large" }] })
	})

	test.each([
		["blank lines", "\n"],
		["separators", "---\n"],
		["comments", "#\n"],
		["one key a line", "a: 1\n"],
		["spaces", " "],
		["list items", "- a\n"],
		["template marks", "{{"],
		["placeholders", "${"],
		["quotes", '"'],
		["dashes", "- "],
	])(
		"a document of %s at the size limit is read in time",
		(_, unit) => {
			const size = 3 << 19
			soon(() => parsed(unit.repeat(Math.floor(size / unit.length))), 20_000)
		},
		60_000,
	)
})

describe("row 37: an alias bomb", () => {
	test.each([
		[
			"in flow lists",
			(name: string, before: string) => `${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`,
		],
		[
			"in block maps",
			(name: string, before: string) =>
				`${name}: &${name}\n${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `  k${n}: *${before}`).join("\n")}`,
		],
	])("%s is refused within its budget", (_, line) => {
		const names = [..."abcdefghij"]
		const bomb = names.map((name, index) => (index === 0 ? "a: &a [x, x, x]" : line(name, names[index - 1] as string)))
		const file = soon(() => parsed(`${bomb.join("\n")}\n`))
		expect(file).toMatchObject({ readable: false, findings: [{ code: "too-many-aliases" }] })
	})

	test("honest aliases are read", () => {
		const text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: &l {a: b}, annotations: *l}\n"
		expect(parsed(text).documents[0]?.object.metadata.annotations).toEqual({ a: "b" })
	})
})

describe("row 38: merge keys that blow up", () => {
	test("count against the same budget", () => {
		const maps = Array.from(
			{ length: 400 },
			(_, index) => `  - &m${index} {k${index}: v, <<: [${index > 0 ? `*m${index - 1}` : "{}"}]}`,
		)
		const file = soon(() => parsed(`all:\n${maps.join("\n")}\nlast:\n  <<: *m399\n`))
		expect(file.findings.map(({ code }) => code)).toEqual(["too-many-aliases"])
	})
})

describe("row 39: pathological scalars and deep nesting", () => {
	test.each([
		["flow lists", "[".repeat(100_000)],
		["flow maps", "{a: ".repeat(50_000)],
		["JSON lists", `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
		["block lists", `${"- ".repeat(50_000)}a\n`],
		["block maps", Array.from({ length: 3_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
	])(
		"nested %s are refused",
		(_, text) => {
			// More than once: what V8 makes of a regular expression that is used often must not come to be made too deep down.
			for (let times = 0; times < 3; times++) {
				const file = soon(() => parsed(text), 20_000)
				expect(file.documents).toEqual([])
				expect(file.readable).toBe(false)
			}
		},
		60_000,
	)

	test.each([
		["digits", "9".repeat(1 << 20)],
		["hexadecimal digits", `0x${"f".repeat(1 << 20)}`],
		["underscores", `1${"_".repeat(1 << 20)}x`],
		["a number that never ends", `${"1".repeat(1 << 20)}e${"1".repeat(1 << 20)}x`],
		["spaces before a comment", `a${" ".repeat(1 << 20)}#`],
		["colons", ":".repeat(1 << 20)],
	])("a scalar of %s is read in time", (_, scalar) => {
		soon(() => parsed(`a: ${scalar}\n`))
	})

	test("the deepest that is allowed is read", () => {
		const nested = (depth: number) => `a: ${"[".repeat(depth)}${"]".repeat(depth)}\n`
		expect(parsed(nested(60)).readable).toBe(true)
		expect(brief(parsed(nested(70)))).toMatchObject([expect.stringMatching(/^error too-deep 1:/)])
	})
})

describe("row 40: keys that stand twice", () => {
	test("refuse the object and name both lines; neighbours go on", () => {
		const twice = daemonSet("fluentd").replace("spec:\n", "spec:\n  minReadySeconds: 1\n  minReadySeconds: 2\n")
		const file = parsed(`${twice}---\n${configMap("one", "1")}`)
		expect(file.documents.map(({ object }) => object.kind)).toEqual(["ConfigMap"])
		expect(file.refused).toMatchObject([{ key: "apps/DaemonSet/agents/fluentd", line: 1 }])
		expect(file.findings).toMatchObject([
			{ code: "duplicate-key", severity: "error", line: 8, column: 3, message: expect.stringContaining("line 7") },
		])
	})
})

describe("row 42: names that JavaScript has other ideas of", () => {
	const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]

	test.each(names)("%s is a key like any other", (name) => {
		for (const text of [
			`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  ${name}: x\n`,
			`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"${name}": "x"}}`,
		]) {
			const object = parsed(text).documents[0]?.object
			expect(Object.entries(object?.["data"] ?? {})).toEqual([[name, "x"]])
			expect(JSON.stringify(object?.["data"])).toBe(`{"${name}":"x"}`)
		}
		expect(({} as Record<string, unknown>)["x"]).toBeUndefined()
	})

	test.each(names)("%s as a kind, a group or the name of a file breaks nothing", (name) => {
		const text = `apiVersion: ${name}/v1\nkind: ${name}\nmetadata: {name: a, namespace: default}\n`
		const state = new DesiredState()
		state.apply([fileChange(`${name}.yaml`, text)])
		expect([...state.objects.keys()]).toEqual([`${name}/${name}/default/a`])
	})
})

describe("row 43: other encodings", () => {
	const text = configMap("one", "ä", "default")
	test.each([
		["UTF-16 with a mark", Uint8Array.from([0xff, 0xfe, 0x61, 0x00]), "error not-utf8 0:0"],
		["UTF-16, big-endian", Uint8Array.from([0xfe, 0xff, 0x00, 0x61]), "error not-utf8 0:0"],
		["UTF-16 without one", Uint8Array.from([0x61, 0x00, 0x3a, 0x00]), "error control-character 1:2"],
		["Latin-1", Uint8Array.from([0x61, 0x3a, 0x20, 0xe4]), "error not-utf8 0:0"],
		["a lone surrogate", Uint8Array.from([0x61, 0x3a, 0x20, 0xed, 0xa0, 0x80]), "error not-utf8 0:0"],
		["NUL", bytesOf("a: 1\nb: \u0000\n"), "error control-character 2:4"],
		["an escape sequence for terminals", bytesOf("a: \u001b[31m\n"), "error control-character 1:4"],
	])("%s is refused with its place", (_, bytes, want) => {
		expect(brief(parsed(bytes))).toEqual([want])
	})

	test("a byte order mark and CRLF change nothing but offsets", () => {
		const marked = parsed(`\ufeff${text.replaceAll("\n", "\r\n")}`)
		expect(marked.findings).toEqual([])
		expect(marked.documents[0]?.object).toEqual(parsed(text).documents[0]?.object)
		expect(marked.documents[0]).toMatchObject({ start: 3, end: 3 + bytesOf(text.replaceAll("\n", "\r\n")).length })
	})

	test("offsets are of bytes", () => {
		const file = `# ü\n${text}---\n${configMap("two", "€", "default")}`
		const cut = parsed(file).documents.map(({ start, end }) =>
			new TextDecoder().decode(bytesOf(file).subarray(start, end)),
		)
		expect(cut).toEqual([`# ü\n${text}`, configMap("two", "€", "default")])
	})
})

describe("row 44: YAML 1.1", () => {
	test("types scalars as Kubernetes does", () => {
		const text = configMap("a", "x").replace(
			"metadata",
			"list: [yes, 0o17, 0600, 1e3, 12:30:45, 2026-01-02, ~, 1_0]\nmetadata",
		)
		expect(parsed(text.replaceAll("v1\n", "own/v1\n")).documents[0]?.object["list"]).toEqual([
			true,
			15,
			384,
			1000,
			"12:30:45",
			"2026-01-02",
			null,
			10,
		])
	})

	test("an ill-typed value is refused with its line", () => {
		const file = parsed(
			daemonSet("fluentd").replace(
				"image: agent:1",
				"image: agent:1\n          env:\n            - {name: A, value: yes}",
			),
		)
		expect(file.findings).toMatchObject([{ code: "field-type", line: 17, field: expect.stringContaining("env") }])
		expect(brief(parsed("~: 1\napiVersion: v1\n"))).toEqual(["error yaml-key 1:1"])
	})
})
