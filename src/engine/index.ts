/**
 * The engine: one loop that ties git, the plan, the cluster, history and the store together, and its pace.
 *
 * Owns the order of things: journalled before it acts, one transaction, and only then out. Promises: the same commits
 * and seed give the same history. Never: touches the world but through `ports.ts`.
 */
export type {
	Batch,
	Clock,
	JournalRow,
	Mark,
	ParseCache,
	PlacedInput,
	Snapshot,
	Source,
	SourceState,
	Store,
} from "./ports.ts"
