import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { commitFiles, createRepository } from "../../src/git/index.ts"
import { TestRepository } from "../builders/git-repository.ts"
import { writeExecutable } from "../builders/hostile.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const author = { name: "Ada", email: "ada@example.com" }
const first = {
	files: new Map([
		["a/x.yaml", "x: 1\n"],
		["gone.yaml", "g"],
	]),
	message: "first",
	author,
	at: 1_700_000_000_000,
}

/** The repository with git itself, as a user has it. */
function userOf(dir: string): TestRepository {
	return new TestRepository({ dir })
}

it("the same commits have the same ids, wherever and by whomever they are made", async () => {
	const ids: string[][] = []
	for (const bare of [false, true]) {
		const dir = join(temporaryDirectory(), "demo")
		if (bare) new TestRepository({ dir, bare })
		else await createRepository(dir)
		const one = await commitFiles(dir, "main", first)
		const files = new Map([
			["gone.yaml", null],
			["b.json", "{}"],
		])
		ids.push([one, await commitFiles(dir, "main", { ...first, files, message: "second\n\nAllow-Disruption: yes" })])
	}
	expect(ids[0]).toEqual(ids[1])
})

it("the work tree follows, so that a user commits there as in any repository", async () => {
	const dir = join(temporaryDirectory(), "demo")
	await createRepository(dir)
	const one = await commitFiles(dir, "main", first)
	const two = await commitFiles(dir, "main", {
		...first,
		files: new Map([
			["gone.yaml", null],
			["a/x.yaml", "x: 2\n"],
		]),
	})
	const user = userOf(dir)
	expect(readFileSync(join(dir, "a/x.yaml"), "utf8")).toBe("x: 2\n")
	expect(existsSync(join(dir, "gone.yaml"))).toBe(false)
	expect(user.git("-C", dir, "--work-tree", dir, "status", "--porcelain")).toBe("")
	expect(user.git("log", "--format=%H %an %ae %at", "main")).toBe(
		`${two} Ada ada@example.com 1700000000\n${one} Ada ada@example.com 1700000000`,
	)
})

it("what a user changed by hand is kept, or the commit is refused and nothing moves", async () => {
	const dir = join(temporaryDirectory(), "demo")
	await createRepository(dir)
	const one = await commitFiles(dir, "main", first)
	writeFileSync(join(dir, "a/x.yaml"), "by hand\n")
	await commitFiles(dir, "main", { ...first, files: new Map([["other.yaml", "o"]]) })
	expect(readFileSync(join(dir, "a/x.yaml"), "utf8")).toBe("by hand\n")
	const before = userOf(dir).tip()
	expect(before).not.toBe(one)
	await expect(commitFiles(dir, "main", { ...first, files: new Map([["a/x.yaml", "over\n"]]) })).rejects.toMatchObject({
		code: "refused",
		next: expect.stringContaining("try again"),
	})
	expect(userOf(dir).tip()).toBe(before)
	expect(readFileSync(join(dir, "a/x.yaml"), "utf8")).toBe("by hand\n")
})

it("a branch that is not checked out moves alone, and one that moved meanwhile is not overwritten", async () => {
	const dir = join(temporaryDirectory(), "demo")
	await createRepository(dir)
	await commitFiles(dir, "main", first)
	await commitFiles(dir, "side", { ...first, files: new Map([["side.yaml", "s"]]) })
	expect(existsSync(join(dir, "side.yaml"))).toBe(false)
	const many = Array.from({ length: 6 }, (_, at) =>
		commitFiles(dir, "side", { ...first, files: new Map([[`f${at}.yaml`, `${at}`]]), message: `${at}` }).then(
			() => 1,
			() => 0,
		),
	)
	const made = (await Promise.all(many)).reduce((sum: number, one) => sum + one, 0)
	expect(userOf(dir).git("rev-list", "--count", "side")).toBe(`${made + 1}`)
	expect(made).toBeGreaterThan(0)
})

it.each(["../out.yaml", ".git/config", "a/../../x", "/abs", "a/.git/hooks/x"])("a path %j is refused", async (path) => {
	const dir = join(temporaryDirectory(), "demo")
	await createRepository(dir)
	const before = await commitFiles(dir, "main", first)
	await expect(commitFiles(dir, "main", { ...first, files: new Map([[path, "evil"]]) })).rejects.toMatchObject({
		code: "refused",
	})
	expect(userOf(dir).tip()).toBe(before)
})

it("a repository that is there already stays as it is", async () => {
	const dir = join(temporaryDirectory(), "demo")
	await createRepository(dir)
	const one = await commitFiles(dir, "main", first)
	writeExecutable(join(dir, ".git", "hooks", "post-commit"), "#!/bin/sh\n")
	await createRepository(dir, "other")
	expect(userOf(dir).git("symbolic-ref", "HEAD")).toBe("refs/heads/main")
	expect(userOf(dir).tip()).toBe(one)
})
