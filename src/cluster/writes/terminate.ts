import { half } from "../state/pods.ts"
import { newVersion } from "../state/uids.ts"
import { Due } from "../timeline/due.ts"
import { cancel, schedule } from "../timeline/timeline.ts"
import { podReacts } from "../wiring.ts"
import { type Machine, podShapeOf } from "./machine.ts"
import { dropPod } from "./pods.ts"

/**
 * Deletes a pod: one that no kubelet has seen goes at once, others are marked and stopped by their kubelet. A shorter
 * grace period than before counts; 0 is at once, whoever still runs.
 */
export function deletePod(machine: Machine, row: number, graceSeconds?: number): void {
	const { state } = machine
	const { pods } = state
	const grace = graceSeconds ?? podShapeOf(machine, row).spec.terminationGracePeriodSeconds ?? 30
	if (!isHeld(machine, row) && (pods.bound[row] === 0 || graceSeconds === 0)) {
		dropPod(machine, row)
		return
	}
	const marked = (pods.deletedAt[half(row)] as number) > 0
	if (marked && grace * 1000 >= (pods.graceMs[half(row)] as number)) return
	pods.graceMs[half(row)] = grace * 1000
	pods.version[half(row)] = newVersion(state)
	if (!marked) {
		pods.deletedAt[half(row)] = state.now
		machine.facts.pod(row, "terminating")
		podReacts(machine, row, 0, 1)
	}
	if (pods.bound[row] === 0) return
	// Nobody there will stop it; the collector may (G5).
	if (state.nodes.downAt.has(pods.node[row] as number)) machine.afterNode(pods.node[row] as number, false)
	// The kubelet learns of it by its watch; its story ends here.
	if (pods.timer[row] !== -1) cancel(state.timeline, pods.timer[row] as number)
	pods.timer[row] = schedule(state.timeline, state.now + state.settings.watchMs, Due.Life, row, 1)
}

/** G8: a finalizer keeps it, whatever its kubelet has done. */
export function isHeld(machine: Machine, row: number): boolean {
	const { overlays } = machine.state.pods
	const overlay = overlays.size === 0 ? undefined : overlays.get(row)
	return (overlay?.metadata.finalizers ?? (overlay === undefined ? podShapeOf(machine, row).finalizers : [])).length > 0
}
