import { expect, test } from "vitest"
import { removeDocument, restoreDocument } from "../../src/manifest/index.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

/** A ConfigMap as a text of three lines and one data line. */
const map = (name: string, value: string, comment = "") =>
	`${comment}apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ns}\ndata: {value: "${value}"}\n`

const windows = (text: string) => text.replaceAll("\n", "\r\n")
const cut = (text: string) => text.replace(/\r?\n$/, "")

type Case = {
	readonly old: string
	readonly oldAt?: number
	readonly now: string | undefined
	readonly nowAt?: number
	readonly want: string
}

const list = (...values: readonly string[]) =>
	`apiVersion: v1\nkind: List\nitems:\n${values.map((value, at) => `- {apiVersion: v1, kind: ConfigMap, metadata: {name: m${at}, namespace: ns}, data: {value: "${value}"}}\n`).join("")}`

const cases: readonly (readonly [string, Case])[] = [
	[
		"comments and formatting, the neighbours untouched",
		{
			old: `${map("a", "1")}---\n# why it is so\n${map("b", "old")}# the end of b\n---\n${map("c", "1")}`,
			oldAt: 1,
			now: `${map("a", "2", "# a\n")}--- # next\n${map("b", "new")}---\n${map("c", "2")}`,
			nowAt: 1,
			want: `${map("a", "2", "# a\n")}--- # next\n# why it is so\n${map("b", "old")}# the end of b\n---\n${map("c", "2")}`,
		},
	],
	[
		"CRLF where the file has it",
		{ old: map("a", "1"), now: windows(map("a", "2")), nowAt: 0, want: windows(map("a", "1")) },
	],
	["LF where the file has it", { old: windows(map("a", "1")), now: map("a", "2"), nowAt: 0, want: map("a", "1") }],
	[
		"no newline at the end where there is none",
		{ old: map("a", "1"), now: cut(map("a", "2")), nowAt: 0, want: cut(map("a", "1")) },
	],
	[
		"a newline at the end where there is one",
		{ old: cut(map("a", "1")), now: map("a", "2"), nowAt: 0, want: map("a", "1") },
	],
	[
		"what was last without a newline, before another document",
		{
			old: cut(`${map("b", "1")}---\n${map("a", "old")}`),
			oldAt: 1,
			now: `${map("a", "new")}---\n${map("b", "1")}`,
			nowAt: 0,
			want: `${map("a", "old")}---\n${map("b", "1")}`,
		},
	],
	[
		"a byte order mark stays",
		{ old: map("a", "1"), now: `\ufeff${map("a", "2")}`, nowAt: 0, want: `\ufeff${map("a", "1")}` },
	],
	[
		"text beyond ASCII",
		{
			old: map("a", "ä→😀"),
			now: `# ü\n---\n${map("a", "→→")}---\n${map("b", "😀")}`,
			nowAt: 0,
			want: `# ü\n---\n${map("a", "ä→😀")}---\n${map("b", "😀")}`,
		},
	],
	[
		"an object that was removed, as a document of its own at the end",
		{ old: map("a", "1"), now: map("b", "1"), want: `${map("b", "1")}---\n${map("a", "1")}` },
	],
	[
		"the same without a newline at the end",
		{ old: map("a", "1"), now: cut(map("b", "1")), want: cut(`${map("b", "1")}---\n${map("a", "1")}`) },
	],
	[
		"the same after a separator that waits",
		{ old: map("a", "1"), now: `${map("b", "1")}---\n`, want: `${map("b", "1")}---\n${map("a", "1")}` },
	],
	[
		"the same with CRLF",
		{ old: map("a", "1"), now: windows(map("b", "1")), want: windows(`${map("b", "1")}---\n${map("a", "1")}`) },
	],
	[
		"a file that is gone, with all it said",
		{ old: `# ours\n---\n${map("a", "1")}`, now: undefined, want: `# ours\n---\n${map("a", "1")}` },
	],
	[
		"one document of a file that is gone",
		{ old: `${map("a", "1")}---\n${map("b", "1")}`, oldAt: 1, now: undefined, want: map("b", "1") },
	],
	[
		"beside a document that cannot be read",
		{
			old: map("a", "1"),
			now: `${map("a", "2")}---\n{{ broken\n`,
			nowAt: 0,
			want: `${map("a", "1")}---\n{{ broken\n`,
		},
	],
	[
		"a document that is refused as it stands",
		{
			old: map("a", "1"),
			now: `# ü\n---\n${map("a", "2").replace('{value: "2"}', "[]")}---\n${map("b", "1")}`,
			want: `# ü\n---\n${map("a", "1")}---\n${map("b", "1")}`,
		},
	],
	[
		"a JSON file",
		{
			old: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}',
			now: '{"apiVersion":"v1",\n"kind":"ConfigMap","metadata":{"name":"a"},"data":{}}\n',
			nowAt: 0,
			want: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n',
		},
	],
	[
		"one item of a List whose other items are the same",
		{ old: list("1", "1"), now: list("1", "1").replace('"1"', '"2"'), nowAt: 0, want: list("1", "1") },
	],
]

