import { type KubeObject, keyParts, type NodePool, type ObjectKey } from "../kube/index.ts"
import type { Change, Hold } from "./contract.ts"

export type GuardSettings = {
	/** The largest share of the nodes, or of the DaemonSets, that one commit may remove unasked: 0 to 1. */
	readonly largestShare: number
}

type Tally = { removed: number; of: number }

/**
 * Holds a commit that would remove all nodes, all DaemonSets, or too large a share of either. Only what came from git
 * counts; the nodes of a NodePool count one by one.
 */
export function guard(
	changes: readonly Change[],
	applied: ReadonlyMap<ObjectKey, KubeObject>,
	settings: GuardSettings,
): Hold[] {
	const losses = changes.filter((change) => change.action === "delete" || keyParts(change.key).kind === "NodePool")
	if (losses.length === 0) return []
	const nodes: Tally = { removed: 0, of: 0 }
	const daemonSets: Tally = { removed: 0, of: 0 }
	for (const [key, object] of applied) {
		nodes.of += nodesOf(key, object)
		daemonSets.of += isDaemonSet(key) ? 1 : 0
	}
	for (const { key, before, after } of losses) {
		if (before === undefined) continue
		nodes.removed += Math.max(0, nodesOf(key, before) - (after === undefined ? 0 : nodesOf(key, after)))
		if (after === undefined && isDaemonSet(key)) daemonSets.removed++
	}
	return [
		...hold("removes-nodes", "node", nodes, settings),
		...hold("removes-daemonsets", "DaemonSet", daemonSets, settings),
	]
}

function hold(rule: Hold["rule"], what: string, { removed, of }: Tally, { largestShare }: GuardSettings): Hold[] {
	if (removed === 0 || (removed < of && removed <= of * largestShare)) return []
	const share = removed < of ? `${removed} of ${of} ${what}s` : of === 1 ? `the only ${what}` : `all ${of} ${what}s`
	const message = `it would remove ${share}; to let it through, add the trailer "Allow-Disruption: yes" to a new commit, or start with --allow-disruption`
	return [{ rule, message, removed, of }]
}

function isDaemonSet(key: ObjectKey): boolean {
	const { group, kind } = keyParts(key)
	return group === "apps" && kind === "DaemonSet"
}

function nodesOf(key: ObjectKey, object: KubeObject): number {
	const { group, kind } = keyParts(key)
	if (kind === "Node" && group === "") return 1
	return kind === "NodePool" && group === "simulation.rollcall.dev" ? (object as NodePool).spec.replicas : 0
}
