import type { Instant } from "../base/index.ts"
import type { CommitRecord } from "../history/index.ts"
import { advance, isSettled, nextAt } from "./advance.ts"
import { beginAnew, bringAgain } from "./begin-anew.ts"
import { noteSource } from "./decisions.ts"
import { Desk } from "./desk.ts"
import { Drift, type DriftMode } from "./drift.ts"
import type { Fleet } from "./fleet.ts"
import { Intake, type IntakeSettings } from "./intake.ts"
import { Pace, type Speed } from "./pace.ts"
import { Polls } from "./polls.ts"
import type { Clock, Inbox, Mark, ParseCache, RollbackWriter, Source, SourceState, Store } from "./ports.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import { MARK_MS, Recorder, type Told } from "./recorder.ts"
import type { Answer, Request } from "./requests.ts"
import { driftIn } from "./rest.ts"
import { beginAfter, restore } from "./restore.ts"
import { Rollbacks } from "./rollbacks.ts"
import { failureOr } from "./source-failure.ts"
import { Waker } from "./waker.ts"

const never = (): boolean => false

/** The engine has this much of the processor before others get a turn, in real milliseconds. */
const SLICE_MS = 10
/** A longer silence than this was a stop of the machine: cluster time does not catch up. */
const LOST_MS = 10_000
/** Cluster time after which what still moves is taken to move for ever: pods that succeed and come again (rule N11). */
const SETTLE_MS = 30 * 86_400_000

export type EngineParts = {
	readonly source: Source
	readonly store: Store
	readonly cache: ParseCache
	readonly clock: Clock
	/** Where other processes leave requests; without it, only `ask` takes them. */
	readonly inbox?: Inbox
	/** Where Rollcall may write to the branch; without it nothing is written. */
	readonly rollbacks?: RollbackWriter
	/** Told what is durable, in order; it must not throw. */
	readonly observe: (told: Told) => void
}

export type EngineSettings = IntakeSettings & {
	readonly seed: string
	readonly speed: Speed
	/** Requests a second of the controller manager (rule N16); 0 lifts the limit. */
	readonly controlPlaneQps?: number
	readonly fleet?: Fleet
	/** Default: as it was last, at first heal. */
	readonly drift?: DriftMode
}

export type WalkOptions = {
	/** Each commit when the one before is rolled out, not at its own time. */
	readonly settle: boolean
	/** At the speed of the settings, not as fast as it can. */
	readonly paced: boolean
}

/** The one loop: commits in, cluster on, ledger written, and only then told. */
export class Engine {
	readonly #parts: EngineParts
	readonly #settings: EngineSettings
	readonly #intake: Intake
	readonly #recorder: Recorder
	readonly #desk: Desk
	readonly #drift: Drift
	readonly #rollbacks: Rollbacks
	readonly #waker = new Waker()
	readonly #polls: Polls
	readonly #pace: Pace
	#recorded: RecordedCluster | undefined
	#sourceState: SourceState | undefined
	#lastSlice: number

	constructor(parts: EngineParts, settings: EngineSettings) {
		this.#parts = parts
		this.#settings = settings
		this.#intake = new Intake(parts.source, parts.cache, parts.clock, settings, parts.store.rest())
		this.#recorder = new Recorder(parts.store, parts.clock, parts.observe)
		this.#drift = new Drift(settings.drift, parts.clock, driftIn(parts.store.rest()))
		this.#desk = new Desk(parts.store, parts.clock, parts.inbox, settings.secretKey)
		const { rollbacks: writer, source, clock } = parts
		const wake = (): void => this.#waker.wake()
		this.#polls = new Polls(source, wake)
		this.#rollbacks = new Rollbacks({ writer, source, clock, wake })
		const restored = restore(parts.store)
		this.#recorded = restored?.recorded
		if (restored?.faithful === false) this.#beginAnew(restored.mark, restored.recorded)
		this.#lastSlice = parts.clock.monotonic()
		this.#pace = new Pace(settings.speed, this.#recorded?.cluster.now() ?? 0, this.#lastSlice)
		if (this.#recorded !== undefined && settings.fleet !== undefined) this.#intake.bring(this.#recorded, settings.fleet)
	}

	/** Undefined until the first commit is read. */
	get recorded(): RecordedCluster | undefined {
		return this.#recorded
	}

	/**
	 * Something that is wanted other than through git. Acted on between two slices, and answered when that is durable;
	 * before the first commit is read, it waits. Asked again under the same id it is the same request.
	 */
	ask(request: Request): Promise<Answer> {
		const answer = this.#desk.ask(request)
		this.#waker.wake()
		return answer
	}

	/** Follows the branch until the signal aborts, at the pace of the settings. */
	async follow(signal: AbortSignal): Promise<void> {
		const inbox = this.#parts.inbox?.watch(() => {
			this.#desk.ring()
			this.#waker.wake()
		})
		const over = new AbortController()
		const watched = AbortSignal.any([signal, over.signal])
		// Awaited only at the end: a watch that breaks before has to end the run, or it ends the process.
		const moved = (): void => this.#polls.moved()
		const watching = this.#parts.source.watch(moved, watched).catch((bug) => this.#polls.broke(bug))
		this.#tie()
		try {
			while (!signal.aborted) {
				this.#waker.taken()
				this.#polls.askBeside()
				const polled = this.#polls.take()
				if (polled !== undefined) await this.#takeTip(polled)
				this.#slice()
				this.#flush()
				if (this.#recorded !== undefined) this.#rollbacks.ask(this.#recorded)
				await this.#rest(signal)
			}
		} finally {
			// Where the loop failed nobody else ends the watch.
			over.abort()
			inbox?.close()
			await watching
		}
	}

