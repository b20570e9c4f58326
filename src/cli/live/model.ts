import type { Instant } from "../../base/index.ts"
import type { CommitLine } from "../../history/index.ts"

/** Everything that the live view shows, as plain data. */
export type LiveModel = {
	readonly repository: string
	readonly branch: string
	/** `ready`, or what is wrong with the source and what to do about it. */
	readonly source: { readonly state: string; readonly message?: string; readonly next?: string }
	readonly clusterTime: Instant
	/** Infinity for as fast as it can. */
	readonly speed: number
	readonly nodes: number
	readonly notReady: number
	readonly head?: CommitLine
	readonly daemonSets: readonly LiveDaemonSet[]
}

export type LiveDaemonSet = {
	/** `namespace/name`. */
	readonly name: string
	readonly desired: number
	/** Nodes with an available pod of the newest revision. */
	readonly fresh: number
	/** Nodes with an available pod of an older one. */
	readonly old: number
	/** Nodes that should have an available pod and have none. */
	readonly unavailable: number
	readonly revision?: number
	readonly commit?: CommitLine
	/** Who keeps it, where it does not go on by itself: the sentence of `rollout status`. */
	readonly kept?: string
}

/** One fact, told once: a line in the view, or a line of log. */
export type LiveEvent = {
	readonly at: Instant
	readonly level: "debug" | "info" | "warn" | "error"
	/** Stable and kebab-case: `commit-applied`, `rollout-started`, `rollout-ended`, `node-not-ready`, … */
	readonly event: string
	readonly message: string
	/** What else a log line holds. */
	readonly fields?: { readonly [name: string]: string | number | boolean }
}
