import { describe, expect, it } from "vitest"
import type { Pod } from "../../src/kube/index.ts"
import {
	apply,
	behavior,
	cluster,
	daemonSet,
	FLUENTD,
	nodeKey,
	pods,
	pool,
	remove,
	scenario,
	send,
	settle,
	status,
} from "../builders/cluster.ts"

/** A cluster in which `fluentd` runs everywhere. */
function running(nodes = 4, object = daemonSet()) {
	const made = cluster(nodes)
	apply(made, behavior())
	apply(made, object)
	settle(made)
	return made
}

function restarts(pod: Pod): number {
	const statuses = pod.status?.["containerStatuses"] as { restartCount: number }[] | undefined
	return statuses?.[0]?.restartCount ?? 0
}

const surge = (image: string) =>
	daemonSet({ image, spec: { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } } })

describe("a rollout", () => {
	it("[M6] [R7] with surge makes the new pod ready before the old one goes", () => {
		const on = running(4, surge("fluentd:v1"))
		const from = on.sequence()
		apply(on, surge("fluentd:v2"), surge("fluentd:v1"))
		settle(on)
		const byNode = new Map<string, string[]>()
		for (const fact of on.facts(from)) {
			if (fact.kind === "pod") byNode.set(fact.node, [...(byNode.get(fact.node) ?? []), fact.step])
		}
		expect(byNode.size).toBe(4)
		for (const steps of byNode.values()) expect(steps.indexOf("available")).toBeLessThan(steps.indexOf("terminating"))
		expect(status(on)).toMatchObject({ updatedNumberScheduled: 4, numberAvailable: 4 })
	})

	it("with OnDelete replaces only what somebody deletes", () => {
		const onDelete = (image: string) => daemonSet({ image, spec: { updateStrategy: { type: "OnDelete" } } })
		const on = running(3, onDelete("fluentd:v1"))
		apply(on, onDelete("fluentd:v2"), onDelete("fluentd:v1"))
		settle(on)
		expect(status(on)).toMatchObject({ updatedNumberScheduled: 0, numberAvailable: 3 })
		const [first] = pods(on, "pool-0")
		remove(on, `/Pod/kube-system/${first?.metadata.name}`)
		settle(on)
		expect(status(on)).toMatchObject({ updatedNumberScheduled: 1, numberAvailable: 3 })
	})

	it("[H2] gives a template that returns a new number, and tells that it returned", () => {
		const on = running(2)
		apply(on, daemonSet({ image: "fluentd:v2" }))
		settle(on)
		const from = on.sequence()
		apply(on, daemonSet())
		settle(on)
		const revisions = [...on.facts(from)].filter((fact) => fact.kind === "revision")
		expect(revisions).toMatchObject([{ revision: 3, returned: true }])
		const stored = [...on.list({ group: "apps", kind: "ControllerRevision" })].map((object) => object["revision"])
		expect([...stored].sort()).toEqual([2, 3])
	})

	it("settles with a crash loop that stalls it, and says so in the pods", () => {
		const on = running(4)
		apply(
			on,
			behavior({ priority: 1, match: { image: "*:bad" }, failures: [{ kind: "CrashLoop", after: "500ms" }] }, "bad"),
		)
		apply(on, daemonSet({ image: "fluentd:bad" }))
		settle(on)
		expect(on.settled()).toBe(true)
		expect(status(on)).toMatchObject({ updatedNumberScheduled: 1, numberUnavailable: 1 })
		expect(pods(on).filter((pod) => restarts(pod as Pod) >= 5)).toHaveLength(1)
		// A loop at its longest back-off stands on no timeline, and its count goes on all the same.
		on.advance(on.now() + 7_200_000)
		expect(on.nextAt()).toBeUndefined()
		const [looping] = pods(on).filter((pod) => restarts(pod as Pod) > 0)
		expect(restarts(looping as Pod)).toBeGreaterThan(20)
	})

	it("[M7] whose nodes leave while its writes wait for the client limit means them by name, not their rows' next tenants", () => {
		const on = cluster(9, { controlPlaneQps: 1, controlPlaneBurst: 3 })
		apply(on, behavior())
		apply(on, daemonSet())
		on.advance(on.now() + 1_500)
		const taints = [{ key: "dedicated", effect: "NoSchedule" }]
		apply(on, pool({ replicas: 1 }))
		apply(on, pool({ name: "other", replicas: 9, template: { spec: { taints } } }))
		const from = on.sequence()
		settle(on)
		const created = [...on.facts(from)].filter((fact) => fact.kind === "pod" && fact.step === "created")
		expect(created.length).toBeGreaterThan(0)
		expect(created.filter((fact) => fact.kind === "pod" && !fact.node.startsWith("pool-"))).toEqual([])
		expect(pods(on).map((pod) => (pod as Pod).spec.nodeName)).toEqual(["pool-0"])
	})

	it("[N16] creates twenty pods a second once the burst is used up", () => {
		const on = cluster(230, { controlPlaneQps: 20, controlPlaneBurst: 30 })
		apply(on, behavior())
		const from = on.sequence()
		const began = on.now()
		apply(on, daemonSet())
		settle(on)
		const created = [...on.facts(from)].filter((fact) => fact.kind === "pod" && fact.step === "created")
		expect(created).toHaveLength(230)
		const tookMs = (created.at(-1)?.at ?? 0) - began
		expect(tookMs).toBeGreaterThan(9_900)
		expect(tookMs).toBeLessThan(10_500)
	})
})

