import { isOutOfService, nextTick, orphansCollectedAt, POD_GC_PACE } from "../garbage/index.ts"
import { Readiness } from "../state/nodes.ts"
import { half } from "../state/pods.ts"
import { Due } from "../timeline/due.ts"
import { schedule } from "../timeline/timeline.ts"
import { type Machine, nodeShapeOf } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import { nameOfNode } from "../writes/nodes.ts"
import { planTask } from "../writes/objects.ts"
import { dropPod } from "../writes/pods.ts"
import { isHeld } from "../writes/terminate.ts"
import { podsOn } from "./kubelet.ts"

/** G2: pods of nodes that are gone are collected by the look after their quarantine. */
export function planPodCollection(machine: Machine): void {
	const { state } = machine
	if (state.collecting !== -1 || state.lost.size === 0) return
	// In the order in which they were lost.
	const [first = state.now] = state.lost.values()
	const at = Math.max(orphansCollectedAt(first, 0), nextTick(state.now, 0))
	state.collecting = schedule(state.timeline, at, Due.CollectPods, 0)
}

/** G3, G6: whatever grace period or finalizers they have. */
export function collectPods(machine: Machine): void {
	const { state } = machine
	state.collecting = -1
	for (const [node, goneAt] of [...state.lost]) {
		if (state.nodes.exists[node] === 1) state.lost.delete(node)
		else if (orphansCollectedAt(goneAt, 0, POD_GC_PACE) <= state.now) {
			state.lost.delete(node)
			for (const row of podsOn(state, node)) if (state.pods.bound[row] === 1) dropPod(machine, row)
		}
	}
	planPodCollection(machine)
}

/** G5: pods that are to go from a node that will not come back need not wait for it. */
export function awaitOutOfService(machine: Machine, node: number): void {
	const { state } = machine
	if (!isGivenUp(machine, node) || goingFrom(machine, node).length === 0) return
	const name = nameOfNode(state, node)
	for (const task of state.tasks.values()) if (task.kind === "out-of-service" && task.node === name) return
	planTask(state, nextTick(state.now, 0), { kind: "out-of-service", node: name })
}

/** The collector's look at such a node. */
export function collectGivenUp(machine: Machine, name: string): void {
	const node = findNode(machine.state, name)
	if (node === -1 || !isGivenUp(machine, node)) return
	for (const row of goingFrom(machine, node)) dropPod(machine, row)
}

function isGivenUp(machine: Machine, node: number): boolean {
	const { nodes } = machine.state
	const { taints } = nodeShapeOf(machine, node)
	return taints.length > 0 && nodes.exists[node] === 1 && isOutOfService(taints, nodes.ready[node] === Readiness.True)
}

/** The oldest first; what a finalizer keeps stays. */
function goingFrom(machine: Machine, node: number): number[] {
	const { pods } = machine.state
	const isGoing = (row: number) => pods.bound[row] === 1 && (pods.deletedAt[half(row)] as number) > 0
	return podsOn(machine.state, node).filter((row) => isGoing(row) && !isHeld(machine, row))
}
