import { describe, expect, test } from "vitest"
import { type KubeObject, keyOf, pauseOf } from "../../src/kube/index.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { repository } from "../builders/repository.ts"
import { rollcallOn, rowsOf } from "../builders/rollcall.ts"

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
async function story(tag: string, annotations: Record<string, string>) {
	const repo = repository()
	const rollcall = rollcallOn(repo)
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
		const reason = "rollout 2 failed: the new version fails on 1 node, and 1 is too many"
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
		const { decided } = await story("crash", {
			"rollcall.dev/failure-threshold": "1",
			"rollcall.dev/on-failure": "rollback",
		})
		expect(decided()).toMatchObject([{ decision: "pause", rule: "failure-threshold" }])
		expect(decided()[0]?.message).toMatch(/without --allow-write .*: rollcall rollout undo ds\/agent takes it back$/)
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
