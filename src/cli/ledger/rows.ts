import type { Instant } from "../../base/index.ts"
import type {
	CauseCount,
	ChangeSummary,
	CommitRecord,
	CommitVerdict,
	NodeStep,
	RefusedObject,
	RevisionRef,
	RolloutNumbers,
	RolloutTrigger,
	RolloutVerdict,
} from "../../history/index.ts"
import type { Finding, ObjectKey } from "../../kube/index.ts"
import type { FieldChange } from "../../plan/index.ts"

/** Who brought it, as far as lists show it. */
export type CommitLine = { readonly commit: string; readonly author: string; readonly subject: string }

/** A rollout as a list shows it. Instants are cluster time; `…Wall` is wall time. */
export type RolloutRow = {
	readonly rollout: number
	readonly daemonSet: ObjectKey
	readonly trigger: RolloutTrigger
	readonly commit?: CommitLine
	readonly from?: RevisionRef
	readonly to: RevisionRef
	readonly startedAt: Instant
	readonly startedWall?: Instant
	readonly endedAt?: Instant
	readonly endedWall?: Instant
	/** Absent while it goes on. */
	readonly verdict?: RolloutVerdict
	readonly reason?: string
	readonly nodes?: RolloutNumbers
	readonly causes: readonly CauseCount[]
}

/** A revision that git had before the first start: seen, not rolled out. */
export type SeenRow = {
	readonly daemonSet: ObjectKey
	readonly revision: RevisionRef
	readonly commit?: CommitLine
	readonly at: Instant
}

/** A commit as a list shows it. */
export type CommitRow = {
	readonly commit: string
	readonly author: string
	readonly subject: string
	readonly committedAt: Instant
	/** Cluster time. */
	readonly at: Instant
	readonly verdict: CommitVerdict
	readonly reason?: string
	readonly changes: number
	readonly refused: number
	readonly findings: number
}

export type RolloutDetail = {
	readonly row: RolloutRow
	readonly commit?: CommitRecord
	readonly fields: readonly FieldChange[]
	/** Sorted by node. */
	readonly steps: readonly NodeStep[]
}

export type CommitDetail = {
	readonly commit: CommitRecord
	readonly at: Instant
	readonly verdict: CommitVerdict
	readonly reason?: string
	readonly changes: readonly ChangeSummary[]
	readonly findings: readonly Finding[]
	readonly refused: readonly RefusedObject[]
	readonly rollouts: readonly RolloutRow[]
}

/** What one DaemonSet has on one node, and since when. */
export type TraceRow = {
	readonly daemonSet: ObjectKey
	readonly pod: string
	readonly status: string
	readonly hash: string
	readonly revision?: number
	readonly rollout?: number
	readonly images: readonly string[]
	readonly commit?: CommitLine
	readonly since: Instant
	/** True where it is the DaemonSet's newest revision. */
	readonly current: boolean
}
