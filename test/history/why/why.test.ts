import { expect, test } from "vitest"
import { type Cluster, createCluster, type Write } from "../../../src/cluster/index.ts"
import { createHistory, fold, type History, type Why, whyOf } from "../../../src/history/index.ts"
import { isMoreThanChance } from "../../../src/history/node-deaths.ts"
import type { KubeObject } from "../../../src/kube/index.ts"
import { keyOf } from "../../../src/kube/index.ts"
import { behavior, daemonSet, FLUENTD, nodeKey, pool, START } from "../../builders/cluster.ts"

const SECOND = 1_000
const MINUTE = 60_000

/** A cluster whose facts are folded as they come. */
class Story {
	readonly cluster: Cluster = createCluster({ seed: "why", start: START, controlPlaneQps: 0 })
	readonly history: History = createHistory()
	readonly #facts = this.cluster.readFacts(0)

	constructor(...objects: KubeObject[]) {
		this.write(...objects.map(applied))
	}

	write(...writes: Write[]): this {
		for (const verdict of this.cluster.input({ source: { kind: "client", client: "test" }, writes }))
			expect(verdict).toMatchObject({ accepted: true })
		return this.run(0)
	}

	run(forMs: number): this {
		const end = this.cluster.now() + forMs
		this.#fold()
		for (let next = this.cluster.nextAt(); next !== undefined && next <= end; next = this.cluster.nextAt()) {
			this.cluster.advance(next)
			this.#fold()
		}
		this.cluster.advance(end)
		return this
	}

	why(daemonSet = FLUENTD): Why {
		const why = whyOf(this.cluster, this.history, daemonSet)
		if (why === undefined) throw new Error("there is a DaemonSet")
		return why
	}

	#fold(): void {
		fold(this.history, this.#facts, this.cluster)
	}
}

function applied(object: KubeObject): Write {
	return { verb: "apply", key: keyOf(object), manager: "rollcall", object }
}

function down(node: string): Write {
	return { verb: "fault", fault: { kind: "node-down", node } }
}

function tainted(node: string, effect: string): Write {
	const taints = [{ key: "dedicated", value: "db", effect }]
	return applied({
		apiVersion: "v1",
		kind: "Node",
		metadata: { name: node },
		spec: { taints },
	} as unknown as KubeObject)
}

function fluentd(image: string, over: Parameters<typeof daemonSet>[0] = {}): Write {
	return applied(daemonSet({ image, ...over }))
}

/** Three nodes that run version 1. */
function running(over: Parameters<typeof daemonSet>[0] = {}, ...others: KubeObject[]): Story {
	return new Story(pool({ replicas: 3 }), behavior(), ...others, daemonSet({ image: "fluentd:v1", ...over })).run(
		MINUTE,
	)
}

function failing(kind: string, over: object = {}): KubeObject {
	return behavior({ priority: 1, match: { image: "*bad*" }, failures: [{ kind, ...over }] }, "failing")
}

const V2 = fluentd("fluentd:v2")
const BAD = fluentd("fluentd:bad")
const ROLLBACK = { "rollcall.dev/failure-threshold": "3", "rollcall.dev/on-failure": "rollback" }
const UNDO = "take it back with rollcall rollout undo ds/fluentd"

type Case = {
	readonly name: string
	readonly given: () => Story
	readonly state: Why["state"]
	readonly sentence: string
	readonly failing?: number
}

