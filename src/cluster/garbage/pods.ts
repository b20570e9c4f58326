import { byCodeUnit, type Instant } from "../../base/index.ts"
import type { Taint } from "../../kube/index.ts"

/** Paces of the pod garbage collector, with the real defaults. */
export type PodGcPace = { readonly tickMs: number; readonly quarantineMs: number; readonly terminatedLimit: number }

export const POD_GC_PACE: PodGcPace = { tickMs: 20_000, quarantineMs: 40_000, terminatedLimit: 12_500 }

/** G1: the collector looks every 20 s from `phase` on. Its first look strictly after `at`; nothing ticks meanwhile. */
export function nextTick(at: Instant, phase: Instant, pace: PodGcPace = POD_GC_PACE): Instant {
	return phase + (Math.floor((at - phase) / pace.tickMs) + 1) * pace.tickMs
}

/**
 * G2: a pod on a node that is gone: the look that finds it puts the node into quarantine, and the first look after the
 * quarantine collects its pods, unless the node is back (N6: about 62 s seen). That look, for a node gone since `goneAt`.
 */
export function orphansCollectedAt(goneAt: Instant, phase: Instant, pace: PodGcPace = POD_GC_PACE): Instant {
	return nextTick(nextTick(goneAt, phase, pace) + pace.quarantineMs, phase, pace)
}

/** What one look sees of a pod. `finished`: Failed or Succeeded. */
export type PodTrace = {
	readonly finished: boolean
	readonly terminating: boolean
	readonly nodeName: string
	readonly nodeExists: boolean
	/** Its node has the out-of-service taint and is not ready. */
	readonly outOfService: boolean
}

/** G5: someone has said of a node that is not ready that it will not come back: its pods need not wait for it. */
export function isOutOfService(taints: readonly Taint[], ready: boolean): boolean {
	return !ready && taints.some((taint) => taint.key === "node.kubernetes.io/out-of-service")
}

/**
 * G3, G4, G5: why a pod is collected, other than for its number: its node is gone; it is terminating and was never
 * scheduled; it is terminating on a node that is out of service.
 */
export function collects(pod: PodTrace): keyof typeof POD_GC_REASONS | undefined {
	if (pod.nodeName !== "" && !pod.nodeExists) return "orphaned"
	if (pod.terminating && pod.nodeName === "") return "unscheduled"
	return pod.terminating && pod.outOfService ? "outOfService" : undefined
}

/** G6: a collected pod that has not finished is first marked Failed, with this condition if any, and then goes at once. */
export const POD_GC_REASONS = {
	orphaned: { reason: "DeletionByPodGC", message: "PodGC: node no longer exists" },
	unscheduled: undefined,
	outOfService: undefined,
} as const

/** G7: beyond 12,500 finished pods the oldest go: evicted ones first, then by creation, then by name. */
export function excessTerminated<
	Pod extends { readonly evicted: boolean; readonly createdAt: Instant; readonly name: string },
>(finished: readonly Pod[], pace: PodGcPace = POD_GC_PACE): readonly Pod[] {
	const excess = finished.length - pace.terminatedLimit
	if (pace.terminatedLimit <= 0 || excess <= 0) return []
	return [...finished]
		.sort((a, b) => Number(b.evicted) - Number(a.evicted) || a.createdAt - b.createdAt || byCodeUnit(a.name, b.name))
		.slice(0, excess)
}