describe("a node", () => {
	it("[N7] that falls silent is unknown after its grace period, keeps its daemon pod, and leaves desired", () => {
		const on = running(3)
		const from = on.sequence()
		const began = on.now()
		send(on, { verb: "fault", fault: { kind: "node-down", node: "pool-1" } })
		settle(on)
		const unknown = [...on.facts(from)].find((fact) => fact.kind === "node" && fact.step === "unknown")
		expect((unknown?.at ?? 0) - began).toBeGreaterThan(39_000)
		expect((unknown?.at ?? 0) - began).toBeLessThan(56_000)
		expect(status(on)).toMatchObject({ desiredNumberScheduled: 2, numberMisscheduled: 1, numberUnavailable: 0 })
		expect(pods(on, "pool-1")).toHaveLength(1)
		send(on, { verb: "fault", fault: { kind: "node-up", node: "pool-1" } })
		settle(on)
		expect(status(on)).toMatchObject({ desiredNumberScheduled: 3, numberMisscheduled: 0, numberAvailable: 3 })
	})

	it("[N8] that joins gets its pod once the taint of its admission is gone", () => {
		const on = running(2)
		apply(on, pool({ replicas: 3 }))
		expect(on.read(nodeKey("pool-2"))).toMatchObject({
			spec: { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] },
		})
		settle(on)
		expect(pods(on, "pool-2")).toHaveLength(1)
		expect(on.read(nodeKey("pool-2"))?.["spec"]).toEqual({})
	})

	it("stays as somebody made it where its pool only grows, and follows what the pool says otherwise", () => {
		const on = running(2)
		const labelled = { metadata: { labels: { tier: "one" } } }
		const node = { apiVersion: "v1", kind: "Node", metadata: { name: "pool-0", ...labelled.metadata } }
		apply(on, pool({ replicas: 2, template: labelled }))
		apply(on, { ...node, metadata: { ...node.metadata, labels: { tier: "two" } } } as never)
		apply(on, pool({ replicas: 3, template: labelled }))
		const tiers = () => ["pool-0", "pool-1", "pool-2"].map((name) => on.read(nodeKey(name))?.metadata.labels?.["tier"])
		expect(tiers()).toEqual(["two", "one", "one"])
		apply(on, pool({ replicas: 3, template: { metadata: { labels: { tier: "three" } } } }))
		expect(tiers()).toEqual(["three", "three", "three"])
	})

	it("[N6] that is gone has its pods collected a minute later", () => {
		const on = running(3)
		const began = on.now()
		apply(on, pool({ replicas: 2 }))
		settle(on)
		expect(on.now() - began).toBeGreaterThan(40_000)
		expect(on.now() - began).toBeLessThan(85_000)
		expect(pods(on)).toHaveLength(2)
		expect(status(on)).toMatchObject({ desiredNumberScheduled: 2, currentNumberScheduled: 2 })
	})

	it("[N9] with an untolerated NoExecute taint loses its pod, and gets it back without the taint", () => {
		const on = running(2)
		const node = (taints: object[]) =>
			({ apiVersion: "v1", kind: "Node", metadata: { name: "pool-0" }, spec: { taints } }) as never
		apply(on, node([{ key: "dedicated", value: "db", effect: "NoExecute" }]))
		settle(on)
		expect(pods(on, "pool-0")).toHaveLength(0)
		apply(on, node([]), node([{ key: "dedicated", value: "db", effect: "NoExecute" }]))
		settle(on)
		expect(pods(on, "pool-0")).toHaveLength(1)
	})

	it("[D15] follows a Scenario: down, and up again by itself", () => {
		const on = running(3)
		const from = on.sequence()
		apply(on, scenario([{ at: "10s", fault: "Down", nodes: { names: ["pool-2"] }, for: "2m" }]))
		settle(on)
		const steps = [...on.facts(from)].flatMap((fact) =>
			fact.kind === "node" && fact.node === "pool-2" ? [fact.step] : [],
		)
		expect(steps).toEqual(["unknown", "tainted", "tainted", "ready", "untainted", "untainted"])
		expect(status(on)).toMatchObject({ numberAvailable: 3 })
	})
})

