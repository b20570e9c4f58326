import { beforeEach, describe, expect, test, vi } from "vitest"
import type { RunRequest } from "../../src/cli/compose/index.ts"
import type { LedgerEntry } from "../../src/history/index.ts"
import { type KubeObject, keyOf, pauseOf } from "../../src/kube/index.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { repository } from "../builders/repository.ts"
import { rollcallOn, rowsOf } from "../builders/rollcall.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const AGENT = keyOf(daemonSet({}))
const MINUTE = 60_000

function failing(kind: string, image: string, more: object = {}): KubeObject {
	return {
		apiVersion: "simulation.rollcall.dev/v1alpha1",
		kind: "PodBehavior",
		metadata: { name: kind.toLowerCase() },
		spec: { match: { image: `*/agent:${image}` }, failures: [{ kind, ...more }] },
	} as KubeObject
}

const NODES = {
	"nodes.yaml": [nodePool("workers", 6)],
	"behaviors.yaml": [failing("CrashLoop", "crash", { after: "1s" }), failing("NeverReady", "late")],
}

function agent(tag: string, annotations: Record<string, string>): { "agent.yaml": KubeObject[] } {
	return { "agent.yaml": [daemonSet({ image: `registry.example/agent:${tag}`, annotations })] }
}

/** Version 1 runs everywhere; the next commit brings `tag`. */
async function story(tag: string, annotations: Record<string, string>, request: Partial<RunRequest> = {}) {
	const repo = repository()
	const rollcall = rollcallOn(repo, request)
	repo.commit("agent 1", { ...NODES, ...agent("1", annotations) })
	await rollcall.once()
	repo.commit(`agent ${tag}`, agent(tag, annotations))
	await rollcall.once()
	const decided = () =>
		rowsOf(rollcall.entries, "decision").map(({ decision, rule, who, message }) => ({ decision, rule, who, message }))
	const live = async () => {
		const opened = await rollcall.open()
		const object = opened.engine.recorded?.cluster.read(AGENT)
		await opened.close()
		return object
	}
	return { repo, rollcall, decided, live }
}

describe("a rollout that fails", () => {
	test("is paused where more pods fail by the new version than the threshold allows", async () => {
		const { decided, live } = await story("crash", { "rollcall.dev/failure-threshold": "1" })
		const reason = "rollout 2 failed: the new version fails on 1 node (failure-threshold 1)"
		expect(decided()).toEqual([
			{
				decision: "pause",
				rule: "failure-threshold",
				who: "rollcall",
				message: `pause of kube-system/agent by rollcall: ${reason}`,
			},
		])
		expect(pauseOf(await live())).toMatchObject({ by: "rollcall", reason })
	})

	test("is paused at the very moment at which the deadline ends, whatever happens then", async () => {
		const { rollcall, decided } = await story("late", { "rollcall.dev/progress-deadline": "10m" })
		const [started] = rowsOf(rollcall.entries, "rollout-started").slice(-1)
		const [paused] = rowsOf(rollcall.entries, "decision")
		expect(decided()).toMatchObject([{ decision: "pause", rule: "progress-deadline" }])
		expect((paused?.at ?? 0) - (started?.at ?? 0)).toBe(10 * MINUTE)
	})

	test("does not block the next commit, which goes on by itself", async () => {
		const { repo, rollcall, decided, live } = await story("crash", { "rollcall.dev/failure-threshold": "1" })
		repo.commit("agent 2", agent("2", { "rollcall.dev/failure-threshold": "1" }))
		await rollcall.once()
		expect(decided()).toMatchObject([
			{ decision: "pause" },
			{ decision: "resume", rule: "next-rollout", who: "rollcall" },
		])
		expect(pauseOf(await live())).toBeUndefined()
		expect(rowsOf(rollcall.entries, "rollout-ended").at(-1)).toMatchObject({ rollout: 3, verdict: "complete" })
	})

	test.each([
		["without a deadline or a threshold", { "rollcall.dev/on-failure": "pause" }],
		["with on-failure: none", { "rollcall.dev/on-failure": "none", "rollcall.dev/failure-threshold": "1" }],
		["below its threshold", { "rollcall.dev/failure-threshold": "50%" }],
	])("is left alone %s", async (_, annotations) => {
		expect((await story("crash", annotations)).decided()).toEqual([])
	})

	test("holds where it is told to roll back and may not write, and says what to do", async () => {
		const { rollcall, decided } = await story("crash", {
			"rollcall.dev/failure-threshold": "1",
			"rollcall.dev/on-failure": "rollback",
		})
		expect(decided().map(({ decision }) => decision)).toEqual(["pause", "rollback"])
		expect(decided()[1]?.message).toBe(
			"rollback of rollout 2 of kube-system/agent refused: nothing is written to git without --allow-write; start it with that, or take it back with rollcall rollout undo ds/agent; until then it stays paused",
		)
		// Every start says it again.
		await rollcall.once()
		expect(decided().map(({ decision }) => decision)).toEqual(["pause", "rollback", "rollback"])
	})
})

