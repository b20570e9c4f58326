import { expect, test } from "vitest"
import { splitDocuments } from "../../src/manifest/split.ts"

test.each([
	["one document", "a: 1\n", ["a: 1\n"]],
	["a leading separator", "---\na: 1\n", ["", "a: 1\n"]],
	["a trailing separator", "a: 1\n---\n", ["a: 1\n", ""]],
	["a separator without a last line break", "a: 1\n---", ["a: 1\n", ""]],
	["a separator with a comment", "a: 1\n--- # next\nb: 2\n", ["a: 1\n", "b: 2\n"]],
	["CRLF", "a: 1\r\n---\r\nb: 2\r\n", ["a: 1\r\n", "b: 2\r\n"]],
	["separators in a row", "---\n---\na: 1\n", ["", "", "a: 1\n"]],
	["a separator inside a block scalar, as Kubernetes does", "a: |\n---\nb: 2\n", ["a: |\n", "b: 2\n"]],
	["not at an end marker", "a: 1\n...\nb: 2\n", ["a: 1\n...\nb: 2\n"]],
	["not at an indented one", "a: |\n  ---\n  b\n", ["a: |\n  ---\n  b\n"]],
])("splitDocuments splits %s", (_, text, want) => {
	expect(splitDocuments(text).map(({ start, end }) => text.slice(start, end))).toEqual(want)
})

test("splitDocuments counts lines and names what may not follow a separator", () => {
	expect(splitDocuments("a: 1\n---\nb: 2\n--- c: 3\nd: 4\n")).toEqual([
		{ start: 0, end: 5, line: 1 },
		{ start: 9, end: 14, line: 3 },
		{ start: 23, end: 28, line: 5, badSeparator: "c: 3" },
	])
})
