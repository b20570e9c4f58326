import { byCodeUnit, canonicalJson, isObject, type Json, type JsonObject } from "../base/index.ts"
import { formatQuantity, type KubeObject, type NodePool, quantityOf, type StringMap } from "../kube/index.ts"
import { add, podRequests } from "./pod-requests.ts"
import { poolName, uniqueName } from "./pool-name.ts"

const ZONE = "topology.kubernetes.io/zone"
const OLD_ZONE = "failure-domain.beta.kubernetes.io/zone"
const HOSTNAME = "kubernetes.io/hostname"
/** Taints that say how a node is at the moment, not what it is. */
const PASSING =
	/^(?:node\.kubernetes\.io\/|node\.cloudprovider\.kubernetes\.io\/uninitialized$|ToBeDeletedByClusterAutoscaler$|DeletionCandidateOfClusterAutoscaler$)/
/** Kernels report slightly different sizes for the same machine. */
const SAME_SIZE = 100n

/** Nodes that differ in nothing that a pool can say but their size, which is nearly the same. */
type Group = { readonly shape: Shape; readonly nodes: KubeObject[]; readonly memory: bigint }

type Shape = {
	readonly labels: StringMap
	readonly taints: readonly JsonObject[]
	readonly unschedulable: boolean
	readonly rest: JsonObject
}

/**
 * Turns the nodes of a real cluster into NodePools: one per shape (labels, taints, allocatable), without what is each
 * node's own. `used` is what the pods on them ask for on average, those of DaemonSets aside. Sorted by name.
 */
export function importFleet(nodes: readonly KubeObject[], pods: readonly KubeObject[] = []): NodePool[] {
	const sorted = [...nodes].sort((a, b) => byCodeUnit(a.metadata.name, b.metadata.name))
	const own = ownLabels(sorted)
	const requests = requestsByNode(pods)
	const names = new Set<string>()
	const pools = groupsOf(sorted, own).map((group) => poolOf(group, requests, names))
	return pools.sort((a, b) => byCodeUnit(a.metadata.name, b.metadata.name))
}

/** Labels that tell nodes apart rather than say what they have in common. */
function ownLabels(nodes: readonly KubeObject[]): ReadonlySet<string> {
	const values = new Map<string, Set<string>>()
	const counts = new Map<string, number>()
	for (const { metadata } of nodes) {
		for (const [label, value] of Object.entries(metadata.labels ?? {})) {
			counts.set(label, (counts.get(label) ?? 0) + 1)
			const known = values.get(label)
			if (known === undefined) values.set(label, new Set([value]))
			else known.add(value)
		}
	}
	const own = [...values].filter(([label, { size }]) => size > 4 && 2 * size > (counts.get(label) ?? 0))
	return new Set([HOSTNAME, ...own.map(([label]) => label)])
}

function groupsOf(nodes: readonly KubeObject[], own: ReadonlySet<string>): Group[] {
	const groups = new Map<string, Group[]>()
	for (const node of nodes) {
		const shape = shapeOf(node, own)
		const key = canonicalJson(shape as unknown as Json)
		const memory = quantityOf(resources(node)["memory"])?.nano ?? 0n
		const alike = groups.get(key) ?? []
		const group = alike.find((candidate) => {
			const difference = candidate.memory > memory ? candidate.memory - memory : memory - candidate.memory
			return difference * SAME_SIZE <= candidate.memory
		})
		if (group === undefined) alike.push({ shape, nodes: [node], memory })
		else group.nodes.push(node)
		groups.set(key, alike)
	}
	return [...groups.values()].flat()
}

