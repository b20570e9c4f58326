import { describe, expect, test } from "vitest"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { chainOf, exportOf, program, type Started, started } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const agent = (version: number) => ({ "agent.yaml": [daemonSet({ image: `registry.example/agent:${version}` })] })

function fleet(nodes = 12): Repository {
	const repo = repository()
	repo.commit("agent 1", { ...agent(1), "nodes.yaml": [nodePool("workers", nodes)] })
	return repo
}

const follow = (repo: Repository, state: string, speed = "max"): Started =>
	started(["run", repo.path, "--state", state, "--speed", speed])

async function interrupted(run: Started): Promise<void> {
	run.process.kill("SIGINT")
	const { code, err } = await run.ended
	expect([code, err]).toEqual([130, ""])
}

describe("rollcall run", () => {
	test("sees a commit, rolls it out, ends cleanly on Ctrl-C, and goes on at the next start", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		const run = follow(repo, state)
		await run.prints(/rollout 1 complete .* 12 of 12 nodes available/)
		const second = repo.commit("agent 2", agent(2))
		await run.prints(new RegExp(`applied ${second.slice(0, 8)} agent 2 — Ada`))
		await run.prints(/rollout 2 complete/)
		await interrupted(run)
		expect(chainOf(state).sound).toBe(true)

		repo.commit("agent 3", agent(3))
		repo.commit("agent 4", agent(4))
		const again = follow(repo, state)
		await again.prints(/superseded [0-9a-f]{8} agent 3 — Ada/)
		await again.prints(/rollout 3 complete/)
		await interrupted(again)
		expect(again.out()).not.toContain("rollout 1 ")
		const { out } = await program(["history", "--state", state, "-o", "name"])
		expect(out).toBe("rollout/3\nrollout/2\nrollout/1\n")
	})

	test("tells one fact a line as JSON where nobody looks on, each with cluster time", async () => {
		const repo = fleet()
		const run = follow(repo, temporaryDirectory())
		await run.prints(/rollout 1 complete/)
		await interrupted(run)
		const lines = run
			.out()
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as { event: string; at: string; msg: string })
			.filter(({ event }) => event !== "api-listening")
		expect(lines.map(({ event }) => event)).toEqual([
			"commit-applied",
			"rollout-started",
			"node-ready",
			"rollout-ended",
		])
		for (const { at } of lines) expect(at).toMatch(/^2026-01-01T00:0\d:\d\dZ$/)
	})

	test("says what is wrong with an empty repository, and starts with its first commit", async () => {
		const repo = repository()
		const run = follow(repo, temporaryDirectory())
		await run.prints(/"event":"source-state-empty".*commit/)
		repo.commit("agent 1", { ...agent(1), "nodes.yaml": [nodePool("workers", 3)] })
		await run.prints(/rollout 1 complete/)
		await interrupted(run)
	})

	test("can be read while it runs, and afterwards says the same", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		const run = follow(repo, state)
		await run.prints(/rollout 1 complete/)
		const read = () =>
			Promise.all(
				[["history"], ["history", "--commits"], ["show", "1"], ["get", "ds", "-A"], ["trace", "node/workers-3"]].map(
					(words) => program([...words, "--state", state, "-o", "json"]),
				),
			)
		const meanwhile = await read()
		await interrupted(run)
		expect(meanwhile.map(({ code, err }) => [code, err])).toEqual(meanwhile.map(() => [0, ""]))
		expect((await read()).map(({ out }) => out)).toEqual(meanwhile.map(({ out }) => out))
	})
})

/** Kills it at moments that are spread over its start, its reading and its rollouts; says how much was recorded at last. */
async function throughKills(words: readonly string[], state: string): Promise<number> {
	let known: readonly string[] = []
	for (const moment of MOMENTS) {
		const run = started(words)
		const timer = setTimeout(() => run.process.kill("SIGKILL"), moment)
		await run.ended
		clearTimeout(timer)
		const { sound, hashes } = recorded(state)
		expect(sound).toBe(true)
		// Nothing recorded is lost, and nothing is rewritten.
		expect(hashes.slice(0, known.length)).toEqual(known)
		known = hashes
	}
	return known.length
}

const MOMENTS = [120, 220, 300, 350, 400, 500, 700, 1200]

const NOT_YET = new Set(["Missing", "NotRollcall", "OlderVersion"])

function recorded(state: string): ReturnType<typeof chainOf> {
	try {
		return chainOf(state)
	} catch (problem) {
		// Killed before there was a ledger.
		if (!NOT_YET.has((problem as { code?: string }).code ?? "")) throw problem
		return { sound: true, hashes: [] }
	}
}

/*
 * What can be compared: a killed run has the inputs of an unkilled one at equal cluster times where these do not
 * depend on real time. That holds for one commit, which comes when cluster time begins, whatever the speed; and for
 * replay, where commits come at their own times or when the one before is rolled out.
 */
describe("kill -9", () => {
	test("during a rollout at speed 50: the next start goes on, and it ends as if nothing had been", async () => {
		const repo = fleet(60)
		const [killed, whole] = [temporaryDirectory(), temporaryDirectory()]
		const entries = await throughKills(["run", repo.path, "--state", killed, "--speed", "50"], killed)
		expect(entries).toBeGreaterThan(0)
		const once = (state: string) =>
			program(["run", repo.path, "--state", state, "--once", "--digest", "--log-level", "error"])
		const [after, through] = [await once(killed), await once(whole)]
		expect([after.code, after.out]).toEqual([through.code, through.out])
		expect(exportOf(killed)).toBe(exportOf(whole))
	})

	test.each([[[]], [["--settle"]]])(
		"during a replay %j: it goes on to the same history, byte for byte",
		async (flags) => {
			const repo = fleet(200)
			for (let version = 2; version <= 12; version++) repo.commit(`agent ${version}`, agent(version))
			const [killed, whole] = [temporaryDirectory(), temporaryDirectory()]
			const words = (state: string) => ["replay", repo.path, "--state", state, ...flags]
			const entries = await throughKills(words(killed), killed)
			expect(entries).toBeGreaterThan(0)
			const [after, through] = [await program(words(killed)), await program(words(whole))]
			expect([after.code, through.code]).toEqual([0, 0])
			expect(exportOf(killed)).toBe(exportOf(whole))
		},
	)
})