describe("deleting a DaemonSet", () => {
	it("[G9] in the background takes its pods and revisions with it", () => {
		const on = running(3)
		remove(on, FLUENTD)
		expect(on.read(FLUENTD)).toBeUndefined()
		settle(on)
		expect(pods(on)).toHaveLength(0)
		expect([...on.list({ group: "apps", kind: "ControllerRevision" })]).toHaveLength(0)
	})

	it("[G10] in the foreground keeps it until its pods are gone", () => {
		const on = running(3)
		remove(on, FLUENTD, "Foreground")
		expect(on.read(FLUENTD)?.metadata).toMatchObject({ finalizers: ["foregroundDeletion"], generation: 2 })
		settle(on)
		expect(on.read(FLUENTD)).toBeUndefined()
		expect(pods(on)).toHaveLength(0)
	})

	it("[N13] orphaning leaves pods that a new DaemonSet adopts without a restart", () => {
		const on = running(3)
		const before = pods(on).map(({ metadata }) => metadata.uid)
		remove(on, FLUENTD, "Orphan")
		settle(on)
		expect(pods(on).every(({ metadata }) => metadata.ownerReferences === undefined)).toBe(true)
		apply(on, daemonSet())
		settle(on)
		expect(pods(on).map(({ metadata }) => metadata.uid)).toEqual(before)
		expect(status(on)).toMatchObject({ numberAvailable: 3, updatedNumberScheduled: 3 })
	})
})

describe("the scheduler", () => {
	const asking = (cpu: string, more: object = {}) => ({ container: { resources: { requests: { cpu } } }, pod: more })

	it("[K9] leaves a pod Pending where it finds no room, and says why", () => {
		const on = running(2, daemonSet(asking("64")))
		expect(on.settled()).toBe(true)
		const [pod] = pods(on)
		expect(pod?.["status"]).toMatchObject({ phase: "Pending" })
		const [event] = [...on.list({ group: "", kind: "Event" })].filter((one) => one["reason"] === "FailedScheduling")
		expect(event?.["message"]).toContain("Insufficient cpu")
	})

	it("[K11] makes room by lower priorities only", () => {
		const on = running(2, daemonSet(asking("3")))
		apply(on, {
			apiVersion: "scheduling.k8s.io/v1",
			kind: "PriorityClass",
			metadata: { name: "high" },
			value: 1000,
		} as never)
		apply(on, daemonSet({ name: "critical", ...asking("3", { priorityClassName: "high" }) }))
		settle(on)
		expect(status(on, "apps/DaemonSet/kube-system/critical")).toMatchObject({ numberAvailable: 2 })
		expect(status(on)).toMatchObject({ numberAvailable: 0, desiredNumberScheduled: 2 })
	})
})

describe("quiet time", () => {
	it("costs nothing: a year without news runs no entry", () => {
		const on = running(5)
		on.advance(on.now() + 3_600_000)
		expect(on.nextAt()).toBeUndefined()
		expect(on.advance(on.now() + 365 * 86_400_000)).toBe(0)
	})
})

describe("a write", () => {
	it("[A5] that changes nothing gives no version and no fact", () => {
		const on = running(2)
		const before = [on.sequence(), on.digest(), Buffer.from(on.save()).toString("base64")]
		expect(apply(on, daemonSet(), daemonSet())).toMatchObject({ accepted: true, changed: false })
		expect([on.sequence(), on.digest(), Buffer.from(on.save()).toString("base64")]).toEqual(before)
	})

	it("[A1] that the API server would refuse is refused in its words", () => {
		const on = cluster(1)
		const verdict = apply(on, daemonSet({ spec: { selector: { matchLabels: { app: "other" } } } }))
		expect(verdict).toMatchObject({ accepted: false, refusal: { reason: "Invalid" } })
		expect(send(on, { verb: "delete", key: FLUENTD })).toMatchObject({ refusal: { reason: "NotFound" } })
	})

	it("[A11] that is unwise is accepted with a warning", () => {
		const on = cluster(1)
		const verdict = apply(on, daemonSet({ pod: { nodeSelector: { "beta.kubernetes.io/arch": "amd64" } } }))
		expect(verdict).toMatchObject({ accepted: true, warnings: [expect.stringContaining("deprecated since v1.14")] })
	})

	it("that is only judged changes nothing", () => {
		const on = running(2)
		const before = on.digest()
		const object = daemonSet({ image: "fluentd:v2" })
		expect(on.judge({ verb: "apply", key: FLUENTD, manager: "rollcall", object })).toMatchObject({ changed: true })
		expect(on.digest()).toBe(before)
		expect(on.read(FLUENTD)?.metadata.generation).toBe(1)
	})
})

describe("a pod of nobody's", () => {
	const pod = {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "probe", namespace: "default" },
		spec: { containers: [{ name: "probe", image: "probe:v1" }], nodeSelector: { disk: "ssd" } },
	} as unknown as Pod

	it("is Pending before any node is there for it", () => {
		const on = cluster(0)
		expect(apply(on, pod)).toMatchObject({ accepted: true })
		expect(on.read("/Pod/default/probe")).toMatchObject({ status: { phase: "Pending", qosClass: "BestEffort" } })
		settle(on)
		expect(on.read("/Pod/default/probe")).toMatchObject({ status: { phase: "Pending" } })
	})

	it("runs once a node fits", () => {
		const on = cluster(0)
		apply(on, pod)
		settle(on)
		apply(on, pool({ replicas: 1, template: { metadata: { labels: { disk: "ssd" } } } }))
		settle(on)
		expect(on.read("/Pod/default/probe")).toMatchObject({ status: { phase: "Running" } })
	})
})
