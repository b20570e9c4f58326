import { execFileSync } from "node:child_process"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { trailersOf } from "../../src/git/trailers.ts"

/** What git itself takes for the trailers of a message. */
function byGit(message: string): string[] {
	return execFileSync("git", ["interpret-trailers", "--parse", "--no-divider"], { input: message, encoding: "utf8" })
		.split("\n")
		.filter((line) => line !== "")
}

const ours = (message: string): string[] => trailersOf(message).map(({ name, value }) => `${name}: ${value}`)

describe("trailersOf reads what git reads", () => {
	it.each([
		["one trailer", "subject\n\nAllow-Disruption: yes\n"],
		["several, one continued", "subject\n\nbody\n\nA: 1\nB: 2\n  more\nA: 3"],
		["a subject alone is none", "Allow-Disruption: yes\n"],
		["a subject of two lines is none", "subject\nAllow-Disruption: yes\n"],
		["a paragraph with other text is none", "subject\n\nsee: this\nand that\n"],
		["with a line of git's own, a quarter is enough", "subject\n\nsome text\nother text\nSigned-off-by: A <a@b>\n"],
		["… and less is not", "subject\n\na\nb\nc\nd\ne\nf\nSigned-off-by: A <a@b>\n"],
		["cherry picks count as git's own", "subject\n\nA: 1\n(cherry picked from commit abc)\n"],
		["blank lines at the end", "subject\n\nA: 1\n\n\n"],
		["only the last paragraph", "subject\n\nA: 1\n\nB: 2\n"],
		["a space before the colon", "subject\n\nA : 1\n"],
		["an empty value", "subject\n\nA:\n"],
		["a comment inside", "subject\n\nA: 1\n# no\nB: 2\n"],
		["a continuation first is none", "subject\n\n  A: 1\nB: 2\n"],
		["a URL is a trailer to git too", "subject\n\nhttps://example.com\n"],
		["no message", ""],
	])("%s", (_title, message) => {
		expect(ours(message)).toEqual(byGit(message))
	})

	it("for any message of such lines", () => {
		const lines = [
			"",
			"",
			"text",
			"A: 1",
			"B-c: 2",
			" more",
			"Signed-off-by: x",
			"# note",
			"A b: c",
			"(cherry picked from commit 1)",
		]
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 9 }), (body) => {
				const message = `subject\n\n${body.join("\n")}\n`
				expect(ours(message)).toEqual(byGit(message))
			}),
			{ numRuns: 150 },
		)
	})
})
