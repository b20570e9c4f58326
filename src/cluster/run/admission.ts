import { EventCode } from "../facts/event-words.ts"
import { Stage } from "../kubelet/index.ts"
import { admission } from "../scheduler/index.ts"
import { half } from "../state/pods.ts"
import { textId } from "../state/strings.ts"
import { newVersion } from "../state/uids.ts"
import { podReacts } from "../wiring.ts"
import { podEvent } from "../writes/events.ts"
import { type Machine, podShapeOf } from "../writes/machine.ts"
import { endPod } from "../writes/pods.ts"
import { liveOn } from "./kubelet.ts"
import { demandFor, factsOf, needsFor, roomOf } from "./scheduler.ts"

/** The next stage of a pod's life; before the first one the kubelet judges what no scheduler has judged (K19). */
export function lifeDue(machine: Machine, row: number): void {
	const { pods, nodes } = machine.state
	const node = pods.node[row] as number
	const heard = nodes.exists[node] === 1 && !nodes.downAt.has(node)
	if (
		heard &&
		pods.stage[row] === 0 &&
		pods.attempts[row] === 0 &&
		isBoundByManifest(machine, row) &&
		reject(machine, row, node)
	)
		return
	liveOn(machine, row)
}

function isBoundByManifest(machine: Machine, row: number): boolean {
	const { overlays } = machine.state.pods
	const overlay = overlays.size === 0 ? undefined : overlays.get(row)
	const { nodeName } = (overlay?.["spec"] ?? podShapeOf(machine, row).spec) as { readonly nodeName?: string }
	return nodeName !== undefined && nodeName !== ""
}

/** K19: a pod that its kubelet does not take is Failed at once. */
function reject(machine: Machine, row: number, node: number): boolean {
	const { state } = machine
	const { pods } = state
	const shape = podShapeOf(machine, row)
	const room = roomOf(machine, node, row)
	const rejection = admission(demandFor(machine, shape), needsFor(machine, shape), factsOf(machine, node), room)
	if (rejection === undefined) return false
	const { reason, message } = rejection
	pods.timer[row] = -1
	endPod(machine, row, Stage.Failed)
	pods.stageAt[half(row)] = state.now
	pods.endedAt[half(row)] = state.now
	pods.waitMs[half(row)] = -1
	pods.version[half(row)] = newVersion(state)
	pods.message[row] = textId(state.strings, `${reason}: ${message}`)
	podEvent(machine, row, EventCode.Rejected, pods.message[row] as number)
	machine.facts.pod(row, "failed", textId(state.strings, reason))
	podReacts(machine, row)
	return true
}
