import type { Instant } from "../base/index.ts"
import {
	type Cluster,
	type Fact,
	type FactReader,
	type Facts,
	type ForkChanges,
	type Input,
	type InputSource,
	SnapshotError,
	type Verdict,
	type Write,
} from "../cluster/index.ts"
import {
	createHistory,
	fold,
	forkHistory,
	type History,
	type LedgerEntry,
	loadHistory,
	noteFailed,
	noteInput,
	type SavedHistory,
	saveHistory,
	settle,
} from "../history/index.ts"
import type { KubeObject, ObjectKey } from "../kube/index.ts"
import type { Mark, PlacedInput, Snapshot } from "./ports.ts"

/** What a manager described last, by object: the `before` of its next apply, and all that may be pruned. */
export type Applied = Map<ObjectKey, KubeObject>

/** What happened since the last `take`: not yet durable, so not yet told to anyone. */
export type Unwritten = {
	readonly inputs: readonly PlacedInput[]
	readonly entries: readonly LedgerEntry[]
	readonly steps: ReadonlyMap<string, Uint8Array>
	/** To be read before the next `take`. */
	readonly facts: Facts
}

/**
 * The cluster with its history: everything that follows from the inputs, and nothing else. The same inputs at the same
 * places give the same entries, whatever the pace and however often it was saved and restored in between.
 */
export class RecordedCluster {
	readonly cluster: Cluster
	/** Read it, never change it: `fold` does. */
	readonly history: History
	readonly #applied: ReadonlyMap<InputSource["kind"], Applied>
	#journal: number
	readonly #reader: FactReader
	/** The sequence of the last fact that was handed over. */
	#told: number
	#inputs: PlacedInput[] = []
	#entries: LedgerEntry[] = []
	#steps = new Map<string, Uint8Array>()

