/**
 * History: what the ledger's rows say of revisions, rollouts and what each node went through.
 *
 * Owns the fold from facts to rows. Promises: the same facts give the same rows; a rollout's number never changes.
 * Never: writes a row down, or asks the cluster.
 */

export { canonicalEntry, parseEntry } from "./canonical-entry.ts"
export type {
	CauseCount,
	ChangeSummary,
	CommitRecord,
	CommitVerdict,
	LedgerEntry,
	NodeStep,
	Person,
	RefusedObject,
	RevisionRef,
	RolloutNumbers,
	RolloutTrigger,
	RolloutVerdict,
	StepsRef,
} from "./contract.ts"
