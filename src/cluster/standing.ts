import type { Instant } from "../base/index.ts"

/** Where a DaemonSet stands now. Numbers are those of its next status, ahead of the stored one (rule S1). */
export type Standing = {
	/** Hash label of the current template; empty before the first sync. */
	readonly hash: string
	readonly desired: number
	readonly updated: number
	readonly available: number
	/** Nodes with an available pod of the current template and no other: where this very version is healthy. */
	readonly healthy: number
	/** Available old pods that wait for their turn (rules R5, R6, R8). */
	readonly waiting: number
	/** Rule R2, and how much of it is used (R5, R7). Absent under OnDelete. */
	readonly budget?: { readonly of: "maxUnavailable" | "maxSurge"; readonly size: number; readonly used: number }
	/** What keeps every pass from being made (rules R2, R9). */
	readonly error?: string
	/** Nodes that use the budget, or should have an available pod and have none; by name, made as they are read. */
	readonly trouble: Iterable<NodeTrouble>
	readonly leftOut: readonly LeftOut[]
}

/** Nodes that exist and that the DaemonSet does not want (rule P2), by reason: the most frequent first. */
export type LeftOut = {
	/** `selector`: its node selector or affinity; else the taint that it does not tolerate, as `key=value:Effect`. */
	readonly reason: string
	readonly nodes: number
	/** The first few by name. */
	readonly examples: readonly string[]
}

/** One node that a DaemonSet has trouble with: plain facts, from which history tells the cause. Instants are cluster time. */
export type NodeTrouble = {
	readonly node: string
	/** `unknown`: nobody hears its kubelet (rule N7). `none`: it joined and never reported. `gone`: there is no such Node. */
	readonly state: "ready" | "not-ready" | "unknown" | "none" | "gone"
	/** Since when it is so; 0 where it is gone. */
	readonly since: Instant
	readonly cordoned: boolean
	/** A taint that the pod does not tolerate, as `key=value:Effect`. */
	readonly taint?: string
	readonly usesBudget: boolean
	/** The pod that speaks for the node: the new one where there is one, else the old one, else one that is going. */
	readonly pod?: PodTrouble
}

export type PodTrouble = {
	readonly name: string
	/** Of the current template. */
	readonly isNew: boolean
	/** What it is at. `pending`: without a node; `waiting`: its kubelet has not begun. */
	readonly stage:
		| "pending"
		| "waiting"
		| "pulling"
		| "pull-back-off"
		| "starting"
		| "initializing"
		| "running"
		| "ready"
		| "crash-back-off"
		| "failed"
		| "succeeded"
	/** When that began. */
	readonly since: Instant
	/** On its way: by when 99 of 100 pods of its behavior are available. */
	readonly expectedAt?: Instant
	/** It is being deleted: since when, and when it is killed at the latest. */
	readonly terminating?: { readonly since: Instant; readonly until: Instant }
	/** The scheduler found no place. */
	readonly noRoom?: NoRoom
	/** The container that keeps it: its state's or last state's reason, as `kubectl get pod -o yaml` has them. */
	readonly container?: {
		readonly name: string
		readonly image: string
		readonly reason: string
		readonly message?: string
		/** Of its last run: how that ended. */
		readonly exitCode?: number
		readonly ended?: string
		readonly restarts: number
	}
}

export type NoRoom = {
	/** The scheduler's own words (rule K9). */
	readonly message: string
	/** Each resource that is short on the pod's own node: thousandths of a core, bytes, or pieces. */
	readonly short: readonly {
		readonly resource: string
		readonly wanted: number
		readonly free: number
		/** Who holds most of it, the largest first; NodePools' `used` is `other workloads`. */
		readonly holders: readonly { readonly pod: string; readonly amount: number }[]
	}[]
	/** Rules K6, K11, K14: whether pods of lower priority could make room. */
	readonly preemption: "under-way" | "never" | "impossible" | "nobody-lower" | "not-enough"
}
