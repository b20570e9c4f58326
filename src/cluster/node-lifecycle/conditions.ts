import { formatInstant, type Instant } from "../../base/index.ts"
import type { Condition } from "../../kube/index.ts"
import { lastHeartbeat } from "./heartbeats.ts"

/** A node's state as few small facts; each has the instant of its last change beside it. */
export type NodeState = {
	/** `none`: joined without any condition. `not-ready`: its kubelet says so. `unknown`: nobody hears it (N7). */
	readonly ready: "ready" | "not-ready" | "unknown" | "none"
	readonly readySince: Instant
	readonly memoryPressure: boolean
	readonly memorySince: Instant
	readonly diskPressure: boolean
	readonly diskSince: Instant
	readonly pidPressure: boolean
	readonly pidSince: Instant
	/** When its kubelet came up, and when it went down, if it is down. */
	readonly upSince: Instant
	readonly downSince: Instant | undefined
}

/** How often a kubelet writes its node's status when nothing changes. */
const STATUS_MS = 300_000

type Pressure = {
	readonly type: string
	readonly on: "memoryPressure" | "diskPressure" | "pidPressure"
	readonly since: "memorySince" | "diskSince" | "pidSince"
	readonly calm: readonly [reason: string, message: string]
	readonly pressed: readonly [reason: string, message: string]
}

const PRESSURES: readonly Pressure[] = [
	{
		type: "MemoryPressure",
		on: "memoryPressure",
		since: "memorySince",
		calm: ["KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
		pressed: ["KubeletHasInsufficientMemory", "kubelet has insufficient memory available"],
	},
	{
		type: "DiskPressure",
		on: "diskPressure",
		since: "diskSince",
		calm: ["KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
		pressed: ["KubeletHasDiskPressure", "kubelet has disk pressure"],
	},
	{
		type: "PIDPressure",
		on: "pidPressure",
		since: "pidSince",
		calm: ["KubeletHasSufficientPID", "kubelet has sufficient PID available"],
		pressed: ["KubeletHasInsufficientPID", "kubelet has insufficient PID available"],
	},
]

/** D6: the conditions of a node, in the kubelet's order; all are Unknown once it is lost. */
export function nodeConditions(state: NodeState, now: Instant): readonly Condition[] {
	if (state.ready === "none") return []
	const heard = lastStatus(state, now)
	const pressures = PRESSURES.map(({ type, on, since, calm, pressed }) =>
		state.ready === "unknown"
			? lost(type, heard, state.readySince)
			: condition(type, state[on] ? "True" : "False", heard, state[since], ...(state[on] ? pressed : calm)),
	)
	return [...pressures, readyCondition(state, heard)]
}

function readyCondition(state: NodeState, heard: Instant): Condition {
	if (state.ready === "unknown") return lost("Ready", heard, state.readySince)
	return state.ready === "ready"
		? condition("Ready", "True", heard, state.readySince, "KubeletReady", "kubelet is posting ready status")
		: condition("Ready", "False", heard, state.readySince, "KubeletNotReady", "container runtime network not ready")
}

function lost(type: string, heard: Instant, since: Instant): Condition {
	return condition(type, "Unknown", heard, since, "NodeStatusUnknown", "Kubelet stopped posting node status.")
}

/** D1: the status is written every 5 min and at each change; which of these was last follows from the time. */
function lastStatus(state: NodeState, now: Instant): Instant {
	const until = Math.min(now, state.downSince ?? now)
	const changes = [
		state.memorySince,
		state.diskSince,
		state.pidSince,
		...(state.ready === "unknown" ? [] : [state.readySince]),
	]
	const changed = Math.max(state.upSince, ...changes.filter((at) => at <= until))
	return lastHeartbeat(changed, until, { leaseMs: STATUS_MS, graceMs: 0, monitorMs: 0 })
}

function condition(
	type: string,
	status: string,
	heard: Instant,
	since: Instant,
	reason: string,
	message: string,
): Condition {
	return {
		type,
		status,
		lastHeartbeatTime: formatInstant(heard),
		lastTransitionTime: formatInstant(since),
		reason,
		message,
	}
}