const cases: readonly Case[] = [
	{
		name: "all is well",
		given: () => running(),
		state: "done",
		sentence: "done: 3 of 3 nodes updated and available",
	},
	{
		name: "[P2] nodes that it does not want are left out",
		given: () => running({ pod: { nodeSelector: { disk: "ssd" } } }),
		state: "done",
		sentence: "done: 0 of 0 nodes updated and available, 3 left out (3 by its selector)",
	},
	{
		name: "[W2, N1] a dead node uses the whole budget, and that is not the version's fault",
		given: () =>
			running()
				.write(down("pool-1"))
				.run(2 * MINUTE)
				.write(V2)
				.run(4 * MINUTE),
		state: "waiting",
		sentence:
			"waiting: 1 of 1 unavailable is used by pool-1 (NotReady for 5m10s); DaemonSet pods are not evicted from dead nodes: it goes on when pool-1 returns or is deleted",
	},
	{
		name: "[W6] the old pod stops",
		given: () => running().write(V2).run(500),
		state: "going-on",
		sentence:
			"going on: 1 of 1 unavailable is used by pool-0 (terminating for 497ms); gone by 00:01:30Z at the latest, unless a finalizer keeps it",
	},
	{
		name: "[W7] the new version asks for more than the node has",
		given: () =>
			running()
				.write(fluentd("fluentd:v2", { container: { resources: { requests: { cpu: "5", memory: "100Gi" } } } }))
				.run(MINUTE),
		state: "waiting",
		sentence:
			"waiting: 1 of 1 unavailable is used by pool-0 (1 of cpu is missing; 84Gi of memory is missing); preemption cannot help: the node never has so much; it goes on when pool-0 has room",
	},
	{
		name: "[W7] another DaemonSet of equal priority holds the room",
		given: () =>
			running({}, daemonSet({ name: "greedy", container: { resources: { requests: { cpu: "3500m" } } } }))
				.write(fluentd("fluentd:v2", { container: { resources: { requests: { cpu: "700m" } } } }))
				.run(MINUTE),
		state: "waiting",
		sentence:
			"waiting: 1 of 1 unavailable is used by pool-0 (200m of cpu is missing; most of it is held by kube-system/greedy-X (3500m)); preemption cannot help: nobody there has a lower priority; it goes on when pool-0 has room",
	},
	{
		name: "[W1] the node is gone, and its pod not yet",
		given: () =>
			running()
				.write({ verb: "delete", key: nodeKey("pool-1") })
				.run(5 * SECOND),
		state: "done",
		sentence: "done: 2 of 2 nodes updated and available",
	},
	{
		name: "[W4] a taint that is not tolerated drives the pod away",
		given: () => running().write(tainted("pool-1", "NoExecute")).run(500),
		state: "done",
		sentence: "done: 2 of 2 nodes updated and available, 1 left out (1 dedicated=db:NoExecute)",
	},
	{
		name: "[W4, N10] a taint that is not tolerated keeps the next pod away",
		given: () => running().write(tainted("pool-0", "NoSchedule")).write(V2).run(500),
		state: "going-on",
		sentence:
			"going on: 1 of 1 unavailable is used by pool-0 (leaves the taint dedicated=db:NoSchedule); no other comes to pool-0 while the taint is there",
	},
	{
		name: "[W7, K11] those of lower priority hold too little",
		given: () => {
			const priority = {
				apiVersion: "scheduling.k8s.io/v1",
				kind: "PriorityClass",
				metadata: { name: "high" },
				value: 1000,
			} as unknown as KubeObject
			const used = pool({ name: "full", replicas: 1, used: { cpu: "3" } })
			const small = daemonSet({ name: "small", container: { resources: { requests: { cpu: "200m" } } } })
			const asks = { resources: { requests: { cpu: "1100m" } } }
			return new Story(used, behavior(), priority, small)
				.run(MINUTE)
				.write(fluentd("fluentd:v1", { container: asks, pod: { priorityClassName: "high" } }))
				.run(MINUTE)
		},
		state: "waiting",
		sentence:
			"waiting: 0 of 1 nodes available; missing: full-0 (300m of cpu is missing; most of it is held by other workloads (3), kube-system/small-X (200m)); preemption cannot help: those of lower priority hold too little; it goes on when full-0 has room",
	},
	{
		name: "[W8] the image cannot be pulled",
		given: () =>
			running({}, failing("ImagePull"))
				.write(BAD)
				.run(5 * MINUTE),
		state: "failing",
		sentence: `failing: pool-0 (container agent: ImagePullBackOff of fluentd:bad for 2m18s); the new version is healthy on 0 nodes; ${UNDO}`,
		failing: 1,
	},
	{
		name: "[W9] a container is out of memory",
		given: () =>
			running({}, failing("OutOfMemory", { after: "1s" }))
				.write(BAD)
				.run(5 * MINUTE),
		state: "failing",
		sentence: `failing: pool-0 (container agent: CrashLoopBackOff, OOMKilled, exit code 137, 5 restarts); the new version is healthy on 0 nodes; ${UNDO}`,
		failing: 1,
	},
	{
		name: "[W10] a container crashes",
		given: () =>
			running({}, failing("CrashLoop", { after: "1s", exitCode: 3 }))
				.write(BAD)
				.run(5 * MINUTE),
		state: "failing",
		sentence: `failing: pool-0 (container agent: CrashLoopBackOff, exit code 3, 5 restarts); the new version is healthy on 0 nodes; ${UNDO}`,
		failing: 1,
	},
	{
		name: "[W11] pods end",
		given: () =>
			running({}, failing("Failed", { after: "1s" }))
				.write(BAD)
				.run(5 * MINUTE),
		state: "failing",
		sentence: `failing: pool-0 (container agent: Error, exit code 1); the new version is healthy on 0 nodes; ${UNDO}`,
		failing: 1,
	},
	{
		name: "[W12] the new pod is on its way",
		given: () =>
			running()
				.write(V2)
				.run(4 * SECOND),
		state: "going-on",
		sentence: "going on: 1 of 1 unavailable is used by pool-0 (starting, expected by 00:01:05Z); it goes on by itself",
	},
	{
		name: "[W13] the new pod is late",
		given: () =>
			running({}, failing("NeverReady"))
				.write(BAD)
				.run(5 * MINUTE),
		state: "failing",
		sentence: `failing: pool-0 (running for 4m55s, expected by 00:01:05Z); the new version is healthy on 0 nodes; ${UNDO}`,
		failing: 1,
	},
	{
		name: "[R10] it is paused",
		given: () =>
			running()
				.write(applied(paused(daemonSet({ image: "fluentd:v2" }), { by: "ada", reason: "waits for INC-7" })))
				.run(MINUTE),
		state: "paused",
		sentence:
			"paused by ada: waits for INC-7; 0 of 3 nodes updated, 3 available; go on with rollcall rollout resume ds/fluentd",
	},
	{
		name: "[V3] it is paused by Rollcall, which may not write to git",
		given: () =>
			running()
				.write(applied(paused(annotated(daemonSet({ image: "fluentd:v2" }), ROLLBACK), { by: "rollcall" })))
				.run(MINUTE),
		state: "paused",
		sentence: `paused by rollcall; 0 of 3 nodes updated, 3 available; go on with rollcall rollout resume ds/fluentd, or ${UNDO} (on-failure: rollback needs rollcall run --allow-write)`,
	},
]

