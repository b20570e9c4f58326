import { describe, expect, it } from "vitest"
import type { Cluster, Fact } from "../../src/cluster/index.ts"
import type { KubeObject, Node } from "../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, nodeKey, pods, settle } from "../builders/cluster.ts"

type EventFact = Extract<Fact, { readonly kind: "event" }>

function eventsOf(on: Cluster, reason: string, after = 0): EventFact[] {
	return [...on.facts(after)].filter((fact): fact is EventFact => fact.kind === "event" && fact.reason === reason)
}

function withFluentd(nodes: number, spec: object = {}): Cluster {
	const on = cluster(nodes)
	apply(on, behavior(spec))
	apply(on, daemonSet())
	return on
}

describe("Events of a DaemonSet", () => {
	it("[N12] count the tenth pod and all after it in one, which names the newest", () => {
		const on = withFluentd(12)
		settle(on)
		const created = eventsOf(on, "SuccessfulCreate")
		expect(created).toHaveLength(12)
		expect(created.filter(({ message }) => message.startsWith("Created pod: fluentd-"))).toHaveLength(9)
		const combined = created.slice(9)
		expect(combined.map(({ count }) => count)).toEqual([1, 2, 3])
		for (const { message } of combined) {
			expect(message).toMatch(/^\(combined from similar events\): Created pod: fluentd-[a-z0-9]{5}$/)
		}
		expect(new Set(combined.map(({ message }) => message)).size).toBe(3)
		const stored = [...on.list({ group: "", kind: "Event" })].filter(({ reason }) => reason === "SuccessfulCreate")
		expect(stored).toHaveLength(10)
	})

	it("[N12] are 25 at once, and then one every five minutes", () => {
		const on = withFluentd(40)
		settle(on)
		expect(eventsOf(on, "SuccessfulCreate")).toHaveLength(25)
		const from = on.sequence()
		on.advance(on.now() + 600_000)
		apply(on, daemonSet({ image: "fluentd:v2", spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 40 } } } }))
		settle(on)
		expect(eventsOf(on, "SuccessfulDelete", from).length + eventsOf(on, "SuccessfulCreate", from).length).toBe(2)
	})

	it("[M2] tell of a pod that succeeded before it is deleted and made again", () => {
		const on = withFluentd(1, { failures: [{ kind: "Succeeded", after: "1s" }] })
		on.advance(on.now() + 10_000)
		const [told] = eventsOf(on, "SucceededDaemonPod")
		expect(told?.message).toMatch(
			/^Found succeeded daemon pod kube-system\/fluentd-\w{5} on node pool-0, will try to delete it$/,
		)
		expect(eventsOf(on, "SuccessfulCreate").length).toBeGreaterThan(1)
		expect(pods(on)).toHaveLength(1)
	})

	it("[M3] tell of a pod that failed, whose node gets another one", () => {
		const on = withFluentd(1, { failures: [{ kind: "Failed", after: "1s" }] })
		on.advance(on.now() + 10_000)
		expect(eventsOf(on, "FailedDaemonPod")[0]).toMatchObject({ type: "Warning" })
		expect(eventsOf(on, "SuccessfulCreate").length).toBeGreaterThan(1)
	})

	it("[N9] tell of its own deletion beside the taint manager's", () => {
		const on = withFluentd(2)
		settle(on)
		const from = on.sequence()
		const node = on.read(nodeKey("pool-1")) as Node
		const taints = [{ key: "drain", value: "x", effect: "NoExecute" }]
		const object = { ...node, spec: { ...node.spec, taints } } as KubeObject
		on.input({
			source: { kind: "client", client: "test" },
			writes: [{ verb: "update", key: nodeKey("pool-1"), object }],
		})
		settle(on)
		expect(eventsOf(on, "SuccessfulDelete", from)).toHaveLength(1)
		expect(eventsOf(on, "TaintManagerEviction", from)).toHaveLength(1)
		expect(pods(on, "pool-1")).toHaveLength(0)
	})
})

describe("a Node", () => {
	it("[N8] that comes with its kubelet's report is Ready from the start, and tainted for a moment", () => {
		const on = cluster(0)
		const conditions = [{ type: "Ready", status: "True", reason: "KubeletReady" }]
		apply(on, { apiVersion: "v1", kind: "Node", metadata: { name: "n1" }, status: { conditions } } as KubeObject)
		expect(ready(on)).toBe("True")
		expect((on.read(nodeKey("n1")) as Node).spec?.taints).toMatchObject([{ key: "node.kubernetes.io/not-ready" }])
		settle(on)
		expect((on.read(nodeKey("n1")) as Node).spec?.taints).toBeUndefined()
	})
})

function ready(on: Cluster): string | undefined {
	const { conditions = [] } = (on.read(nodeKey("n1")) as Node).status ?? {}
	return conditions.find(({ type }) => type === "Ready")?.status
}

describe("the Event of a probe that goes on failing", () => {
	const probe = { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 10 } }
	const unhealthy = (on: Cluster) =>
		[...on.list({ group: "", kind: "Event" })].find(({ reason }) => reason === "Unhealthy")

	it("[L15] counts on while nothing happens, and names the pod's address", () => {
		const on = cluster(1)
		apply(on, behavior({ failures: [{ kind: "NeverReady" }] }))
		apply(on, daemonSet({ container: probe }))
		settle(on)
		on.advance(on.now() + 100_000)
		const [pod] = pods(on)
		const status = pod?.["status"] as { podIP: string }
		const told = unhealthy(on)
		expect(told?.["message"]).toBe(`Readiness probe failed: dial tcp ${status.podIP}:8080: connect: connection refused`)
		expect(told?.["count"]).toBeGreaterThanOrEqual(10)
		const before = told?.["count"] as number
		const sequence = on.sequence()
		on.advance(on.now() + 20_000)
		expect([unhealthy(on)?.["count"], on.sequence()]).toEqual([before + 2, sequence])
	})
})
