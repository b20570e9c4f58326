import { nextTick, orphansCollectedAt, POD_GC_PACE } from "../garbage/index.ts"
import { Due } from "../timeline/due.ts"
import { schedule } from "../timeline/timeline.ts"
import type { Machine } from "../writes/machine.ts"
import { dropPod } from "../writes/pods.ts"
import { podsOn } from "./kubelet.ts"

/** G2: pods of nodes that are gone are collected by the look after their quarantine. */
export function planPodCollection(machine: Machine): void {
	const { state } = machine
	if (state.collecting !== -1 || state.lost.size === 0) return
	const first = Math.min(...state.lost.values())
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