function shapeOf(node: KubeObject, own: ReadonlySet<string>): Shape {
	const labels = Object.entries(node.metadata.labels ?? {}).filter(
		([label]) => !own.has(label) && label !== ZONE && label !== OLD_ZONE,
	)
	const spec = isObject(node["spec"]) ? node["spec"] : {}
	const taints = (Array.isArray(spec["taints"]) ? spec["taints"].filter(isObject) : [])
		.filter(({ key }) => typeof key === "string" && !PASSING.test(key))
		.map(({ timeAdded: _, ...taint }) => taint)
	const { memory: _memory, "ephemeral-storage": _disk, ...rest } = resources(node)
	const byName = labels.sort(([a], [b]) => byCodeUnit(a, b))
	return { labels: Object.fromEntries(byName), taints, unschedulable: spec["unschedulable"] === true, rest }
}

function resources(node: KubeObject): JsonObject {
	const status = isObject(node["status"]) ? node["status"] : {}
	const found = status["allocatable"] ?? status["capacity"]
	return isObject(found) ? found : {}
}

function requestsByNode(pods: readonly KubeObject[]): ReadonlyMap<string, readonly KubeObject[]> {
	const byNode = new Map<string, KubeObject[]>()
	for (const pod of pods) {
		const spec = isObject(pod["spec"]) ? pod["spec"] : {}
		const name = spec["nodeName"]
		const isDaemon = pod.metadata.ownerReferences?.some(({ kind, controller }) => kind === "DaemonSet" && controller)
		if (typeof name !== "string" || name === "" || isDaemon === true) continue
		const there = byNode.get(name)
		if (there === undefined) byNode.set(name, [pod])
		else there.push(pod)
	}
	return byNode
}

function poolOf(group: Group, requests: ReadonlyMap<string, readonly KubeObject[]>, names: Set<string>): NodePool {
	const { shape, nodes } = group
	const zones = zonesOf(nodes)
	const status = isObject(nodes[0]?.["status"]) ? nodes[0]["status"] : {}
	const spec = {
		...(shape.taints.length > 0 ? { taints: shape.taints } : {}),
		...(shape.unschedulable ? { unschedulable: true } : {}),
	}
	const template = {
		...(Object.keys(shape.labels).length > 0 ? { metadata: { labels: shape.labels } } : {}),
		...(Object.keys(spec).length > 0 ? { spec } : {}),
		status: Object.fromEntries(
			["capacity", "allocatable"].flatMap((part) => (isObject(status[part]) ? [[part, status[part]]] : [])),
		),
	}
	const used = usedOf(nodes, requests)
	return {
		apiVersion: "simulation.rollcall.dev/v1alpha1",
		kind: "NodePool",
		metadata: {
			name: uniqueName(
				poolName(
					shape.labels,
					nodes.map(({ metadata }) => metadata.name),
				),
				names,
			),
		},
		spec: {
			replicas: nodes.length,
			...(zones.length > 0 ? { zones } : {}),
			template,
			...(Object.keys(used).length > 0 ? { used } : {}),
		},
	} as unknown as NodePool
}

function zonesOf(nodes: readonly KubeObject[]): string[] {
	const zones = nodes.flatMap(({ metadata }) => metadata.labels?.[ZONE] ?? metadata.labels?.[OLD_ZONE] ?? [])
	return [...new Set(zones)].sort(byCodeUnit)
}

/** The average of a node's requests, rounded up: to thousandths for CPU, to whole units for the rest. */
function usedOf(nodes: readonly KubeObject[], requests: ReadonlyMap<string, readonly KubeObject[]>): StringMap {
	const total = new Map<string, bigint>()
	for (const { metadata } of nodes) {
		for (const pod of requests.get(metadata.name) ?? []) {
			add(total, podRequests(pod))
			add(total, new Map([["pods", 1_000_000_000n]]))
		}
	}
	const used = [...total]
		.sort(([a], [b]) => byCodeUnit(a, b))
		.map(([resource, nano]) => {
			const unit = resource === "cpu" ? 1_000_000n : 1_000_000_000n
			const share = BigInt(nodes.length) * unit
			const average = ((nano + share - 1n) / share) * unit
			const format = resource === "memory" || resource === "ephemeral-storage" ? "BinarySI" : "DecimalSI"
			return [resource, formatQuantity({ nano: average, format })] as const
		})
	return Object.fromEntries(used)
}
