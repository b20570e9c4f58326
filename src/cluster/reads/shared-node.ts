import type { ObjectKey } from "../../kube/index.ts"
import { nodesInOrder } from "../state/node-order.ts"
import type { State } from "../state/state.ts"
import type { Machine } from "../writes/machine.ts"
import { nameOfNode } from "../writes/nodes.ts"

/** P2: the first node, by name, on which both DaemonSets should run; undefined where there is none. */
export function sharedNode({ state }: Machine, one: ObjectKey, other: ObjectKey): string | undefined {
	const [first, second] = [one, other].map((key) => state.daemonSets[state.slots.get(key) ?? -1])
	if (first === undefined || second === undefined) return undefined
	for (const node of nodesInOrder(state.nodes)) {
		const places = (first.census.places[node] ?? 0) & (second.census.places[node] ?? 0)
		if ((places & 1) !== 0 && state.nodes.exists[node] === 1) return nameOfNode(state, node)
	}
	return undefined
}

/** Pods that no DaemonSet owns. */
export function otherPods({ pods, daemonSets }: State): number {
	return daemonSets.reduce((left, owner) => left - (owner?.podCount ?? 0), pods.live)
}
