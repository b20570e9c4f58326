/**
 * History: what the ledger's rows say of revisions, rollouts and what each node went through.
 *
 * Owns the fold from facts to rows. Promises: the same facts give the same rows; a rollout's number never changes.
 * Never: writes a row down, or asks the cluster.
 */

export { canonicalEntry, parseEntry } from "./canonical-entry.ts"
export type {
	ChangeSummary,
	CommitRecord,
	CommitVerdict,
	LedgerEntry,
	NodeStep,
	Person,
	RefusedObject,
	RevisionRef,
	RolloutTrigger,
	Signature,
	SignatureState,
} from "./contract.ts"
export {
	AUTOMATON,
	failedRollouts,
	nextDeadline,
	noteFailed,
	overtaken,
	type PendingRollback,
	pendingRollbacks,
} from "./failure.ts"
export { fold, type Live, settle } from "./fold.ts"
export {
	createHistory,
	forkHistory,
	type History,
	loadHistory,
	noteInput,
	type SavedHistory,
	saveHistory,
	watch,
} from "./history.ts"
export type {
	AnswerRow,
	CommitDetail,
	CommitLine,
	CommitRow,
	DecidedEntry,
	ForecastRow,
	Ledger,
	NumberedEntry,
	RevisionRow,
	RolloutDetail,
	RolloutRow,
} from "./ledger.ts"
export { causesOf, openRollouts, reasonOf, unsealedSteps } from "./progress.ts"
export { type Quarantined, quarantineAfter, type Released } from "./quarantine.ts"
export { endUnseen, type Folded } from "./rollout-end.ts"
export { decodeSteps, encodeSteps } from "./steps.ts"
export { hasId, type Release, releaseTrailer, undoRecordOf, undoTrailers } from "./undo-record.ts"
export { type UndoTarget, type UndoWish, undoTarget } from "./undo-target.ts"
export type { NodeCause } from "./why/cause.ts"
export { type CauseGroup, type Why, whyOf } from "./why/why.ts"
