import { Digest } from "../../base/index.ts"
import type { Fact, NodeReading, PodFact } from "../fact.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import { Whom } from "../state/event-subjects.ts"
import { PLAIN } from "../state/names.ts"
import { half } from "../state/pods.ts"
import { wordOf } from "../state/records.ts"
import type { State } from "../state/state.ts"
import type { TextId } from "../state/strings.ts"
import { CHUNK, CHUNK_BITS, COLUMNS, type FactChunk, Kind, NODE_STEPS, POD_STEPS, type RareFact } from "./fact-chunk.ts"
import { RingReader } from "./fact-reader.ts"

type NodeStep = NodeReading["step"]
type StatusFact = Extract<RareFact, { readonly kind: "status" }>
type StatusNumbers = Omit<StatusFact, "kind" | "at" | "sequence" | "daemonSet" | "uid">
type WithoutPlace<T> = T extends unknown ? Omit<T, "at" | "sequence"> : never

const KEPT = 65_536
const MOST = 4_194_304

/**
 * The newest facts as numbers, made into facts when they are read. It is output: no later event depends on it, so it is
 * neither forked nor saved. Within one call it grows as it must; before the next it shrinks to what readers may still ask.
 */
export class FactRing {
	readonly #state: State
	readonly #digest: Digest
	#chunks: FactChunk[] = []
	#spare: FactChunk | undefined
	#first: number
	/** No fact after this one is let go. */
	#kept = Number.POSITIVE_INFINITY
	/** The newest fact's kind and step, with the upper half of its time above them: what all facts give the digest. */
	#head = 0
	/** The chunk of the newest fact. */
	#newest: FactChunk = { cells: new Float64Array(0), rare: [] }

	constructor(state: State) {
		this.#state = state
		this.#digest = new Digest(state.digest)
		this.#first = state.sequence + 1
	}

	/** Writes the digest into the state, for a copy or a save. */
	seal(): void {
		this.#state.digest = this.#digest.state()
	}

	hex(): string {
		return this.#digest.hex()
	}

	/** The sequence of the first row of the first chunk. */
	get first(): number {
		return this.#first
	}

	chunkOf(sequence: number): FactChunk | undefined {
		return this.#chunks[(sequence - this.#first) >>> CHUNK_BITS]
	}