	/** Applies the newest commit and runs until nothing is left but repeats. Says where the source stands. */
	async once(signal: AbortSignal): Promise<SourceState> {
		for (;;) {
			const state = await this.#takeTip(await this.#polls.now())
			await this.settle(signal)
			while (this.#recorded !== undefined && this.#rollbacks.ask(this.#recorded)) {
				await this.#rollbacks.answered()
				this.#flush()
			}
			// What is rolled back comes as a commit; a rollback that fails is not rolled back.
			if (!this.#polls.isDue || signal.aborted) return state
		}
	}

	/** Takes every first-parent commit that was not taken yet, oldest first, and settles. */
	async walk(options: WalkOptions, signal: AbortSignal, taken: (commit: CommitRecord) => void): Promise<SourceState> {
		const state = await this.#parts.source.poll()
		const base = this.#intake.seen
		const settle = (): Promise<void> => (options.paced ? this.#pacedSettle(signal) : this.settle(signal))
		let end = state
		if (state.kind === "ready" && (base === undefined || (await this.#isAncestor(base, state.tip)))) {
			this.#changeSource(state)
			this.#tie()
			end = await failureOr(state, async () => {
				for await (const record of this.#parts.source.walk(base, state.tip)) {
					if (options.settle) await settle()
					await this.#walkTo(record, options, signal)
					if (signal.aborted) return
					taken(record)
				}
			})
		}
		if (signal.aborted) return end
		// Also what was held, or was read in another way, at the last start.
		end = await this.#takeTip(end)
		await settle()
		return end
	}

	async #walkTo(record: CommitRecord, options: WalkOptions, signal: AbortSignal): Promise<void> {
		const recorded = this.#recorded ?? this.#begin(record)
		if (!options.settle) await this.#run(recorded, record.committedAt, never, signal)
		if (signal.aborted) return
		await this.#intake.take(recorded, record)
		if (options.paced || this.#recorder.due()) this.#flush()
	}

	/** What another hand took away is looked at on the way. */
	#advance(recorded: RecordedCluster, to: Instant, enough: () => boolean): boolean {
		const lookout = {
			isDue: () => this.#drift.isDue(recorded),
			look: () => this.#drift.lookAgain(recorded, this.#intake),
		}
		return advance(recorded, { to, enough, wall: this.#parts.clock.wall(), lookout })
	}

	/** Runs, as fast as it can, until nothing is left but repeats. */
	async settle(signal: AbortSignal): Promise<void> {
		const recorded = this.#recorded
		if (recorded === undefined) return
		const { cluster } = recorded
		const horizon = cluster.now() + SETTLE_MS
		await this.#run(recorded, Number.POSITIVE_INFINITY, () => isSettled(recorded) || cluster.now() >= horizon, signal)
		this.#flush()
	}

	/** Runs to `to`, or until `enough`, in slices: what happened is written, and a stop heeded, in between. */
	async #run(recorded: RecordedCluster, to: Instant, enough: () => boolean, signal: AbortSignal): Promise<void> {
		const { clock } = this.#parts
		while (!signal.aborted && !enough()) {
			const until = clock.monotonic() + SLICE_MS
			if (this.#advance(recorded, to, () => enough() || clock.monotonic() > until) || enough()) return
			if (this.#recorder.due()) this.#flush()
			await clock.sleep(0, signal)
		}
	}

	/** Writes down where it stands. Call it last. */
	stop(): void {
		this.#flush(true)
		if (this.#recorded !== undefined) this.#recorder.snapshot(this.#recorded)
	}

	async #pacedSettle(signal: AbortSignal): Promise<void> {
		while (!signal.aborted && this.#recorded !== undefined && !isSettled(this.#recorded)) {
			this.#slice()
			this.#flush()
			await this.#rest(signal)
		}
	}

	/** Takes the commit that the branch stands at, where it is another one; says how that went. */
	async #takeTip(state: SourceState): Promise<SourceState> {
		let result = state
		if (state.kind === "ready" && !this.#intake.isCurrent(state.tip)) {
			result = await failureOr(state, async () => {
				const record = await this.#parts.source.commit(state.tip)
				await this.#intake.takeTip(this.#recorded ?? this.#begin(record), record)
			})
		}
		if (result.kind === "ready") result = this.#intake.emptiness() ?? result
		this.#changeSource(result)
		return result
	}

	async #isAncestor(base: string, tip: string): Promise<boolean> {
		return base === tip || this.#parts.source.isAncestor(base, tip)
	}

	/** A change of state is a row of the ledger; before there is one, it is told all the same. */
	#changeSource(after: SourceState): void {
		const before = this.#sourceState
		this.#sourceState = after
		if (before?.kind === after.kind || (before === undefined && after.kind === "ready")) return
		if (this.#recorded !== undefined) noteSource(this.#recorded, after)
		else this.#recorder.tell({ at: 0, entries: [], facts: [], source: after })
	}

	/** The replay differs, and the ledger wins. Later starts begin where this one does. */
	#beginAnew(mark: Mark, replayed: RecordedCluster): void {
		const { store, clock } = this.#parts
		const recorded = beginAnew(store, mark, replayed)
		this.#recorded = recorded
		bringAgain(recorded, store, replayed, clock.wall())
		this.#flush()
		// Not before: a kill in between would leave a cluster of which nothing is described.
		this.#recorder.snapshot(recorded)
	}

	/** Cluster time starts at the first commit. */
	#begin(record: CommitRecord): RecordedCluster {
		const { seed, controlPlaneQps, fleet } = this.#settings
		const limit = controlPlaneQps === undefined ? {} : { controlPlaneQps }
		const recorded = beginAfter(this.#parts.store, { seed, start: record.committedAt, ...limit })
		this.#recorder.snapshot(recorded)
		this.#recorded = recorded
		this.#tie()
		if (fleet !== undefined) this.#intake.bring(recorded, fleet)
		return recorded
	}

	/** From here on cluster time keeps pace; what ran ahead of it, or was missed, is not made up for. */
	#tie(): void {
		this.#lastSlice = this.#parts.clock.monotonic()
		if (this.#recorded !== undefined) this.#pace.tie(this.#recorded.cluster.now(), this.#lastSlice)
	}

	/** Lets cluster time catch up with real time, for as long as one slice. */
	#slice(): void {
		const recorded = this.#recorded
		if (recorded === undefined) return
		const { clock } = this.#parts
		if (clock.monotonic() - this.#lastSlice > LOST_MS) this.#tie()
		const now = clock.monotonic()
		this.#lastSlice = now
		const still = (): boolean => this.#pace.speed === "max" && isSettled(recorded)
		if (!still()) this.#advance(recorded, this.#pace.due(now), () => still() || clock.monotonic() - now > SLICE_MS)
	}

	/** Waits for the next thing due, the next commit, or the moment to write a mark. */
	async #rest(signal: AbortSignal): Promise<void> {
		const { clock } = this.#parts
		const recorded = this.#recorded
		const next = recorded && nextAt(recorded)
		const still = this.#pace.speed === "max" && (recorded === undefined || isSettled(recorded))
		const wait = next === undefined || still ? MARK_MS : Math.min(MARK_MS, this.#pace.until(next, clock.monotonic()))
		await clock.sleep(Math.ceil(wait), this.#waker.signal(signal))
	}

	#flush(isLast = false): void {
		if (this.#recorded === undefined) return
		if (this.#desk.attend(this.#recorded, this.#intake, this.#drift)) this.#polls.moved()
		if (this.#rollbacks.tell(this.#recorded)) this.#polls.moved()
		this.#recorder.flush(this.#recorded, this.#intake.rest(this.#drift.saved), this.#sourceState, isLast)
		this.#desk.written()
	}
}
