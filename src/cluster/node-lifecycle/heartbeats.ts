import type { Instant } from "../../base/index.ts"

/** Paces of the node controller and of the kubelet's lease, with the real defaults. Milliseconds. */
export type HeartbeatPace = {
	readonly leaseMs: number
	readonly graceMs: number
	readonly monitorMs: number
}

export const HEARTBEAT_PACE: HeartbeatPace = { leaseMs: 10_000, graceMs: 50_000, monitorMs: 5_000 }

/**
 * D1: a lease is a function of time: renewed every 10 s from when the kubelet came up. The last renewal at or before
 * `at`; where the kubelet stopped, `at` is that moment.
 */
export function lastHeartbeat(upSince: Instant, at: Instant, pace: HeartbeatPace = HEARTBEAT_PACE): Instant {
	return at < upSince ? upSince : upSince + Math.floor((at - upSince) / pace.leaseMs) * pace.leaseMs
}

/** D2: the node controller looks every 5 s from `phase` on: its first look at or after `from`. */
export function nextLook(from: Instant, phase: Instant, pace: HeartbeatPace = HEARTBEAT_PACE): Instant {
	return phase + Math.ceil((from - phase) / pace.monitorMs) * pace.monitorMs
}

/** D3: the look that finds the grace period over, after which Ready is Unknown (N7). Nothing stands on the timeline before. */
export function unknownAt(heartbeat: Instant, phase: Instant, pace: HeartbeatPace = HEARTBEAT_PACE): Instant {
	return nextLook(heartbeat + pace.graceMs, phase, pace)
}

/**
 * D4: NoExecute comes from a queue that is looked at every 0.1 s. When the node is heard again NoSchedule goes at once,
 * NoExecute at the controller's next look (`nextLook`).
 */
export const NO_EXECUTE_DELAY_MS = 100
