import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it, onTestFinished } from "vitest"
import { parseAllDocuments } from "yaml"
import { readStory, storyTree } from "../../../src/cli/demo/story.ts"
import { checkFiles } from "../../../src/manifest/index.ts"

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url))
const stories = readdirSync(examples, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && entry.name !== "fleets")
	.map((entry) => entry.name)

function folder(files: { readonly [path: string]: string }): string {
	const root = mkdtempSync(join(tmpdir(), "rollcall-story-"))
	onTestFinished(() => rmSync(root, { recursive: true, force: true }))
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(join(root, path, ".."), { recursive: true })
		writeFileSync(join(root, path), text)
	}
	return root
}

describe("readStory", () => {
	it("reads commits in order, with author, message, files and what is deleted", () => {
		const root = folder({
			"01-base/commit.txt": "author: Ada M <ada@example.com>\n\nfleet: one node\n\nBody.\n",
			"01-base/fleet/a.yaml": "a: 1\n",
			"01-base/b.yaml": "b: 1\n",
			"02-change/commit.txt": "author: Jonas <jonas@example.com>\nafter: 10m\ndelete: b.yaml\n\nremove b\n",
			"README.md": "not a commit",
		})
		const commits = readStory(root)
		expect(commits).toEqual([
			{
				name: "01-base",
				author: { name: "Ada M", email: "ada@example.com" },
				afterMs: 0,
				message: "fleet: one node\n\nBody.\n",
				files: new Map([
					["b.yaml", "b: 1\n"],
					["fleet/a.yaml", "a: 1\n"],
				]),
			},
			{
				name: "02-change",
				author: { name: "Jonas", email: "jonas@example.com" },
				afterMs: 600_000,
				message: "remove b\n",
				files: new Map([["b.yaml", null]]),
			},
		])
		expect([...storyTree(commits).keys()]).toEqual(["fleet/a.yaml"])
		expect([...storyTree(commits, 1).keys()]).toEqual(["b.yaml", "fleet/a.yaml"])
	})

	it.each([
		["no numbered folder", { "README.md": "" }, /no folder named 01-/],
		["an unknown line", { "01-a/commit.txt": "authr: A <a@b>\n\nx\n" }, /"authr: A <a@b>" is neither/],
		["no message", { "01-a/commit.txt": "author: A <a@b>\n" }, /a message/],
		["no author", { "01-a/commit.txt": "after: 5m\n\nx\n" }, /needs "author/],
		["an odd duration", { "01-a/commit.txt": "author: A <a@b>\nafter: soon\n\nx\n" }, /after: 10m/],
	])("says what is wrong with a folder that has %s", (_, files, message) => {
		expect(() => readStory(folder(files))).toThrow(message)
	})
})

describe.each(stories)("examples/%s", (name) => {
	const commits = readStory(join(examples, name))

	it("has a README and says who made each commit and why", () => {
		expect(readdirSync(join(examples, name))).toContain("README.md")
		for (const commit of commits) expect(commit.message.split("\n")[0]?.length).toBeLessThanOrEqual(72)
	})

	it("has nothing to find fault with in any commit", () => {
		commits.forEach((_, index) => {
			const files = [...storyTree(commits, index + 1)].map(([path, text]) => ({ path, bytes: Buffer.from(text) }))
			const { findings, objects } = checkFiles(files, { secretKey: "test", strict: true })
			expect(findings).toEqual([])
			expect(objects).toBeGreaterThan(0)
		})
	})

	it("writes YAML that every reader agrees on, and each commit changes something", () => {
		commits.forEach((commit, index) => {
			const before = storyTree(commits, index)
			expect([...commit.files].some(([path, text]) => before.get(path) !== (text ?? undefined))).toBe(true)
			for (const [path, text] of commit.files) {
				if (text === null || !/\.ya?ml$/.test(path)) continue
				for (const document of parseAllDocuments(text, { uniqueKeys: true })) {
					expect([path, ...document.errors]).toEqual([path])
					expect(document.toJS()).toMatchObject({
						apiVersion: expect.any(String),
						metadata: { name: expect.any(String) },
					})
				}
			}
		})
	})
})
