import { describe, expect, onTestFinished, test } from "vitest"
import { openSource } from "../../src/git/index.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

async function named(): Promise<{ repo: Repository; ids: readonly string[]; resolve: (name: string) => unknown }> {
	const repo = repository()
	const ids = ["one", "two", "three"].map((word) => repo.commit(word, { "a.txt": word }))
	repo.git("tag", "-a", "v2", "-m", "the second", ids[1] ?? "")
	repo.git("checkout", "--quiet", "-b", "topic", ids[0] ?? "")
	ids.push(repo.commit("aside", { "b.txt": "b" }))
	const source = await openSource({ repository: repo.path, branch: "main", stateDir: temporaryDirectory() })
	onTestFinished(() => source.close())
	return { repo, ids, resolve: (name) => source.resolve(name) }
}

describe("a commit", () => {
	test.each([
		["HEAD", 3],
		["@", 3],
		["main", 2],
		["HEAD~1", 0],
		["@^", 0],
		["main~2", 0],
		["main^{/two}", 1],
		["@{0}", 3],
		["@{1}", 0],
		["main@{2}", 0],
		["v2", 1],
		["v2^{commit}", 1],
		["v2~1", 0],
		["topic", 3],
		["topic~1", 0],
		["@{-1}", 2],
		["refs/heads/topic", 3],
	])("is named %s as by git", async (name, place) => {
		const { ids, resolve } = await named()
		expect(await resolve(name)).toBe(ids[place])
	})

	test("is named by its id, or the beginning of that", async () => {
		const { ids, resolve } = await named()
		for (const length of [40, 8]) expect(await resolve(`${ids[1]}`.slice(0, length))).toBe(ids[1])
		expect(await resolve(`${ids[1]}~1`)).toBe(ids[0])
	})

	test("of a URL is named from the branch that is followed, its HEAD", async () => {
		const { repo, ids } = await named()
		const options = { repository: `file://${repo.path}`, branch: "main", allowLocal: true }
		const source = await openSource({ ...options, stateDir: temporaryDirectory() })
		onTestFinished(() => source.close())
		for (const [name, place] of [
			["main", 2],
			["HEAD", 2],
			["HEAD~1", 1],
			["main~2", 0],
			[`${ids[2]}^`, 1],
		] as const) {
			expect([name, await source.resolve(name)]).toEqual([name, ids[place]])
		}
		expect(await source.resolve("v2")).toBeUndefined()
	})

	test.each([
		"",
		"nosuch",
		"HEAD~9",
		"HEAD@{yesterday",
		"--all",
		"-n1",
		":a.txt",
		"HEAD:a.txt",
		":/one",
		"main..topic",
		"ma\nin",
		"main\0",
		"x".repeat(5_000),
		"v2^{tree}",
		"*",
		"$(touch /tmp/no)",
	])("is not named %j", async (name) => {
		const { resolve } = await named()
		expect(await resolve(name)).toBeUndefined()
	})
})
