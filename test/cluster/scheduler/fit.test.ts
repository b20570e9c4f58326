import { describe, expect, it } from "vitest"
import {
	demandOf,
	demandOfList,
	fit as fitOn,
	hasRoom,
	type NodeFacts,
	needsOf,
	portsClash,
	type Room,
} from "../../../src/cluster/scheduler/index.ts"
import type { PodSpec, ResourceList, Taint } from "../../../src/kube/index.ts"

function room(allocatable: ResourceList, used: ResourceList = {}, pods: { limit?: number; count?: number } = {}): Room {
	return {
		allocatable: demandOfList(allocatable),
		used: demandOfList(used),
		podLimit: pods.limit ?? 110,
		podCount: pods.count ?? 0,
	}
}

function node(more: Partial<NodeFacts> = {}): NodeFacts {
	return { name: "n1", labels: { disk: "ssd" }, taints: [], unschedulable: false, ...more }
}

function reasons(spec: Partial<PodSpec>, facts: NodeFacts = node(), space: Room = room({ cpu: "4", memory: "4Gi" })) {
	const pod: PodSpec = { containers: [], ...spec }
	return fitOn(demandOf(pod), needsOf(pod), facts, space).map(({ text, final }) => (final ? `final: ${text}` : text))
}

const asking = (requests: ResourceList): Partial<PodSpec> => ({ containers: [{ name: "c", resources: { requests } }] })
const noSchedule: Taint = { key: "dedicated", value: "gpu", effect: "NoSchedule" }

describe("fit", () => {
	it("[K4] finds no reason where the pod fits", () => {
		expect(reasons({ ...asking({ cpu: "4" }), nodeSelector: { disk: "ssd" } })).toEqual([])
	})

	const refusals: readonly [string, Partial<PodSpec>, NodeFacts, string][] = [
		["a cordoned node", {}, node({ unschedulable: true }), "final: node(s) were unschedulable"],
		["another node's name", { nodeName: "n2" }, node(), "final: node(s) didn't match the requested node name"],
		["a taint", {}, node({ taints: [noSchedule] }), "final: node(s) had untolerated taint {dedicated: gpu}"],
		[
			"a missing label",
			{ nodeSelector: { zone: "a" } },
			node(),
			"final: node(s) didn't match Pod's node affinity/selector",
		],
		[
			"a label that every object inherits",
			{ nodeSelector: { constructor: "a" } },
			node(),
			"final: node(s) didn't match Pod's node affinity/selector",
		],
	]
	for (const [what, spec, facts, want] of refusals) {
		it(`[K4] refuses for ${what}, in the words of the real filter`, () => {
			expect(reasons(spec, facts)).toEqual([want])
		})
	}

	it("[K4] hears only the first filter that refuses", () => {
		const facts = node({ unschedulable: true, taints: [noSchedule] })
		expect(reasons({ nodeName: "n2", ...asking({ cpu: "9" }) }, facts)).toEqual(["final: node(s) were unschedulable"])
	})

	it("[K4] lets a daemon pod onto a cordoned node by its toleration", () => {
		const tolerations = [{ key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" }]
		expect(reasons({ tolerations }, node({ unschedulable: true }))).toEqual([])
	})

	it("[K4] ignores PreferNoSchedule", () => {
		expect(reasons({}, node({ taints: [{ key: "a", effect: "PreferNoSchedule" }] }))).toEqual([])
	})

	it("[K4] pins a daemon pod to its node by metadata.name", () => {
		const affinity = {
			nodeAffinity: {
				requiredDuringSchedulingIgnoredDuringExecution: {
					nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }] }],
				},
			},
		}
		expect(reasons({ affinity })).toEqual([])
		expect(reasons({ affinity }, node({ name: "n2" }))).toHaveLength(1)
	})

	it("[K5] names everything that is short, and pods first", () => {
		const space = room({ cpu: "4", memory: "4Gi" }, { cpu: "3500m", memory: "4Gi" }, { limit: 2, count: 2 })
		expect(reasons(asking({ cpu: "1", memory: "1Mi" }), node(), space)).toEqual([
			"Too many pods",
			"Insufficient cpu",
			"Insufficient memory",
		])
	})

	it("[K5] takes a pod without requests on an overcommitted node", () => {
		expect(reasons({}, node(), room({ cpu: "1" }, { cpu: "2" }))).toEqual([])
	})

	it("[K6] calls final what the node could never give", () => {
		expect(reasons(asking({ cpu: "5", "nvidia.com/gpu": 1 }))).toEqual([
			"final: Insufficient cpu",
			"final: Insufficient nvidia.com/gpu",
		])
	})

	it("[K7] says that host ports are taken before it looks at room", () => {
		const pod: Partial<PodSpec> = {
			containers: [{ name: "c", ports: [{ containerPort: 80, hostPort: 80 }], resources: { requests: { cpu: "9" } } }],
		}
		const space = room({ cpu: "4" })
		const ports = [{ hostIP: "10.0.0.1", protocol: "TCP", port: 80 }]
		expect(reasons(pod, node(), { ...space, used: { ...space.used, ports } })).toEqual([
			"node(s) didn't have free ports for the requested pod ports",
		])
	})
})

describe("portsClash", () => {
	const port = (hostIP: string, protocol: string, number: number) => ({ hostIP, protocol, port: number })
	const cases: readonly [ReturnType<typeof port>, boolean, string][] = [
		[port("0.0.0.0", "TCP", 80), true, "the same port everywhere"],
		[port("10.0.0.1", "TCP", 80), true, "the same port at one address"],
		[port("0.0.0.0", "UDP", 80), false, "another protocol"],
		[port("0.0.0.0", "TCP", 81), false, "another port"],
	]
	for (const [taken, want, what] of cases) {
		it(`[K7] ${want ? "is true" : "is false"} for ${what}`, () => {
			expect(portsClash([port("0.0.0.0", "TCP", 80)], [taken])).toBe(want)
		})
	}

	it("[K7] is false for two addresses of a node", () => {
		expect(portsClash([port("10.0.0.1", "TCP", 80)], [port("10.0.0.2", "TCP", 80)])).toBe(false)
	})
})

describe("hasRoom", () => {
	it("[K5] agrees with the reasons of fit at every edge", () => {
		for (const cpu of [0, 999, 1000, 1001]) {
			for (const memory of [0, 1, 2]) {
				for (const count of [0, 1]) {
					const demand = demandOfList({ cpu: `${cpu}m`, memory })
					const space = room({ cpu: "2", memory: 2 }, { cpu: "1", memory: 1 }, { limit: 1, count })
					const quick = hasRoom(demand, 1 - count, 1000, 1, 0)
					expect(quick).toBe(fitOn(demand, needsOf({ containers: [] }), node(), space).length === 0)
				}
			}
		}
	})
})