test.each(cases)("restoreDocument restores %s", (_, { old, oldAt = 0, now, nowAt, want }) => {
	const place =
		now === undefined
			? undefined
			: { path: "f.yaml", bytes: bytes(now), ...(nowAt === undefined ? {} : { document: nowAt }) }
	const restored = restoreDocument({ path: "f.yaml", bytes: bytes(old), document: oldAt }, place)
	expect(restored.kind === "restored" ? Buffer.from(restored.bytes).toString() : restored).toBe(want)
})

test("restoreDocument says so where nothing would change", () => {
	const then = { path: "f.yaml", bytes: bytes(map("a", "1")), document: 0 }
	expect(restoreDocument(then, then)).toEqual({ kind: "same" })
})

test.each([
	["another item of its List would change", list("1", "1"), list("2", "2"), 0, /shares its text with other objects/],
	[
		"the file is one JSON object, and another's",
		map("a", "1"),
		'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}',
		undefined,
		/f.json is JSON/,
	],
	["the file cannot be read, so that it may stand there", map("a", "1"), "a: [\n", undefined, /cannot be read/],
	["the document is not there", map("a", "1"), map("a", "2"), 3, /document 3 of f.yaml cannot be read/],
] as const)("restoreDocument refuses where %s", (_, old, now, document, message) => {
	const place = {
		path: now.startsWith("{") ? "f.json" : "f.yaml",
		bytes: bytes(now),
		...(document === undefined ? {} : { document }),
	}
	const restored = restoreDocument({ path: "f.yaml", bytes: bytes(old), document: 0 }, place)
	expect(restored).toEqual({ kind: "refused", message: expect.stringMatching(message) })
})

const [a, b, c] = [map("a", "1"), map("b", "1"), map("c", "1")]

test.each<[string, string, number, string | undefined]>([
	["the only one, and the file with it", `# mine\n${a}`, 0, undefined],
	["the first, with the separator after it", `${a}---\n${b}`, 0, b],
	["one in the middle", `${a}---\n${b}--- # c\n${c}`, 1, `${a}---\n${c}`],
	["the last, with the separator before it", `${a}---\n${b}`, 1, a],
	["the last without a newline at its end", cut(`${a}---\n${b}`), 1, a],
	["what is behind a separator at the top", `---\n${a}---\n${b}`, 0, `---\n${b}`],
	["one of a file with CRLF", windows(`${a}---\n${b}---\n${c}`), 1, windows(`${a}---\n${c}`)],
	["one of a file with a byte order mark", `\ufeff${a}---\n${b}`, 1, `\ufeff${a}`],
	["one behind letters of several bytes", `# äöü€\n${a}---\n${b}---\n${c}`, 1, `# äöü€\n${a}---\n${c}`],
])("removeDocument takes out %s", (_, text, document, want) => {
	const removed = removeDocument({ path: "f.yaml", bytes: bytes(text), document })
	expect(removed.kind).toBe("removed")
	const left = "bytes" in removed ? removed.bytes : undefined
	expect(left && new TextDecoder("utf-8", { ignoreBOM: true }).decode(left)).toBe(want)
})

test.each([
	["an item of a List", list("1", "2"), 0],
	[
		"an item of a JSON file",
		JSON.stringify({
			apiVersion: "v1",
			kind: "List",
			items: [1, 2].map((n) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: `m${n}` } })),
		}),
		0,
	],
	["a document that is not there", a, 4],
])("removeDocument refuses %s", (_, text, document) => {
	expect(removeDocument({ path: "f.yaml", bytes: bytes(text), document }).kind).toBe("refused")
})
