import type { Instant } from "../base/index.ts"
import type { Finding, ObjectKey } from "../kube/index.ts"
import type { FieldChange } from "../plan/index.ts"
import type {
	CauseCount,
	ChangeSummary,
	CommitRecord,
	CommitVerdict,
	ForecastRollout,
	LedgerEntry,
	NodeStep,
	RefusedObject,
	RevisionRef,
	RolloutNumbers,
	RolloutTrigger,
	RolloutVerdict,
	SignatureState,
} from "./contract.ts"

/** The ledger to read: lists newest first, node steps sorted by node. What is not there is undefined or empty. */
export type Ledger = {
	rollouts(query?: {
		readonly daemonSet?: ObjectKey
		readonly verdict?: RolloutVerdict
		readonly limit?: number
	}): readonly RolloutRow[]
	rollout(number: number): RolloutDetail | undefined
	steps(rollout: number): readonly NodeStep[]
	commits(query?: { readonly verdict?: CommitVerdict; readonly limit?: number }): readonly CommitRow[]
	/** Every commit whose id begins so, each with the newest word on it. */
	commit(prefix: string): readonly CommitDetail[]
	/** Every time that a revision of the DaemonSet appeared, oldest first. */
	revisions(daemonSet: ObjectKey): readonly RevisionRow[]
	/** Revisions that git had before the first start. */
	seen(query?: { readonly daemonSet?: ObjectKey; readonly limit?: number }): readonly RevisionRow[]
	/** Decisions, writes by other hands, and drift: what was done other than by a commit or a rollout. */
	decisions(query?: {
		/** So many of those that are wanted, the newest. */
		readonly limit?: number
		readonly wanted?: (entry: DecidedEntry) => boolean
	}): readonly (NumberedEntry & { readonly entry: DecidedEntry })[]
	/** What was foretold of each rollout, beside what came of it; those of the newest commit first. */
	forecasts(query?: { readonly limit?: number }): readonly ForecastRow[]
	/** What was recorded before this was pruned; undefined where nothing was. */
	prunedBefore(): Instant | undefined
	/** The row that answers a request. */
	answer(request: string): AnswerRow | undefined
	/** Entries with a number above `after`, in order. */
	entries(after: number, limit?: number): readonly NumberedEntry[]
}

/** `row` is absent where the rollout never began. */
export type ForecastRow = {
	readonly commit: string
	readonly at: Instant
	readonly forecast: ForecastRollout
	readonly row?: RolloutRow
}

export type DecidedEntry = Extract<LedgerEntry, { readonly kind: "decision" | "write" | "drift" }>

/** The row that answers a request: what was asked, by whom, and where it was refused, why. */
export type AnswerRow = NumberedEntry & { readonly entry: Extract<LedgerEntry, { readonly kind: "decision" }> }

/** An entry with its place in the chain, and the wall time beside it. */
export type NumberedEntry = {
	readonly number: number
	readonly wall: Instant
	readonly hash: string
	readonly entry: LedgerEntry
}

/** Who brought it, as far as lists show it. */
export type CommitLine = {
	readonly commit: string
	readonly author: string
	readonly subject: string
	/** Absent where nobody asked. */
	readonly signature?: SignatureState
}

/** A rollout as a list shows it. Instants are cluster time; `…Wall` is wall time. */
export type RolloutRow = {
	readonly rollout: number
	readonly daemonSet: ObjectKey
	readonly trigger: RolloutTrigger
	readonly commit?: CommitLine
	readonly from?: RevisionRef
	readonly to: RevisionRef
	readonly startedAt: Instant
	readonly startedWall: Instant
	readonly endedAt?: Instant
	readonly endedWall?: Instant
	/** Absent while it goes on. */
	readonly verdict?: RolloutVerdict
	/** Where it was stuck, whatever came of it later. */
	readonly stuckAt?: Instant
	readonly reason?: string
	readonly nodes?: RolloutNumbers
	readonly causes: readonly CauseCount[]
	/** The DaemonSet was deleted while this was its newest rollout. */
	readonly removedAt?: Instant
}

export type RolloutDetail = {
	readonly row: RolloutRow
	readonly commit?: CommitRecord
	readonly fields: readonly FieldChange[]
	/** The entry that told of its beginning was pruned, and with it the fields. */
	readonly pruned?: true
	readonly steps: readonly NodeStep[]
}

export type RevisionRow = {
	readonly daemonSet: ObjectKey
	readonly revision: RevisionRef
	readonly origin: "rolled-out" | "seen-in-git"
	readonly commit?: CommitLine
	/** Wall time of a commit that was only seen in git. */
	readonly committedAt?: Instant
	readonly at: Instant
}

/** A commit as a list shows it. */
export type CommitRow = {
	readonly commit: string
	readonly author: string
	readonly subject: string
	readonly signature?: SignatureState
	readonly committedAt: Instant
	readonly at: Instant
	readonly wall: Instant
	readonly verdict: CommitVerdict
	readonly reason?: string
	readonly changes: number
	readonly refused: number
	readonly findings: number
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
