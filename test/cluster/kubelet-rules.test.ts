import { describe, expect, it } from "vitest"
import type { KubeObject } from "../../src/kube/index.ts"
import {
	apply,
	behavior,
	cluster,
	daemonSet,
	FLUENTD,
	nodeKey,
	pods,
	send,
	settle,
	status,
} from "../builders/cluster.ts"

function eventsOf(on: ReturnType<typeof cluster>): string[] {
	return [...on.list({ group: "", kind: "Event" })].map((event) => `${event["reason"]} ${event["message"]}`)
}

describe("a pod that its template binds", () => {
	const bound = (cpu: string) =>
		daemonSet({ pod: { nodeName: "pool-0" }, container: { resources: { requests: { cpu } } } })

	it("[K19] runs where its kubelet takes it", () => {
		const on = cluster(2)
		apply(on, behavior())
		apply(on, bound("1"))
		settle(on)
		expect(status(on)).toMatchObject({ desiredNumberScheduled: 1, numberAvailable: 1 })
	})

	it("[K19] [M3] fails where there is no room, and is made again ever more rarely", () => {
		const on = cluster(2)
		apply(on, behavior())
		apply(on, bound("64"))
		const from = on.sequence()
		settle(on)
		expect(on.settled()).toBe(true)
		const failed = [...on.facts(from)].filter((fact) => fact.kind === "pod" && fact.step === "failed")
		expect(failed.length).toBeGreaterThan(3)
		expect(failed[0]).toMatchObject({ reason: "OutOfcpu", node: "pool-0" })
		expect(eventsOf(on)).toContainEqual(expect.stringMatching(/^OutOfcpu Pod was rejected: Node didn't have enough/))
		expect(pods(on)[0]?.["status"]).toMatchObject({ phase: "Failed", reason: "OutOfcpu" })
	})
})

describe("a PodBehavior for one node by its name", () => {
	it("[L3] is about that node alone", () => {
		const on = cluster(3)
		apply(on, behavior())
		const nodes = { matchLabels: { "kubernetes.io/hostname": "pool-1" } }
		apply(on, behavior({ priority: 1, match: { nodes }, failures: [{ kind: "CrashLoop", after: "1s" }] }, "one"))
		apply(on, daemonSet())
		settle(on)
		const failing = [...on.facts(0)].filter((fact) => fact.kind === "pod" && fact.step === "failing")
		expect(new Set(failing.map((fact) => fact.kind === "pod" && fact.node))).toEqual(new Set(["pool-1"]))
	})
})

describe("a taint that goes in time", () => {
	it("[D10] calls the eviction off, and says so", () => {
		const tolerations = [{ key: "story", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 }]
		const on = cluster(1)
		apply(on, behavior())
		apply(on, daemonSet({ pod: { tolerations } }))
		settle(on)
		const before = pods(on).map(({ metadata }) => metadata.uid)
		const live = on.read(nodeKey("pool-0")) as KubeObject
		const tainted = { ...live, spec: { taints: [{ key: "story", effect: "NoExecute" }] } } as KubeObject
		send(on, { verb: "update", key: nodeKey("pool-0"), object: tainted })
		on.advance(on.now() + 30_000)
		const now = on.read(nodeKey("pool-0")) as KubeObject
		send(on, { verb: "update", key: nodeKey("pool-0"), object: { ...now, spec: {} } as KubeObject })
		settle(on)
		expect(pods(on).map(({ metadata }) => metadata.uid)).toEqual(before)
		expect(eventsOf(on)).toContainEqual(
			expect.stringMatching(/^TaintManagerEviction Cancelling deletion of Pod kube-system/),
		)
	})
})

describe("a write that names another object than it means", () => {
	it("[A10] is refused for a uid or a version that is no longer so", () => {
		const on = cluster(1)
		apply(on, daemonSet())
		settle(on)
		const live = on.read(FLUENTD) as KubeObject
		const update = (metadata: object) =>
			send(on, { verb: "update", key: FLUENTD, object: { ...live, metadata: { ...live.metadata, ...metadata } } })
		expect(update({ uid: "other" })).toMatchObject({ refusal: { reason: "Conflict" } })
		expect(update({ resourceVersion: "1" })).toMatchObject({ refusal: { reason: "Conflict" } })
		expect(update({ resourceVersion: "x" })).toMatchObject({ refusal: { reason: "BadRequest" } })
		expect(update({})).toMatchObject({ accepted: true })
	})
})

describe("a ControllerRevision that another hand adds while a sync waits", () => {
	it("[H2] is counted by the next one", () => {
		const on = cluster(3, { controlPlaneQps: 1, controlPlaneBurst: 2 })
		apply(on, behavior())
		apply(on, daemonSet())
		on.advance(on.now() + 1_100)
		const [made] = [...on.list({ group: "apps", kind: "ControllerRevision" })]
		const { uid: _, ...metadata } = (made as KubeObject).metadata
		const other = {
			...(made as KubeObject),
			metadata: {
				...metadata,
				name: "fluentd-by-hand",
				labels: { ...metadata.labels, "controller-revision-hash": "hand" },
			},
			data: { spec: { template: { metadata: {}, spec: { containers: [] }, $patch: "replace" } } },
			revision: 9,
		} as unknown as KubeObject
		expect(
			send(on, { verb: "create", key: "apps/ControllerRevision/kube-system/fluentd-by-hand", object: other }),
		).toMatchObject({ accepted: true })
		settle(on)
		apply(on, daemonSet({ spec: { revisionHistoryLimit: 5 } }))
		settle(on)
		const numbers = [...on.list({ group: "apps", kind: "ControllerRevision" })].map((revision) => revision["revision"])
		expect(numbers.sort()).toEqual([10, 9])
	})
})
