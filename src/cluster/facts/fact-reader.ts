import { type Instant, invariant } from "../../base/index.ts"
import type { Fact, FactReader, NodeReading, PodFact, PodReading } from "../fact.ts"
import { nodeName, PLAIN, podName } from "../state/names.ts"
import type { State } from "../state/state.ts"
import { type TextId, textOf } from "../state/strings.ts"
import { uidText } from "../state/uids.ts"
import { CHUNK, COLUMNS, type FactChunk, Kind, NODE_STEPS, POD_STEPS } from "./fact-chunk.ts"
import { MadeEventFact, MadePodFact } from "./made-facts.ts"

/** Where the facts are. */
export type Chunks = {
	/** The sequence of the first fact that is still here; the first of a chunk. */
	readonly first: number
	/** The chunk that the fact with this sequence is in. */
	chunkOf(sequence: number): FactChunk | undefined
}

const KINDS = ["pod", "node", "event"] as const

export class RingReader implements FactReader {
	readonly pod: PodRow
	readonly node: NodeRow
	readonly #state: State
	readonly #chunks: Chunks
	readonly #origin: number
	#sequence: number
	#chunk: FactChunk | undefined
	#at = 0

	constructor(state: State, chunks: Chunks, after: number) {
		this.#state = state
		this.#chunks = chunks
		this.#origin = chunks.first
		this.#sequence = after
		this.pod = new PodRow(state)
		this.node = new NodeRow(state)
	}

	next(): boolean {
		if (this.#sequence >= this.#state.sequence) return false
		const sequence = ++this.#sequence
		const place = (sequence - this.#origin) & (CHUNK - 1)
		if (place === 0 || this.#chunk === undefined) this.#chunk = this.#chunks.chunkOf(sequence)
		invariant(this.#chunk !== undefined && sequence >= this.#chunks.first, "a fact is read before it is let go")
		const { cells } = this.#chunk
		const at = place * COLUMNS
		this.#at = at
		const kind = (cells[at + 1] as number) >>> 8
		if (kind === Kind.Pod) this.pod.moveTo(cells, at, sequence)
		else if (kind === Kind.Node) this.node.moveTo(cells, at, sequence)
		return true
	}

	get kind(): Fact["kind"] {
		const kind = (this.#cells[this.#at + 1] as number) >>> 8
		return KINDS[kind] ?? this.#rare().kind
	}

	made(): Fact {
		const cells = this.#cells
		const kind = (cells[this.#at + 1] as number) >>> 8
		const code = (cells[this.#at + 1] as number) & 255
		if (kind === Kind.Pod) return new MadePodFact(this.#state, this.#sequence, this.pod.step, cells, this.#at)
		if (kind === Kind.Event) return new MadeEventFact(this.#state.strings, this.#sequence, code, cells, this.#at)
		if (kind === Kind.Rare) return this.#rare()
		const { at, sequence, step, node } = this.node
		return { kind: "node", at, sequence, step, node }
	}

	get #cells(): Float64Array {
		return (this.#chunk as FactChunk).cells
	}

	#rare(): Fact {
		return (this.#chunk as FactChunk).rare[this.#cells[this.#at + 2] as number] as Fact
	}
}

/** What pods' and nodes' rows have in common: when, and which node. */
class Row {
	protected readonly state: State
	protected cells: Float64Array = new Float64Array(COLUMNS)
	protected start = 0
	sequence = 0

	constructor(state: State) {
		this.state = state
	}

	moveTo(cells: Float64Array, start: number, sequence: number): void {
		this.cells = cells
		this.start = start
		this.sequence = sequence
	}

	get at(): Instant {
		return this.cells[this.start] as number
	}

	get nodeBase(): number {
		return this.cells[this.start + 6] as number
	}

	get nodeNumber(): number {
		const number = this.cells[this.start + 7] as number
		return number === PLAIN ? -1 : number
	}

	get node(): string {
		const base = this.nodeBase
		return base === 0 ? "" : nodeName(this.state.strings, base, this.cells[this.start + 7] as number)
	}

	protected text(column: number): string {
		return textOf(this.state.strings, this.cells[this.start + column] as TextId)
	}
}

class NodeRow extends Row implements NodeReading {
	readonly kind = "node"

	get step(): NodeReading["step"] {
		return NODE_STEPS[(this.cells[this.start + 1] as number) & 255] as NodeReading["step"]
	}
}

class PodRow extends Row implements PodReading {
	readonly kind = "pod"

	get step(): PodFact["step"] {
		return POD_STEPS[(this.cells[this.start + 1] as number) & 255] as PodFact["step"]
	}

	get namespace(): string {
		return this.text(2)
	}

	get podBase(): string {
		return this.text(3)
	}

	get podSuffix(): number {
		const number = this.cells[this.start + 4] as number
		return number === PLAIN ? -1 : number
	}

	get pod(): string {
		return podName(this.state.strings, this.cells[this.start + 3] as TextId, this.cells[this.start + 4] as number)
	}

	get uid(): string {
		return uidText(this.state, this.cells[this.start + 5] as number)
	}

	// One cell holds the DaemonSet's key and the reason, both as texts.
	get daemonSet(): string | undefined {
		const key = Math.floor((this.cells[this.start + 10] as number) / 0x1_0000_0000)
		return key === 0 ? undefined : textOf(this.state.strings, key)
	}

	get daemonSetUid(): string | undefined {
		const uid = this.cells[this.start + 8] as TextId
		return uid === 0 ? undefined : textOf(this.state.strings, uid)
	}

	get hash(): string {
		return this.text(9)
	}

	get reason(): string | undefined {
		const reason = (this.cells[this.start + 10] as number) % 0x1_0000_0000
		return reason === 0 ? undefined : textOf(this.state.strings, reason)
	}
}
