import { describe, expect, it } from "vitest"
import { parseCommit } from "../../src/git/commit-text.ts"
import { TestRepository } from "../builders/git-repository.ts"

const ID = "1".repeat(40)
const TREE = "2".repeat(40)

describe("parseCommit", () => {
	it("reads names in the encoding that the commit states", () => {
		const head = `tree ${TREE}\nauthor Zo\xeb <z@x> 1 +0000\ncommitter Zo\xeb <z@x> 2 -0330\nencoding ISO-8859-1\n\nZo\xeb was here\n`
		expect(parseCommit(ID, Buffer.from(head, "latin1"))).toMatchObject({
			author: { name: "Zoë", email: "z@x" },
			authoredAt: 1000,
			committedAt: 2000,
			subject: "Zoë was here",
		})
	})

	it("is not misled by what a signature or a merged tag holds", () => {
		const text = [
			`tree ${TREE}`,
			`parent ${"3".repeat(40)}`,
			"author A <a@b> 1 +0000",
			"committer B <b@b> 2 +0000",
			"gpgsig -----BEGIN PGP SIGNATURE-----",
			` parent ${"4".repeat(40)}`,
			" author Mallory <m@m> 9 +0000",
			" -----END PGP SIGNATURE-----",
			"",
			"signed",
		]
		expect(parseCommit(ID, Buffer.from(text.join("\n")))).toMatchObject({
			parents: ["3".repeat(40)],
			author: { name: "A", email: "a@b" },
			subject: "signed",
		})
	})

	it.each([
		["no message", `tree ${TREE}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n`],
		["no headers but a tree", `tree ${TREE}\n`],
		["nothing", ""],
		["an unknown encoding", `tree ${TREE}\nencoding x-klingon\n\n`],
		["an author without an address", `tree ${TREE}\nauthor nobody\n\n`],
	])("makes empty text of %s", (_title, text) => {
		expect(parseCommit(ID, Buffer.from(text))).toMatchObject({ commit: ID, subject: "", trailers: [] })
	})

	it.each(["one\n", "\n\n one  \ntwo\n\nbody", "one\n   \nbody", "", "  \n", "one\ttab\nsecond line\nthird"])(
		"finds the subject that git shows in %j",
		(message) => {
			const repository = new TestRepository()
			const text = `tree ${repository.git("write-tree")}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n${message}`
			const id = repository.object("commit", text)
			expect(parseCommit(id, Buffer.from(text)).subject).toBe(repository.git("log", "-1", "--format=%s", id))
		},
	)
})
