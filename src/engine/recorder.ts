import type { Instant } from "../base/index.ts"
import type { Facts } from "../cluster/index.ts"
import type { LedgerEntry } from "../history/index.ts"
import type { Clock, SourceState, Store } from "./ports.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"

/** How often a mark is written while nothing happens, and how often a snapshot at the most, in real time. */
export const MARK_MS = 1_000
const SNAPSHOT_MS = 60_000

/** What the engine tells after each batch: all of it is durable. */
export type Told = {
	readonly at: Instant
	readonly entries: readonly LedgerEntry[]
	/** To be read before anything else happens. */
	readonly facts: Facts
	/** Undefined until it was asked for the first time. */
	readonly source: SourceState | undefined
}

/** Writes what happened in one transaction, and only then tells it. */
export class Recorder {
	readonly #store: Store
	readonly #clock: Clock
	readonly #observe: (told: Told) => void
	#writtenRest = ""
	#lastMark = 0
	#lastSnapshot: number

	constructor(store: Store, clock: Clock, observe: (told: Told) => void) {
		this.#store = store
		this.#clock = clock
		this.#observe = observe
		this.#lastSnapshot = clock.monotonic()
	}

	/** True where the last batch is so old that even a small one is worth its transaction. */
	due(): boolean {
		return this.#clock.monotonic() - this.#lastMark > MARK_MS / 4
	}

	/** `rest` is the engine's own state beside the recorded. Where nothing happened, a mark a second is enough. */
	flush(recorded: RecordedCluster, rest: string, source: SourceState | undefined, isLast: boolean): void {
		const unwritten = recorded.take()
		const now = this.#clock.monotonic()
		const quiet = unwritten.inputs.length + unwritten.entries.length + unwritten.facts.length === 0
		// The last mark says how far it came: the next start goes on from there.
		if (quiet && rest === this.#writtenRest && now - this.#lastMark < MARK_MS && !isLast) return
		this.#lastMark = now
		this.#store.commit({
			inputs: unwritten.inputs,
			entries: unwritten.entries,
			steps: unwritten.steps,
			...(rest === this.#writtenRest ? {} : { rest }),
			mark: recorded.mark(),
			wall: this.#clock.wall(),
		})
		this.#writtenRest = rest
		if (now - this.#lastSnapshot > SNAPSHOT_MS) this.snapshot(recorded)
		if (!quiet) this.tell({ at: recorded.cluster.now(), entries: unwritten.entries, facts: unwritten.facts, source })
	}

	snapshot(recorded: RecordedCluster): void {
		this.#lastSnapshot = this.#clock.monotonic()
		this.#store.saveSnapshot(recorded.save())
	}

	tell(told: Told): void {
		this.#observe(told)
	}
}