	/** With what was `saved` beside the cluster, or with a copy of what another one `like` it knows. */
	constructor(
		cluster: Cluster,
		saved?: Pick<Snapshot, "mark"> & Partial<Pick<Snapshot, "rest">>,
		like?: RecordedCluster,
	) {
		this.cluster = cluster
		const rest = saved?.rest === undefined ? undefined : parseRest(saved.rest)
		if (rest !== undefined && rest.format !== FORMAT) throw new SnapshotError()
		const history = like === undefined ? undefined : forkHistory(like.history)
		this.history = history ?? (rest === undefined ? createHistory() : loadHistory(rest.history))
		this.#applied = new Map([
			["commit", new Map(like?.applied("commit") ?? rest?.commit)],
			["fleet", new Map(like?.applied("fleet") ?? rest?.fleet)],
		])
		this.#journal = saved?.mark.journal ?? 0
		this.#told = cluster.sequence()
		this.#reader = cluster.readFacts(this.#told)
		cluster.keepFacts(this.#told)
	}

	/** Rollouts that begin from here on have this number or a higher one: those below belong to others on record. */
	numberRolloutsFrom(number: number): void {
		this.history.nextRollout = Math.max(this.history.nextRollout, number)
	}

	/** What the commits, or the fleet files, described last. */
	applied(kind: "commit" | "fleet"): ReadonlyMap<ObjectKey, KubeObject> {
		return this.#appliedBy(kind)
	}

	/** Acts now. `describe` makes the ledger's own rows about it, which stand before those of its effects. */
	act(
		input: Input,
		wall: Instant,
		describe: (verdicts: readonly Verdict[]) => readonly LedgerEntry[],
	): readonly Verdict[] {
		const place = { at: this.cluster.now(), after: this.cluster.sequence(), wall, input }
		const verdicts = this.cluster.input(input)
		this.#keep(place, verdicts, describe)
		return verdicts
	}

	/** As `act`; but what was refused, or changes nothing, leaves the cluster as it was, and is not kept to be replayed. */
	attempt(input: Input, wall: Instant, describe: (verdicts: readonly Verdict[]) => readonly LedgerEntry[]): void {
		const place = { at: this.cluster.now(), after: this.cluster.sequence(), wall, input }
		const verdicts = this.cluster.input(input)
		if (verdicts.some((verdict) => verdict.accepted && verdict.changed)) this.#keep(place, verdicts, describe)
		else this.note(...describe(verdicts))
	}

	#keep(
		place: PlacedInput,
		verdicts: readonly Verdict[],
		describe: (verdicts: readonly Verdict[]) => readonly LedgerEntry[],
	): void {
		const { input } = place
		this.#inputs.push(place)
		this.#journal++
		this.#noteApplied(input, verdicts)
		this.#entries.push(...describe(verdicts))
		noteInput(this.history, input.source, input.writes.flatMap(broughtBy))
		noteDecision(this.history, input)
		this.#foldNew()
	}

	/** Blocks of node steps that noted rows name. */
	keepSteps(steps: ReadonlyMap<string, Uint8Array>): void {
		for (const [hash, block] of steps) this.#steps.set(hash, block)
	}

	/** A row that no input belongs to: what was seen, refused or decided. */
	note(...entries: readonly LedgerEntry[]): void {
		this.#entries.push(...entries)
	}

	/**
	 * Runs the cluster to `to`, instant by instant, so that what history says does not depend on how far one call goes.
	 * Stops early where `enough` says so after an instant. Returns true where it got there.
	 */
	advance(to: Instant, enough: () => boolean = () => false): boolean {
		for (;;) {
			const next = this.cluster.nextAt()
			if (next === undefined || next > to) break
			this.cluster.advance(next)
			this.#foldNew()
			if (enough()) return false
		}
		if (Number.isFinite(to) && to > this.cluster.now()) this.cluster.advance(to)
		return true
	}

	mark(): Mark {
		const { cluster } = this
		return { at: cluster.now(), sequence: cluster.sequence(), digest: cluster.digest(), journal: this.#journal }
	}

	/** Hands over what is not yet written down. */
	take(): Unwritten {
		const facts = new FactsBetween(this.cluster, this.#told, this.cluster.sequence())
		const taken = { inputs: this.#inputs, entries: this.#entries, steps: this.#steps, facts }
		this.#inputs = []
		this.#entries = []
		this.#steps = new Map()
		this.cluster.keepFacts(this.#told)
		this.#told = this.cluster.sequence()
		return taken
	}

	/** A copy that shares nothing that changes, to be run ahead; see `Cluster.fork`. */
	fork(changes?: ForkChanges): RecordedCluster {
		return new RecordedCluster(this.cluster.fork(changes), { mark: this.mark() }, this)
	}

	save(): Snapshot {
		return { mark: this.mark(), cluster: this.cluster.save(), rest: JSON.stringify(this.#rest()) }
	}

	#rest(): SavedRest {
		return {
			format: FORMAT,
			history: saveHistory(this.history),
			commit: [...this.#appliedBy("commit")],
			fleet: [...this.#appliedBy("fleet")],
		}
	}

	#foldNew(): void {
		this.#collect(fold(this.history, this.#reader, this.cluster))
		if (this.cluster.settled()) this.#collect(settle(this.history, this.cluster.now()))
	}

	#collect(folded: {
		readonly entries: readonly LedgerEntry[]
		readonly steps: ReadonlyMap<string, Uint8Array>
	}): void {
		for (const entry of folded.entries) this.#entries.push(entry)
		this.keepSteps(folded.steps)
	}

	#appliedBy(kind: "commit" | "fleet"): Applied {
		return this.#applied.get(kind) ?? new Map()
	}

	#noteApplied({ source, writes }: Input, verdicts: readonly Verdict[]): void {
		const applied = this.#applied.get(source.kind === "engine" ? (source.as ?? "engine") : source.kind)
		if (applied === undefined) return
		writes.forEach((write, index) => {
			const verdict = verdicts[index]
			if (write.verb === "apply" && verdict?.accepted) applied.set(write.key, write.object)
			// What is gone already is gone; only a refusal to let it go keeps it git's.
			if (write.verb === "delete" && (verdict?.accepted || verdict?.refusal.reason === "NotFound"))
				applied.delete(write.key)
		})
	}
}

class FactsBetween implements Facts {
	readonly length: number
	readonly #cluster: Cluster
	readonly #after: number

	constructor(cluster: Cluster, after: number, last: number) {
		this.length = last - after
		this.#cluster = cluster
		this.#after = after
	}

	*[Symbol.iterator](): Generator<Fact> {
		const reader = this.#cluster.readFacts(this.#after)
		for (let left = this.length; left > 0 && reader.next(); left--) yield reader.made()
	}
}

/** A rollout that the engine said has failed is not judged again. */
function noteDecision(history: History, { source, writes }: Input): void {
	if (source.kind !== "engine") return
	for (const write of writes) if (write.verb !== "fault") noteFailed(history, write.key, source.rule)
}

/** What a revision that comes next may be due to: an apply of metadata alone brings none. */
function broughtBy(write: Write): ObjectKey[] {
	if (write.verb === "fault") return []
	return write.verb === "apply" && write.object["spec"] === undefined ? [] : [write.key]
}

/** What a snapshot says beside the cluster. */
export function parseRest(rest: string): SavedRest {
	return JSON.parse(rest) as SavedRest
}

/** Raised when what stands there, or in the saved history, comes to mean something else: older ones are passed over. */
const FORMAT = 1

type SavedRest = {
	readonly format: typeof FORMAT
	readonly history: SavedHistory
	readonly commit: readonly (readonly [ObjectKey, KubeObject])[]
	readonly fleet: readonly (readonly [ObjectKey, KubeObject])[]
}
