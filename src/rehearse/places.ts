import { byCodeUnit } from "../base/index.ts"
import type { StringMap } from "../kube/index.ts"

/** Where a zone is named. */
const ZONE = "topology.kubernetes.io/zone"
/** Where providers name the pool of a node. */
const POOLS = [
	"cloud.google.com/gke-nodepool",
	"karpenter.sh/nodepool",
	"eks.amazonaws.com/nodegroup",
	"alpha.eksctl.io/nodegroup-name",
	"kubernetes.azure.com/agentpool",
]

/** Nodes of one pool and zone; the zone is empty where the nodes name none. */
export type Place = { readonly pool: string; readonly zone: string; readonly nodes: number }

export type LabelsOf = (node: string) => StringMap | undefined

export function zoneOf(labels: StringMap | undefined): string {
	return labels?.[ZONE] ?? ""
}

/** As its provider names the pool, else its name without the number at the end. */
function poolOf(node: string, labels: StringMap | undefined): string {
	for (const label of POOLS) {
		const name = labels?.[label]
		if (name !== undefined && name !== "") return name
	}
	return node.replace(/[-.]?\d+$/, "") || node
}

/** How many of these nodes are where, by pool, then zone. */
export function placesOf(nodes: Iterable<string>, labelsOf: LabelsOf): Place[] {
	const found = new Map<string, { pool: string; zone: string; nodes: number }>()
	for (const node of nodes) {
		const labels = labelsOf(node)
		const [pool, zone] = [poolOf(node, labels), zoneOf(labels)]
		const key = JSON.stringify([pool, zone])
		const place = found.get(key) ?? { pool, zone, nodes: 0 }
		found.set(key, place)
		place.nodes++
	}
	return [...found.values()].sort((a, b) => byCodeUnit(a.pool, b.pool) || byCodeUnit(a.zone, b.zone))
}
