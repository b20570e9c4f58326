import { formatInstant, type Instant } from "../../base/index.ts"
import type { Taint } from "../../kube/index.ts"
import type { NodeState } from "./conditions.ts"

const PREFIX = "node.kubernetes.io/"

/** A taint of the node lifecycle: which one, without value and time. */
type Owned = { readonly key: string; readonly effect: string }

/** The taint that admission gives every new node (N8). */
export const JOIN_TAINT: Taint = { key: `${PREFIX}not-ready`, effect: "NoSchedule" }

/** D7: what a node's state asks for with NoSchedule. A cordon counts as one of these (N9). */
export function noScheduleTaints(state: NodeState, unschedulable: boolean): readonly Owned[] {
	const keys = [
		state.ready === "not-ready" ? "not-ready" : "",
		state.ready === "unknown" ? "unreachable" : "",
		state.memoryPressure && isHeard(state) ? "memory-pressure" : "",
		state.diskPressure && isHeard(state) ? "disk-pressure" : "",
		state.pidPressure && isHeard(state) ? "pid-pressure" : "",
		unschedulable ? "unschedulable" : "",
	]
	return keys.filter((key) => key !== "").map((key) => ({ key: PREFIX + key, effect: "NoSchedule" }))
}

/** D8: what it asks for with NoExecute, a moment later (D4). */
export function noExecuteTaints(state: NodeState): readonly Owned[] {
	if (state.ready === "not-ready") return [{ key: `${PREFIX}not-ready`, effect: "NoExecute" }]
	if (state.ready === "unknown") return [{ key: `${PREFIX}unreachable`, effect: "NoExecute" }]
	return []
}

/**
 * D9: the list with the node lifecycle's own taints of one effect as wanted: what is no longer wanted goes, what is new
 * comes last with its time, what stays keeps its time, and all others are left alone. The same list where nothing changes.
 */
export function withTaints(
	taints: readonly Taint[],
	effect: "NoSchedule" | "NoExecute",
	wanted: readonly Owned[],
	now: Instant,
): readonly Taint[] {
	const isOwned = (taint: Taint): boolean => taint.effect === effect && OWNED[effect].has(taint.key)
	const kept = taints.filter((taint) => !isOwned(taint) || wanted.some((item) => item.key === taint.key))
	const added = wanted.filter((item) => !taints.some((taint) => taint.effect === effect && taint.key === item.key))
	if (kept.length === taints.length && added.length === 0) return taints
	return [...kept, ...added.map((item) => ({ ...item, timeAdded: formatInstant(now) }))]
}

/** Pressure is only known of a node that is heard: the conditions of a lost one are Unknown. */
function isHeard(state: NodeState): boolean {
	return state.ready === "ready" || state.ready === "not-ready"
}

const OWNED = {
	NoSchedule: new Set(
		[
			"not-ready",
			"unreachable",
			"memory-pressure",
			"disk-pressure",
			"pid-pressure",
			"network-unavailable",
			"unschedulable",
		].map((key) => PREFIX + key),
	),
	NoExecute: new Set([`${PREFIX}not-ready`, `${PREFIX}unreachable`]),
} as const
