/**
 * The engine: one loop that ties git, the plan, the cluster, history and the store together, and its pace.
 *
 * Owns the order of things: acted on, written in one transaction, and only then told. Promises: the same commits and
 * seed give the same history. Never: touches the world but through `ports.ts`.
 */
export { withDraft } from "./draft.ts"
export type { DriftMode } from "./drift.ts"
export { Engine, type EngineSettings } from "./engine.ts"
export type { Fleet } from "./fleet.ts"
export type { Speed } from "./pace.ts"
export { type Ground, groundAt, type Planned, type PlannerParts, planCommit } from "./planner.ts"
export type {
	Batch,
	Clock,
	Inbox,
	JournalRow,
	Letter,
	Mark,
	ParseCache,
	PlacedInput,
	Rollback,
	RollbackEnd,
	RollbackWriter,
	Snapshot,
	Source,
	SourceState,
	Store,
} from "./ports.ts"
export { Reading, type ReadingOptions } from "./reading.ts"
export type { RecordedCluster } from "./recorded-cluster.ts"
export type { Told } from "./recorder.ts"
export { rehearseInputs } from "./rehearse-inputs.ts"
export type { Answer, Edit, Edited, HandWrite, Order, Request } from "./requests.ts"
export { driftIn, quarantinedBy, suspensionIn, type Tracked, trackedBy, waitingBy } from "./rest.ts"
export { type Restored, restore } from "./restore.ts"
export { type Suspension, saySuspension } from "./source-orders.ts"
export type { Verify } from "./verification.ts"
