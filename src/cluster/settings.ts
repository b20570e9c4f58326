import type { ClusterOptions } from "./contract.ts"

/** Paces, delays and limits. Durations in milliseconds. Frozen with the start: a run never changes them. */
export type Settings = {
	readonly seed: string
	/** What chance rests on: the seed, but for a copy that tries other dice. Ids rest on the seed alone. */
	readonly dice: string
	/** N16: requests a second of the controller manager; 0 lifts the limit. */
	readonly controlPlaneQps: number
	readonly controlPlaneBurst: number
	/** DaemonSets that are synced at the same time. */
	readonly concurrentSyncs: number
	/** How long one call to the API takes, there and back. */
	readonly callMs: number
	/** How long a change takes to reach who watches it. */
	readonly watchMs: number
	/** From a pod that is seen to its binding. */
	readonly bindMs: number
	/** N8: how long a new node keeps the taint of its admission. */
	readonly nodeReadyMs: number
	/** S5: creations, and deletions, of one pass. */
	readonly burstReplicas: number
	/** S4. */
	readonly expectationsMs: number
	/** Work-queue back-off: 5 ms doubling to 1,000 s. */
	readonly retryBaseMs: number
	readonly retryMostMs: number
	/** From an owner's deletion to that of its dependents. */
	readonly ownerGcMs: number
	/** Crash loops are repeats, no news, from this restart on. */
	readonly restartsUntilSettled: number
}

export function settingsOf(options: ClusterOptions): Settings {
	return Object.freeze({
		seed: options.seed,
		dice: options.seed,
		controlPlaneQps: options.controlPlaneQps ?? 20,
		controlPlaneBurst: options.controlPlaneBurst ?? 30,
		concurrentSyncs: 2,
		callMs: 1,
		watchMs: 2,
		bindMs: 1,
		nodeReadyMs: 150,
		burstReplicas: 250,
		expectationsMs: 300_000,
		retryBaseMs: 5,
		retryMostMs: 1_000_000,
		ownerGcMs: 5,
		restartsUntilSettled: 5,
	})
}
