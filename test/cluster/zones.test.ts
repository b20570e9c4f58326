import { describe, expect, test } from "vitest"
import type { Cluster } from "../../src/cluster/index.ts"
import type { Node } from "../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, nodeKey, pods, pool, send, settle } from "../builders/cluster.ts"

const fault = (on: Cluster, kind: "node-down" | "node-up", ...nodes: string[]): void => {
	for (const node of nodes) send(on, { verb: "fault", fault: { kind, node } })
}
/** The nodes with the NoExecute taint, and how many seconds after `from` they got it. */
function executed(on: Cluster, from: number): Record<string, number> {
	const nodes = [...on.list({ group: "", kind: "Node" })] as Node[]
	const times = nodes.flatMap(({ metadata, spec }) => {
		const taint = spec?.taints?.find(({ key, effect }) => key.endsWith("unreachable") && effect === "NoExecute")
		return taint === undefined ? [] : [[metadata.name, (Date.parse(String(taint.timeAdded)) - from) / 1000] as const]
	})
	return Object.fromEntries(times)
}
const MINUTE = 60_000

describe("the NoExecute taint of lost nodes", () => {
	test("[D12] comes to one in ten seconds, in the order in which they were lost", () => {
		const on = cluster(8)
		const from = on.now()
		fault(on, "node-down", "pool-0", "pool-1", "pool-2")
		on.advance(from + 2 * MINUTE)
		const times = executed(on, from)
		const first = times["pool-0"] as number
		expect(first).toBeGreaterThanOrEqual(45)
		expect(times).toEqual({ "pool-0": first, "pool-1": first + 10, "pool-2": first + 20 })
	})

	test("[D11] [D12] comes to none where most of a small zone is out, until enough are back", () => {
		const on = cluster(4)
		fault(on, "node-down", "pool-0", "pool-1", "pool-2")
		on.advance(on.now() + 5 * MINUTE)
		expect(executed(on, 0)).toEqual({})
		expect(on.nextAt()).toBeUndefined()
		fault(on, "node-up", "pool-2")
		on.advance(on.now() + MINUTE)
		expect(Object.keys(executed(on, 0))).toEqual(["pool-0", "pool-1"])
	})

	test("[D12] comes to the nodes of a zone that is lost while another is not, and goes where all are", () => {
		const on = cluster(0)
		apply(on, pool({ replicas: 6, zones: ["a", "b"] }))
		on.advance(on.now() + 1_000)
		const zoneOf = (name: string) => on.labelsOf(name)?.["topology.kubernetes.io/zone"]
		const names = Array.from({ length: 6 }, (_, index) => `pool-${index}`)
		const inA = names.filter((name) => zoneOf(name) === "a")
		fault(on, "node-down", ...inA)
		on.advance(on.now() + 2 * MINUTE)
		expect(Object.keys(executed(on, 0))).toEqual(inA)
		fault(on, "node-down", ...names)
		on.advance(on.now() + 2 * MINUTE)
		expect(executed(on, 0)).toEqual({})
		fault(on, "node-up", ...names.filter((name) => zoneOf(name) === "b"))
		on.advance(on.now() + 2 * MINUTE)
		expect(Object.keys(executed(on, 0))).toEqual(inA)
	})
})

test("[G5] pods that are to go from a node that is out of service go at the collector's next look", () => {
	const on = cluster(3)
	apply(on, behavior())
	apply(on, daemonSet())
	settle(on)
	fault(on, "node-down", "pool-1")
	on.advance(on.now() + MINUTE)
	const [pod] = pods(on, "pool-1")
	send(on, { verb: "delete", key: `/Pod/kube-system/${pod?.metadata.name}` })
	on.advance(on.now() + 2 * MINUTE)
	expect(pods(on, "pool-1").map(({ metadata }) => metadata.name)).toEqual([pod?.metadata.name])
	const node = on.read(nodeKey("pool-1")) as Node
	const taint = { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" as const }
	const spec = { ...node.spec, taints: [...(node.spec?.taints ?? []), taint] }
	send(on, { verb: "update", key: nodeKey("pool-1"), object: { ...node, spec } as Node })
	on.advance(on.now() + 21_000)
	expect(pods(on, "pool-1")).toEqual([])
})