	/** Lets go of what nobody may still ask for: all but the newest, or what was to be kept. */
	trim(): void {
		const spare = this.#kept === Number.POSITIVE_INFINITY ? KEPT / CHUNK + 1 : 1
		while (this.#chunks.length > spare && this.#mayDrop()) this.#drop()
	}

	/** From now on no fact after this one is let go, and all up to it may be. */
	keep(after: number): void {
		this.#kept = after
	}

	pod(row: number, step: PodFact["step"], reason: TextId = 0): void {
		const { pods, nodes, strings, daemonSets } = this.#state
		const node = pods.node[row] as number
		const owner = daemonSets[pods.owner[row] as number]
		const at = this.#next(Kind.Pod, POD_STEPS.indexOf(step))
		const { cells } = this.#newest
		const uid = pods.uid[half(row)] as number
		const nodeBase = node < 0 ? 0 : (nodes.base[node] as number)
		const nodeNumber = node < 0 ? PLAIN : (nodes.number[node] as number)
		cells[at + 2] = pods.namespace[row] as number
		cells[at + 3] = pods.base[row] as number
		cells[at + 4] = pods.number[row] as number
		cells[at + 5] = uid
		cells[at + 6] = nodeBase
		cells[at + 7] = nodeNumber
		cells[at + 8] = owner?.uidText ?? 0
		cells[at + 9] = pods.hash[row] as number
		cells[at + 10] = owner === undefined ? reason : reason + owner.keyText * 0x1_0000_0000
		const { marks } = strings
		const hash = (marks[pods.hash[row] as number] as number) + (marks[reason] as number)
		this.#digest
			.words(marks[pods.base[row] as number] as number, (pods.number[row] as number) | 0, uid | 0, hash | 0)
			.words(marks[nodeBase] as number, nodeNumber | 0, this.#state.now | 0, this.#head)
	}

	node(row: number, step: NodeStep): void {
		const { nodes, strings } = this.#state
		const at = this.#next(Kind.Node, NODE_STEPS.indexOf(step))
		const { cells } = this.#newest
		cells[at + 6] = nodes.base[row] as number
		cells[at + 7] = nodes.number[row] as number
		const base = strings.marks[nodes.base[row] as number] as number
		this.#digest.words(base, (nodes.number[row] as number) | 0, this.#state.now | 0, this.#head)
	}

	event(subject: number, code: number, argument: TextId, detail: number, count: number): void {
		const { events, strings } = this.#state
		const { subjects } = events
		const base = wordOf(subjects, subject, Whom.Base)
		const number = wordOf(subjects, subject, Whom.Number)
		const at = this.#next(Kind.Event, code)
		const { cells } = this.#newest
		cells[at + 2] = wordOf(subjects, subject, Whom.Namespace)
		cells[at + 3] = base
		cells[at + 4] = number
		cells[at + 5] = wordOf(subjects, subject, Whom.Kind) & 3
		cells[at + 6] = argument
		cells[at + 7] = detail
		cells[at + 8] = count
		const { marks } = strings
		this.#digest
			.words(marks[base] as number, number | 0, wordOf(subjects, subject, Whom.Uid) | 0, count | 0)
			.words(marks[argument] as number, detail | 0, this.#state.now | 0, this.#head)
	}

	status(owner: DaemonSetRow, numbers: StatusNumbers): void {
		const at = this.#next(Kind.Rare, 1)
		const { now, sequence, strings } = this.#state
		const { cells, rare } = this.#newest
		const { observedGeneration, desired, updated, available, ready, misscheduled } = numbers
		this.#digest
			.words(strings.marks[owner.keyText] as number, strings.marks[owner.uidText] as number, now, this.#head)
			.words(desired, updated, available, ready)
			.words(misscheduled, observedGeneration, 0, 0)
		cells[at + 2] = rare.length
		rare.push({
			kind: "status",
			at: now,
			sequence,
			daemonSet: owner.key,
			uid: owner.uid,
			observedGeneration,
			desired,
			updated,
			available,
			ready,
			misscheduled,
		})
	}

	rare(fact: WithoutPlace<Exclude<RareFact, StatusFact>>): void {
		const at = this.#next(Kind.Rare, 0)
		const { now, sequence } = this.#state
		const { cells, rare } = this.#newest
		this.#digest.words(now, this.#head, 0, 0)
		for (const value of Object.values(fact)) {
			if (typeof value === "string") this.#digest.text(value)
			else this.#digest.integer(Number(value))
		}
		cells[at + 2] = rare.push({ ...fact, at: now, sequence } as RareFact) - 1
	}

	*after(sequence: number): Generator<Fact> {
		const reader = this.reader(Math.max(sequence, this.#first - 1))
		while (reader.next()) yield reader.made()
	}

	reader(after: number): RingReader {
		return new RingReader(this.#state, this, after)
	}

	/** Takes a row for the next fact in the newest chunk, and says where it begins. */
	#next(kind: number, step: number): number {
		const state = this.#state
		const place = ++state.sequence - this.#first
		if ((place & (CHUNK - 1)) === 0) this.#grow()
		const at = (place & (CHUNK - 1)) * COLUMNS
		const { cells } = this.#newest
		cells[at] = state.now
		cells[at + 1] = kind * 256 + step
		this.#head = kind * 256 + step + Math.floor(state.now / 0x1_0000_0000) * 0x1000
		return at
	}

	#grow(): void {
		if (this.#chunks.length * CHUNK >= MOST && this.#mayDrop()) this.#drop()
		this.#newest = this.#spare ?? { cells: new Float64Array(CHUNK * COLUMNS), rare: [] }
		this.#spare = undefined
		this.#chunks.push(this.#newest)
	}

	#mayDrop(): boolean {
		return this.#first + CHUNK - 1 <= this.#kept
	}

	#drop(): void {
		this.#spare = this.#chunks.shift()
		if (this.#spare !== undefined) this.#spare.rare.length = 0
		this.#first += CHUNK
	}
}