describe("on-failure: rollback, with --allow-write", () => {
	const ROLLBACK = { "rollcall.dev/failure-threshold": "1", "rollcall.dev/on-failure": "rollback" }
	const EVERYTHING_CRASHES = { "behaviors.yaml": [failing("CrashLoop", "*", { after: "1s" })] }

	beforeEach(() => {
		for (const role of ["AUTHOR", "COMMITTER"]) {
			vi.stubEnv(`GIT_${role}_NAME`, "Grace")
			vi.stubEnv(`GIT_${role}_EMAIL`, "grace@example.org")
		}
		return () => vi.unstubAllEnvs()
	})

	test("goes back through git, and on by itself", async () => {
		const { repo, rollcall, decided, live } = await story("crash", ROLLBACK, { allowWrite: true })
		const tip = repo.git("rev-parse", "HEAD")
		expect(repo.git("log", "-1", "--format=%s")).toBe("kube-system/agent: roll back to revision 1, agent crash → 1")
		expect(decided()).toMatchObject([
			{ decision: "pause", rule: "failure-threshold" },
			{ decision: "rollback", message: `rollback of rollout 2 of kube-system/agent: written as ${tip.slice(0, 8)}` },
			{ decision: "resume", rule: "next-rollout" },
		])
		expect(rowsOf(rollcall.entries, "rollout-ended").at(-1)).toMatchObject({ rollout: 3, verdict: "complete" })
		expect(pauseOf(await live())).toBeUndefined()
		await rollcall.once()
		expect([decided().length, repo.git("rev-parse", "HEAD")]).toEqual([3, tip])
	})

	test("does not roll back a rollback that fails", async () => {
		const repo = repository()
		const rollcall = rollcallOn(repo, { allowWrite: true })
		repo.commit("agent 1", { ...NODES, ...agent("1", ROLLBACK) })
		await rollcall.once()
		repo.commit("agent 2, and all of them crash", { ...agent("2", ROLLBACK), ...EVERYTHING_CRASHES })
		await rollcall.once()
		const tip = repo.git("rev-parse", "HEAD")
		const messages = rowsOf(rollcall.entries, "decision").map(({ decision, message }) => `${decision}: ${message}`)
		expect(messages).toHaveLength(5)
		expect(messages.at(-1)).toMatch(/^rollback: no rollback of rollout 3 .*: it was a rollback itself; it stays paused/)
		await rollcall.once()
		expect(repo.git("rev-parse", "HEAD")).toBe(tip)
	})

	test("is written when Rollcall may write, though it was decided when it might not", async () => {
		const { repo, rollcall } = await story("crash", ROLLBACK)
		expect(repo.git("log", "-1", "--format=%s")).toBe("agent crash")
		await rollcallOn(repo, { state: rollcall.state, allowWrite: true }).once()
		expect(repo.git("log", "-1", "--format=%s")).toMatch(/^kube-system\/agent: roll back/)
	})

	test("gets one id from all who follow the branch", async () => {
		const repo = repository()
		const clones = [repository(), repository()]
		repo.commit("agent 1", { ...NODES, ...agent("1", ROLLBACK) })
		const states = clones.map(() => temporaryDirectory())
		const follow = async (): Promise<void> => {
			for (const [index, clone] of clones.entries()) {
				clone.git("fetch", "-q", repo.path, "main")
				clone.git("reset", "-q", "--hard", "FETCH_HEAD")
				await rollcallOn(clone, { state: states[index] ?? "", allowWrite: true }).once()
			}
		}
		await follow()
		repo.commit("agent crash", agent("crash", ROLLBACK))
		await follow()
		const [one, other] = clones.map((clone) => /^Rollcall-Id: .*$/m.exec(clone.git("log", "-1", "--format=%B"))?.[0])
		expect(one).toBeDefined()
		expect(one).toBe(other)
	})
})

test("what was decided is replayed, not decided again", async () => {
	const { rollcall, decided } = await story("crash", { "rollcall.dev/failure-threshold": "1" })
	const opened = await rollcall.open()
	const digest = opened.engine.recorded?.cluster.digest()
	await opened.close()
	await rollcall.once()
	expect(decided()).toHaveLength(1)
	const again = await rollcall.open()
	expect(again.engine.recorded?.cluster.digest()).toBe(digest)
	await again.close()
})

test("a decision falls at the same instant at any pace, though nothing else happens then", async () => {
	const repo = repository()
	repo.commit("agent late", { ...NODES, ...agent("late", { "rollcall.dev/progress-deadline": "10m" }) })
	const decisionsOf = (entries: readonly LedgerEntry[]) =>
		rowsOf(entries, "decision").map(({ at, message }) => [at, message])
	const fast = rollcallOn(repo)
	await fast.once()
	const paced = rollcallOn(repo, { speed: 3_000 })
	const { engine, close } = await paced.open()
	const stop = new AbortController()
	const following = engine.follow(stop.signal)
	await expect.poll(() => decisionsOf(paced.entries), { timeout: 20_000 }).toEqual(decisionsOf(fast.entries))
	stop.abort()
	await following
	await close()
	expect(decisionsOf(fast.entries)).toHaveLength(1)
})
