import type { Instant } from "../base/index.ts"
import type { Cluster, LeftOut, Spoken } from "../cluster/index.ts"
import type { History, LedgerEntry, NodeStep, RevisionRef } from "../history/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { Place } from "./places.ts"

/** What a rehearsal plays on: a copy of a cluster with its history that nobody else has. The engine's will do. */
export type Stage = {
	readonly cluster: Cluster
	readonly history: History
	/** Runs to `to`, instant by instant. */
	advance(to: Instant): void
	/** When something happens next; undefined where nothing is left to come. */
	nextAt(): Instant | undefined
	/** True where nothing is left but repeats. */
	isSettled(): boolean
	/** Hands over what happened since it was asked last. */
	take(): {
		readonly entries: readonly LedgerEntry[]
		readonly steps: ReadonlyMap<string, Uint8Array>
	}
}

/** What was seen. Instants are cluster time. */
export type Rehearsed = {
	readonly startedAt: Instant
	/** When the last thing happened that was no repeat, or where it was given up. */
	readonly endedAt: Instant
	/** False where it was given up: something would have gone on beyond the horizon of 30 days. */
	readonly settled: boolean
	readonly digest: string
	/** By number. */
	readonly rollouts: readonly RolloutForecast[]
	/** Pods of anybody that were preempted or evicted, and those that have no place at the end; in order of name. */
	readonly preempted: readonly Affected[]
	readonly evicted: readonly Affected[]
	readonly pending: readonly Affected[]
	/** What Rollcall itself would decide on the way, in its words: pauses of what fails. */
	readonly decided: readonly string[]
	/** All DaemonSets together: nodes that are without an available pod, counted once for each DaemonSet. */
	readonly down: Down
}

export type RolloutForecast = {
	readonly rollout: number
	readonly daemonSet: ObjectKey
	readonly from?: RevisionRef
	readonly to: RevisionRef
	readonly startedAt: Instant
	readonly endedAt?: Instant
	/** Absent where it was still going on when the rehearsal was given up. */
	readonly verdict?: Extract<LedgerEntry, { kind: "rollout-ended" }>["verdict"]
	readonly reason?: string
	/** Who stopped it at the end, since when and why: `paused by ada since …`. */
	readonly paused?: string
	readonly desired: number
	readonly updated: number
	readonly available: number
	/** The most down at once from its start to its end, as the ledger counts them; `down` looks beyond that. */
	readonly mostUnavailable: number
	/** What each node goes through, in the order in which it begins; nodes of the same instant by name. */
	readonly order: readonly NodeStep[]
	/** Nodes whose pod is replaced, that get one, and that lose theirs. */
	readonly restarts: number
	readonly gains: number
	readonly losses: number
	/** Where these are. */
	readonly places: readonly TouchedPlace[]
	/** Nodes that it is not for at the end, by reason (rule P2). */
	readonly leftOut: readonly (LeftOut & { readonly places: readonly Place[] })[]
	readonly surge: Surge
	readonly restsOn: RestsOn
	readonly down: Down
}

export type TouchedPlace = Pick<Place, "pool" | "zone"> & Pick<RolloutForecast, "restarts" | "gains" | "losses">

/** Room that is needed beside what runs already: for old and new pods of the same node at once. */
export type Surge = {
	/** The most at once. */
	readonly pods: number
	/** What these ask for: thousandths of a core, and bytes. */
	readonly cpuMilli: number
	readonly memoryBytes: number
}

/** What the time rests on. */
export type RestsOn = Spoken & {
	/** The median of what a node takes, in milliseconds: its old pod to go, its new one to be ready, and then available. */
	readonly stopMs: number
	readonly startMs: number
	readonly availableMs: number
}

/** Nodes that are wanted and have no available pod. */
export type Down = {
	/** Before anything was done. */
	readonly atStart: number
	readonly most: number
	readonly mostAt: Instant
	readonly atEnd: number
	/** The most at once by zone; nodes without one under "". */
	readonly mostByZone: ReadonlyMap<string, number>
	/** How many, at every instant where it changed. */
	readonly samples: readonly DownSample[]
}

export type DownSample = { readonly at: Instant; readonly down: number }

/** A pod that pays for the change. */
export type Affected = {
	readonly namespace: string
	readonly pod: string
	/** Empty where it has none. */
	readonly node: string
	readonly daemonSet?: ObjectKey
	readonly at: Instant
	/** What the scheduler said of a pod without a place. */
	readonly message?: string
}
