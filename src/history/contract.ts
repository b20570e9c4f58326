import type { Instant } from "../base/index.ts"
import type { Finding, ObjectKey, Refusal } from "../kube/index.ts"
import type { FieldChange } from "../plan/index.ts"

/** A person in a commit. */
export type Person = { readonly name: string; readonly email: string }

/** A commit as the ledger keeps it. Times of git are in milliseconds, wall time. */
export type CommitRecord = {
	readonly commit: string
	readonly parents: readonly string[]
	readonly author: Person
	readonly committer: Person
	readonly authoredAt: Instant
	readonly committedAt: Instant
	readonly subject: string
	/** What its signature came to when the commit was taken; absent where nobody asked. */
	readonly signature?: Signature
	/** Trailers of this commit and of every commit that the first-parent step brings in: `Allow-Disruption`, … */
	readonly trailers: readonly {
		readonly name: string
		readonly value: string
		readonly commit: string
		readonly author: Person
	}[]
	/** Authors of the commits that a merge brings in, newest first. */
	readonly brings: readonly { readonly commit: string; readonly author: Person; readonly subject: string }[]
}

/** Who signed, as the key says, and the key's fingerprint. */
export type Signature = { readonly state: SignatureState; readonly signer?: string; readonly key?: string }
/** `unreadable`: nobody could check it, as where a program is missing. Only `good` is good enough. */
export type SignatureState =
	| "good"
	| "none"
	| "bad"
	| "unknown-key"
	| "expired"
	| "expired-key"
	| "revoked-key"
	| "unreadable"

/**
 * The ledger's rows: append-only, in order, each with a number of its own. `at` is cluster time; wall time is kept
 * beside the row by the store, outside the canonical form.
 */
export type LedgerEntry =
	| {
			readonly kind: "commit"
			readonly at: Instant
			readonly commit: CommitRecord
			readonly verdict: CommitVerdict
			readonly reason?: string
			readonly changes: readonly ChangeSummary[]
			readonly findings: readonly Finding[]
			readonly refused: readonly RefusedObject[]
	  }
	| {
			readonly kind: "decision"
			readonly at: Instant
			readonly decision:
				| "hold"
				| "allow"
				| "source-state"
				| "restore"
				| "fleet"
				| "pause"
				| "resume"
				| "restart"
				| "suspend"
				| "resume-source"
				| "sync"
				| "write"
				| "request"
				| "rollback"
			readonly rule: string
			readonly message: string
			readonly commit?: string
			readonly who?: string
			readonly object?: ObjectKey
			/** The request that this answers: no other row has the same. */
			readonly request?: string
			/** Why it was not done; `message` says what was asked. */
			readonly refused?: Pick<Refusal, "reason" | "message">
	  }
	/** What a rehearsal foretold of the rollouts of a commit, just before it acted; their own rows tell what came of them. */
	| {
			readonly kind: "forecast"
			readonly at: Instant
			readonly commit: string
			readonly rollouts: readonly ForecastRollout[]
			/** Pods of anybody: sent away, and without a place at the end. */
			readonly preempted: number
			readonly evicted: number
			readonly pending: number
	  }
	/** A write by another hand than git's, that changed something: which fields, by which client. */
	| {
			readonly kind: "write"
			readonly at: Instant
			readonly client: string
			readonly key: ObjectKey
			readonly action: "create" | "update" | "delete"
			readonly fields: readonly FieldChange[]
	  }
	/** Entries up to `last`, from before a moment, were removed for good: `hash` is that of the last one. */
	| {
			readonly kind: "prune"
			readonly at: Instant
			readonly before: Instant
			readonly last: number
			readonly hash: string
			readonly who: string
	  }
	/** Another hand changed what git owns. `fields`: from what they were changed to, to what git has. */
	| {
			readonly kind: "drift"
			readonly at: Instant
			readonly key: ObjectKey
			readonly client: string
			readonly action: "changed" | "deleted"
			readonly fields: readonly FieldChange[]
			/** `healed`: it is as git has it again. */
			readonly response: "healed" | "reported" | "refused"
			readonly reason?: string
	  }
	/** A revision that a commit brought; `seen-in-git` where the commit came before the first start and was not rolled out. */
	| {
			readonly kind: "revision"
			readonly at: Instant
			readonly daemonSet: ObjectKey
			readonly revision: number
			readonly hash: string
			readonly commit?: string
			readonly origin: "rolled-out" | "seen-in-git"
			/** Who brought it, of a commit that has no row of its own. */
			readonly by?: { readonly author: string; readonly subject: string; readonly committedAt: Instant }
			readonly changeCause?: string
			readonly images: readonly string[]
	  }
	| {
			readonly kind: "rollout-started"
			readonly at: Instant
			readonly rollout: number
			readonly daemonSet: ObjectKey
			readonly trigger: RolloutTrigger
			readonly from?: RevisionRef
			readonly to: RevisionRef
			readonly fields: readonly FieldChange[]
	  }
	| {
			readonly kind: "rollout-ended"
			readonly at: Instant
			readonly rollout: number
			readonly daemonSet: ObjectKey
			/** A rollout that was stuck may end again, with a later entry: the newest word counts. */
			readonly verdict: RolloutVerdict
			readonly reason?: string
			readonly startedAt: Instant
			readonly nodes: RolloutNumbers
			readonly causes: readonly CauseCount[]
			readonly steps: StepsRef
	  }
	/**
	 * What nodes went through with a rollout's revision after its end (late joiners, pods that were replaced); written
	 * when the next rollout of the DaemonSet starts, or when the DaemonSet is deleted.
	 */
	| {
			readonly kind: "rollout-tail"
			readonly at: Instant
			readonly rollout: number
			readonly daemonSet: ObjectKey
			/** The DaemonSet is gone. */
			readonly removed: boolean
			readonly steps: StepsRef
	  }

