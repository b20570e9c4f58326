import { expect, it, onTestFinished, vi } from "vitest"
import type { Source } from "../../src/engine/index.ts"
import { openSource } from "../../src/git/index.ts"
import { TestRepository } from "../builders/git-repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

/** The slow poll is put out of reach: what is noticed here is noticed by itself. */
async function watched(
	repository: string,
	branch: string,
): Promise<{ readonly tips: string[]; readonly source: Source }> {
	const source = await openSource({ repository, branch, stateDir: "/nonexistent", safetyMs: 3_600_000 })
	const tips: string[] = []
	const abort = new AbortController()
	const watching = source.watch(async () => {
		const state = await source.poll()
		const tip = state.kind === "ready" ? state.tip : state.kind
		if (tips.at(-1) !== tip) tips.push(tip)
	}, abort.signal)
	onTestFinished(async () => {
		abort.abort()
		await watching
		await source.close()
	})
	await vi.waitUntil(() => tips.length > 0)
	return { tips, source }
}

async function follows(upstream: TestRepository, repository: string, branch: string): Promise<void> {
	const root = upstream.commit({ message: "root" })
	const ids = Array.from({ length: 12 }, (_, at) => upstream.commit({ message: `${at}`, parents: [root] }))
	upstream.move(root, branch)
	const { tips } = await watched(repository, branch)
	for (const [at, id] of ids.entries()) {
		upstream.move(id, branch)
		await vi.waitUntil(() => tips.at(-1) === id, { timeout: 5000, interval: 2 })
		if (at % 3 === 0) upstream.git("pack-refs", "--all", "--prune")
	}
	upstream.git("update-ref", "-d", `refs/heads/${branch}`)
	await vi.waitUntil(() => tips.at(-1) !== ids.at(-1), { timeout: 5000, interval: 2 })
	upstream.move(root, branch)
	await vi.waitUntil(() => tips.at(-1) === root, { timeout: 5000, interval: 2 })
	expect(tips.filter((tip) => ids.includes(tip))).toEqual(ids)
}

it("every update of a branch is noticed by itself, packed or not, deleted and made again", async () => {
	const upstream = new TestRepository()
	await follows(upstream, upstream.dir, "main")
})

it("so is a branch in folders that come and go", async () => {
	const upstream = new TestRepository({ bare: true })
	await follows(upstream, upstream.dir, "team/a/prod")
})

it("so is one seen from a worktree, whose refs lie elsewhere", async () => {
	const upstream = new TestRepository()
	const tree = `${temporaryDirectory()}/tree`
	upstream.git("worktree", "add", "--quiet", "--detach", tree, upstream.commit({}))
	await follows(upstream, tree, "main")
})

it("a commit made as a user makes it is noticed", async () => {
	const upstream = new TestRepository()
	upstream.push({ message: "first" })
	const { tips } = await watched(upstream.dir, "main")
	upstream.git("-C", upstream.dir, "-c", "core.worktree=.", "commit", "--quiet", "--allow-empty", "-m", "by hand")
	await vi.waitUntil(() => tips.at(-1) === upstream.tip(), { timeout: 5000, interval: 2 })
	expect(tips).toHaveLength(2)
})

it("no handle is left when it ends", async () => {
	const upstream = new TestRepository()
	upstream.push({})
	await vi.waitUntil(() => handles() === 0)
	const source = await openSource({ repository: upstream.dir, stateDir: "/nonexistent" })
	const abort = new AbortController()
	let calls = 0
	const watching = source.watch(() => {
		calls++
	}, abort.signal)
	await vi.waitUntil(() => calls > 0 && handles() > 0)
	abort.abort()
	await watching
	await source.close()
	await vi.waitUntil(() => handles() === 0)
	const after = calls
	upstream.push({})
	await source.poll()
	expect(calls).toBe(after)
})

function handles(): number {
	return process.getActiveResourcesInfo().filter((name) => /fsevent/i.test(name)).length
}