test.each(cases)("$name", ({ given, state, sentence, failing: count = 0 }) => {
	const why = given().why()
	expect({ ...why, sentence: why.sentence.replace(/(greedy|small)-\w+/, "$1-X") }).toMatchObject({ state, sentence })
	expect(why.version.failing).toBe(count)
})

test("[R5] a dead node that leaves room in the budget keeps nobody waiting", () => {
	const two = { spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } } } }
	const story = running(two)
		.write(down("pool-0"))
		.run(2 * MINUTE)
		.write(fluentd("fluentd:v2", two))
		.run(500)
	expect(story.run(4 * SECOND).why()).toMatchObject({
		state: "going-on",
		sentence: expect.stringMatching(
			/^going on: 2 of 2 unavailable are used by pool-0 \(NotReady for 1m\d+s\); pool-\d \(.*\); it goes on by itself$/,
		),
	})
})

test("[W2, R5] the budget says who uses it, and on how many nodes the version is healthy", () => {
	const why = running({ spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } } } })
		.write(down("pool-1"))
		.run(2 * MINUTE)
		.write(
			fluentd("fluentd:v2", {
				spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } } },
			}),
		)
		.run(4 * MINUTE)
		.why()
	expect(why.budget).toEqual({ of: "maxUnavailable", size: 2, used: 1, by: ["pool-1"] })
	expect(why.version).toMatchObject({ healthy: 2, failing: 0 })
	expect(why.leftOut).toEqual({
		nodes: 1,
		reasons: [{ reason: "node.kubernetes.io/unreachable:NoSchedule", nodes: 1, examples: ["pool-1"] }],
	})
})

test("[W3, N9] a pod that is evicted counts as available while it stops, and is told as evicted", () => {
	const tolerated = { key: "dedicated", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }
	const why = running({ pod: { tolerations: [tolerated] } })
		.write(tainted("pool-1", "NoExecute"))
		.run(5_500)
		.why()
	expect(why).toMatchObject({ state: "done", causes: [{ cause: "evicted", nodes: 1, blames: false }] })
})

test("[V2] a version that kills its node is at fault, and so is none whose node died by itself", () => {
	const killer = running({}, failing("NodeDown", { after: "20s" }))
	// So long nobody dies.
	killer
		.run(60 * MINUTE)
		.write(BAD)
		.run(3 * MINUTE)
	const why = killer.why()
	expect(why).toMatchObject({ state: "failing", version: { healthy: 0, failing: 3 } })
	expect(why.sentence).toMatch(/^failing: pool-0 \(NotReady for \d+m?\d*s?, soon after its new pod started\), pool-1 /)
	// So young a fleet has no rate to compare with.
	const other = running()
		.write(V2)
		.run(8 * SECOND)
		.write(down("pool-2"))
		.run(3 * MINUTE)
	expect(other.why()).toMatchObject({ state: "done", version: { failing: 0 }, leftOut: { nodes: 1 } })
})

test.each([
	{ exposed: { deaths: 0, seconds: 0 }, others: { deaths: 0, seconds: 1e9 }, caught: false },
	{ exposed: { deaths: 1, seconds: 60 }, others: { deaths: 0, seconds: 5_999 }, caught: false },
	{ exposed: { deaths: 1, seconds: 60 }, others: { deaths: 0, seconds: 6_000 }, caught: true },
	{ exposed: { deaths: 1, seconds: 60 }, others: { deaths: 9, seconds: 6_000 }, caught: false },
	{ exposed: { deaths: 10, seconds: 600 }, others: { deaths: 9, seconds: 60_000 }, caught: true },
	{ exposed: { deaths: 3, seconds: 60 }, others: { deaths: 0, seconds: 0 }, caught: false },
])("[V2] $exposed against $others", ({ exposed, others, caught }) => {
	expect(isMoreThanChance(exposed, others)).toBe(caught)
})

function annotated(object: KubeObject, annotations: Readonly<Record<string, string>>): KubeObject {
	return { ...object, metadata: { ...object.metadata, annotations } }
}

function paused(object: KubeObject, said: object): KubeObject {
	return annotated(object, { ...object.metadata.annotations, "rollcall.dev/paused": JSON.stringify(said) })
}