export type CommitVerdict = "applied" | "superseded" | "held" | "refused" | "unchanged"
export type ChangeSummary = {
	readonly key: ObjectKey
	readonly action: "create" | "update" | "delete"
	readonly fields: readonly FieldChange[]
	readonly path?: string
}
export type RefusedObject = {
	readonly key: ObjectKey
	readonly path: string
	readonly line: number
	readonly message: string
}
export type RolloutTrigger =
	| { readonly kind: "commit"; readonly commit: string }
	| { readonly kind: "client"; readonly client: string }
	| { readonly kind: "engine"; readonly rule: string }
	| { readonly kind: "fleet" }
export type RevisionRef = {
	readonly revision: number
	readonly hash: string
	readonly images: readonly string[]
	readonly commit?: string
	readonly changeCause?: string
}
/** Its number is the one that it gets where nothing else begins before it. */
export type ForecastRollout = {
	readonly rollout: number
	readonly daemonSet: ObjectKey
	/** Absent where it would go on for ever. */
	readonly verdict?: RolloutVerdict
	readonly tookMs?: number
	readonly nodes: RolloutNumbers
}
export type RolloutVerdict = "complete" | "stuck" | "superseded" | "removed"
export type RolloutNumbers = {
	readonly desired: number
	readonly updated: number
	readonly available: number
	readonly mostUnavailable: number
}
/** Why nodes are not available: a word, how many, and the first few names. */
export type CauseCount = { readonly cause: string; readonly nodes: number; readonly examples: readonly string[] }

/** Where the node steps are: a block by the SHA-256 of its bytes, so that the chain over the entries covers it. */
export type StepsRef = { readonly nodes: number; readonly hash: string }

/**
 * What one node went through in one rollout; the block of a rollout holds these, sorted by node. Instants are cluster time,
 * 0 where it did not happen; ready and available are since when, and 0 again when that was lost.
 */
export type NodeStep = {
	readonly node: string
	readonly pod: string
	readonly fromHash: string
	readonly toHash: string
	readonly stoppedAt: Instant
	readonly goneAt: Instant
	readonly createdAt: Instant
	readonly readyAt: Instant
	readonly availableAt: Instant
	readonly restarts: number
	readonly cause: string
}
