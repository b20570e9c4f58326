import type { Taint } from "../../kube/index.ts"
import { EventCode } from "../facts/event-words.ts"
import { evictionAt, lastHeartbeat, nextLook, unknownAt } from "../node-lifecycle/index.ts"
import { Pressure, Readiness } from "../state/nodes.ts"
import { half } from "../state/pods.ts"
import { newVersion } from "../state/uids.ts"
import { Due } from "../timeline/due.ts"
import { cancel, schedule } from "../timeline/timeline.ts"
import { podReacts } from "../wiring.ts"
import { nodeEvent, podEvent } from "../writes/events.ts"
import { type Machine, nodeShapeOf, podShapeOf } from "../writes/machine.ts"
import { setReady } from "../writes/pods.ts"
import { deletePod } from "../writes/terminate.ts"
import { podsOn, restartPods, wakePods } from "./kubelet.ts"
import { PHASE, retaint } from "./node-taints.ts"
import { awaitOutOfService } from "./pod-collector.ts"
import { awaitExecution, zonesChanged } from "./zones.ts"

/** What the node lifecycle does when its entry is due (`extra`). */
export const NodeStep = { Joined: 1, Silent: 2, Execute: 3 } as const

export function nodeDue(machine: Machine, node: number, step: number): void {
	const { nodes } = machine.state
	nodes.timer[node] = -1
	if (nodes.exists[node] !== 1) return
	if (step === NodeStep.Joined) settleIn(machine, node)
	else if (step === NodeStep.Silent) lose(machine, node)
	else retaint(machine, node, "NoExecute")
}

/** The machine stops: nobody notices before the grace period is over (rule N7). */
export function breakNode(machine: Machine, node: number): void {
	const { state } = machine
	const { nodes } = state
	if (nodes.downAt.has(node)) return
	nodes.downAt.set(node, state.now)
	const heard = lastHeartbeat(nodes.upAt[node] as number, state.now)
	plan(machine, node, Math.max(unknownAt(heard, PHASE), state.now), NodeStep.Silent)
}

/** The machine is back: its kubelet is heard, and goes on with its pods. */
export function mendNode(machine: Machine, node: number): void {
	const { state } = machine
	const { nodes } = state
	if (!nodes.downAt.delete(node)) return
	nodes.upAt[node] = state.now
	setReadiness(machine, node, Readiness.True)
	retaint(machine, node, "NoSchedule")
	plan(machine, node, nextLook(state.now + 1, PHASE), NodeStep.Execute)
	wakePods(machine, node)
}

export function pressNode(machine: Machine, node: number, resource: keyof typeof Pressure, on: boolean): boolean {
	const { state } = machine
	const { nodes } = state
	const before = nodes.pressure[node] as number
	const after = on ? before | Pressure[resource] : before & ~Pressure[resource]
	if (after === before) return false
	nodes.pressure[node] = after
	nodes.pressureAt.set(node, state.now)
	nodes.version[node] = newVersion(state)
	retaint(machine, node, "NoSchedule")
	return true
}

/** D10: evictions of all pods of a node, as its taints now ask for them. */
export function planEvictions(machine: Machine, node: number): void {
	const taints = executing(nodeShapeOf(machine, node).taints)
	const { pods } = machine.state
	for (const row of podsOn(machine.state, node)) {
		if (pods.bound[row] === 1 && (taints.length > 0 || pods.evicts[row] !== -1)) planEviction(machine, row, taints)
	}
}

export function planEviction(machine: Machine, row: number, taints: readonly Taint[]): void {
	const { state } = machine
	const { pods } = state
	const at =
		(pods.deletedAt[half(row)] as number) > 0
			? undefined
			: evictionAt(taints, podShapeOf(machine, row).spec.tolerations ?? [], state.now)
	// A time that was set stays: the taint that set it is still there.
	if (at !== undefined && pods.evicts[row] !== -1 && at > state.now) return
	if (pods.evicts[row] !== -1) {
		cancel(state.timeline, pods.evicts[row] as number)
		if (at === undefined && pods.deletedAt[half(row)] === 0) podEvent(machine, row, EventCode.EvictionCancelled)
	}
	pods.evicts[row] =
		at === undefined ? -1 : schedule(state.timeline, Math.max(at, state.now + slowest(state)), Due.Evict, row)
}

// N9: an eviction writes its Event and the pod's condition first, so the DaemonSet controller's own deletion is there before.
function slowest({ settings }: Machine["state"]): number {
	return settings.watchMs + EVICTION_CALLS * settings.callMs
}
const EVICTION_CALLS = 4

export function evict(machine: Machine, row: number): void {
	machine.state.pods.evicts[row] = -1
	podEvent(machine, row, EventCode.Evicting)
	machine.facts.pod(row, "evicted")
	deletePod(machine, row)
}

export function executing(taints: readonly Taint[]): readonly Taint[] {
	return taints.filter(({ effect }) => effect === "NoExecute")
}

function settleIn(machine: Machine, node: number): void {
	const { nodes } = machine.state
	if (nodes.ready[node] === Readiness.None) setReadiness(machine, node, Readiness.True)
	retaint(machine, node, "NoSchedule")
	if (nodes.ready[node] !== Readiness.True) retaint(machine, node, "NoExecute")
	if (nodes.firstPod[node] !== -1) restartPods(machine, node)
}

/** N7: nobody has heard the node for its grace period; its pods count as not ready. */
function lose(machine: Machine, node: number): void {
	const { state } = machine
	const { nodes, pods } = state
	if (!nodes.downAt.has(node)) return
	setReadiness(machine, node, Readiness.Unknown)
	retaint(machine, node, "NoSchedule")
	awaitExecution(machine, node)
	awaitOutOfService(machine, node)
	for (const row of podsOn(state, node)) {
		if (pods.bound[row] !== 1) continue
		podEvent(machine, row, EventCode.PodNodeNotReady)
		if (pods.ready[row] !== 1) continue
		setReady(machine, row, false)
		machine.facts.pod(row, "unready")
		podReacts(machine, row)
	}
}

export function setReadiness(machine: Machine, node: number, ready: number): void {
	const { state } = machine
	const { nodes } = state
	if (nodes.ready[node] === ready) return
	nodes.ready[node] = ready
	nodes.readySince[node] = state.now
	nodes.version[node] = newVersion(state)
	const step = ready === Readiness.True ? "ready" : ready === Readiness.Unknown ? "unknown" : "not-ready"
	machine.facts.node(node, step)
	nodeEvent(machine, node, ready === Readiness.True ? EventCode.NodeReady : EventCode.NodeNotReady)
	if (ready === Readiness.True) zonesChanged(machine)
}

function plan(machine: Machine, node: number, at: number, step: number): void {
	const { nodes, timeline } = machine.state
	if (nodes.timer[node] !== -1) cancel(timeline, nodes.timer[node] as number)
	nodes.timer[node] = schedule(timeline, at, Due.Node, node, step)
}
