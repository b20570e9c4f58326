import { describe, expect, it } from "vitest"
import {
	admission,
	demandOf,
	demandOfList,
	type NodeFacts,
	needsOf,
	type Room,
} from "../../../src/cluster/scheduler/index.ts"
import type { PodSpec } from "../../../src/kube/index.ts"

const NODE: NodeFacts = { name: "n1", labels: {}, taints: [], unschedulable: true }
const ROOM: Room = {
	allocatable: demandOfList({ cpu: "8", memory: "1Gi", "nvidia.com/gpu": 1 }),
	used: { ...demandOfList({ cpu: "7500m" }), ports: [{ hostIP: "0.0.0.0", protocol: "TCP", port: 80 }] },
	podLimit: 10,
	podCount: 9,
}

function verdict(spec: Partial<PodSpec>, node: Partial<NodeFacts> = {}, room: Partial<Room> = {}) {
	const pod: PodSpec = { containers: [], nodeName: "n1", ...spec }
	return admission(demandOf(pod), needsOf(pod), { ...NODE, ...node }, { ...ROOM, ...room })
}

const requests = (list: Record<string, string>): Partial<PodSpec> => ({
	containers: [{ name: "c", resources: { requests: list } }],
})

describe("admission", () => {
	it("[K19] takes a pod that fits, on a cordoned node and beside NoSchedule taints", () => {
		expect(verdict(requests({ cpu: "500m" }), { taints: [{ key: "a", effect: "NoSchedule" }] })).toBeUndefined()
	})

	const refused: readonly [string, ReturnType<typeof verdict>, string, string][] = [
		[
			"CPU",
			verdict(requests({ cpu: "1" })),
			"OutOfcpu",
			"Node didn't have enough resource: cpu, requested: 1000, used: 7500, capacity: 8000",
		],
		[
			"other resources",
			verdict(requests({ "nvidia.com/gpu": "2" })),
			"OutOfnvidia.com/gpu",
			"Node didn't have enough resource: nvidia.com/gpu, requested: 2, used: 0, capacity: 1",
		],
		[
			"places",
			verdict({}, {}, { podCount: 10 }),
			"OutOfpods",
			"Node didn't have enough resource: pods, requested: 1, used: 10, capacity: 10",
		],
		[
			"labels",
			verdict({ nodeSelector: { disk: "ssd" } }),
			"NodeAffinity",
			"Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
		],
		[
			"its name",
			verdict({ nodeName: "n2" }),
			"NodeName",
			"Predicate NodeName failed: node(s) didn't match the requested node name",
		],
		[
			"host ports",
			verdict({ containers: [{ name: "c", ports: [{ containerPort: 80, hostPort: 80 }] }] }),
			"NodePorts",
			"Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
		],
		[
			"a NoExecute taint",
			verdict({}, { taints: [{ key: "a", effect: "NoExecute" }] }),
			"TaintToleration",
			"Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
		],
	]
	for (const [what, given, reason, message] of refused) {
		it(`[K19] refuses for ${what}, in the kubelet's words`, () => {
			expect(given).toEqual({ reason, message: `Pod was rejected: ${message}` })
		})
	}
})
