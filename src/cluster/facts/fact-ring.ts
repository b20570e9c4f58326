import { Digest, type Instant } from "../../base/index.ts"
import type { Fact, PodFact } from "../contract.ts"
import { aboutOf } from "../state/events.ts"
import { nodeName, PLAIN } from "../state/names.ts"
import type { State } from "../state/state.ts"
import type { TextId } from "../state/strings.ts"
import { MadeEventFact, MadePodFact } from "./made-facts.ts"

const POD_STEPS = [
	"created",
	"scheduled",
	"unschedulable",
	"pulling",
	"started",
	"ready",
	"available",
	"unready",
	"failing",
	"failed",
	"succeeded",
	"evicted",
	"preempted",
	"terminating",
	"gone",
] as const satisfies readonly PodFact["step"][]
type NodeStep = Extract<Fact, { readonly kind: "node" }>["step"]
const NODE_STEPS = [
	"joined",
	"left",
	"ready",
	"not-ready",
	"unknown",
	"cordoned",
	"uncordoned",
	"tainted",
	"untainted",
] as const satisfies readonly NodeStep[]

type RareFact = Extract<Fact, { readonly kind: "object" | "revision" | "status" }>
type WithoutPlace<T> = T extends unknown ? Omit<T, "at" | "sequence"> : never

const Kind = { Pod: 0, Node: 1, Event: 2, Rare: 3 } as const
const COLUMNS = 11
/** Facts of one chunk: chunks come and go whole, so that nothing is moved. */
const CHUNK_BITS = 12
const CHUNK = 1 << CHUNK_BITS
const KEPT = 65_536
const MOST = 4_194_304

/** Rows of numbers, and facts that are no rows by the place that their row names. */
type Chunk = { readonly cells: Float64Array; readonly rare: RareFact[] }

/**
 * The newest facts as numbers, made into facts when they are read. It is output: no later event depends on it, so it is
 * neither forked nor saved. Within one call it grows as it must; before the next it shrinks to what readers may still ask.
 */
export class FactRing {
	readonly #state: State
	readonly #digest: Digest
	#chunks: Chunk[] = []
	#spare: Chunk | undefined
	/** The sequence of the first row of the first chunk. */
	#first: number
	/** Names of numbered nodes that were read, by base: readers look things up by them, and one text is hashed once. */
	readonly #nodeNames = new Map<TextId, string[]>()
	/** The chunk of the newest fact. */
	#newest: Chunk = { cells: new Float64Array(0), rare: [] }

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

	/** Lets go of what is older than the ring keeps between two calls. */
	trim(): void {
		while (this.#chunks.length > KEPT / CHUNK + 1) this.#drop()
	}

	pod(row: number, step: PodFact["step"], reason: TextId = 0): void {
		const { pods, nodes, strings, daemonSets } = this.#state
		const node = pods.node[row] as number
		const owner = daemonSets[pods.owner[row] as number]
		const at = this.#next(Kind.Pod, POD_STEPS.indexOf(step))
		const { cells } = this.#newest
		const uid = pods.uid[row] as number
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
		this.#digest
			.integer(marks[pods.base[row] as number] as number)
			.integer((pods.number[row] as number) + uid * 0x1_0000)
			.integer(marks[nodeBase] as number)
			.integer(nodeNumber)
			.integer((marks[pods.hash[row] as number] as number) ^ (marks[reason] as number))
	}

	node(row: number, step: NodeStep): void {
		const { nodes, strings } = this.#state
		const at = this.#next(Kind.Node, NODE_STEPS.indexOf(step))
		const { cells } = this.#newest
		cells[at + 6] = nodes.base[row] as number
		cells[at + 7] = nodes.number[row] as number
		this.#digest.integer(strings.marks[nodes.base[row] as number] as number).integer(nodes.number[row] as number)
	}

	event(subject: number, code: number, argument: TextId, detail: number, count: number): void {
		const { events, strings } = this.#state
		const about = aboutOf(events, subject)
		const at = this.#next(Kind.Event, code)
		const { cells } = this.#newest
		cells[at + 2] = about.namespace
		cells[at + 3] = about.base
		cells[at + 4] = about.number
		cells[at + 5] = about.subject
		cells[at + 6] = argument
		cells[at + 7] = detail
		cells[at + 8] = count
		this.#digest
			.integer(strings.marks[about.base] as number)
			.integer(about.number + about.uid * 0x1_0000)
			.integer((strings.marks[argument] as number) ^ count)
	}

	rare(fact: WithoutPlace<RareFact>): void {
		const at = this.#next(Kind.Rare, 0)
		const { now, sequence } = this.#state
		const { cells, rare } = this.#newest
		for (const value of Object.values(fact)) {
			if (typeof value === "string") this.#digest.text(value)
			else this.#digest.integer(Number(value))
		}
		cells[at + 2] = rare.push({ ...fact, at: now, sequence } as RareFact) - 1
	}

	*after(sequence: number): Generator<Fact> {
		for (let number = Math.max(sequence + 1, this.#first); number <= this.#state.sequence; number++) {
			yield this.#fact(number)
		}
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
		this.#digest.integer(state.now).integer(kind * 256 + step)
		return at
	}

	#grow(): void {
		if (this.#chunks.length * CHUNK >= MOST) this.#drop()
		this.#newest = this.#spare ?? { cells: new Float64Array(CHUNK * COLUMNS), rare: [] }
		this.#spare = undefined
		this.#chunks.push(this.#newest)
	}

	#drop(): void {
		this.#spare = this.#chunks.shift()
		if (this.#spare !== undefined) this.#spare.rare.length = 0
		this.#first += CHUNK
	}

	#fact(sequence: number): Fact {
		const place = sequence - this.#first
		const { cells, rare } = this.#chunks[place >>> CHUNK_BITS] as Chunk
		const at = (place & (CHUNK - 1)) * COLUMNS
		const kind = (cells[at + 1] as number) >>> 8
		const step = (cells[at + 1] as number) & 255
		if (kind === Kind.Pod) return this.#podFact(sequence, POD_STEPS[step] as PodFact["step"], cells, at)
		if (kind === Kind.Event) return new MadeEventFact(this.#state.strings, sequence, step, cells, at)
		if (kind === Kind.Rare) return rare[cells[at + 2] as number] as RareFact
		const node = this.#nodeName(cells[at + 6] as number, cells[at + 7] as number)
		return { kind: "node", at: cells[at] as Instant, sequence, step: NODE_STEPS[step] as NodeStep, node }
	}

	#podFact(sequence: number, step: PodFact["step"], cells: Float64Array, at: number): Fact {
		const node = cells[at + 6] === 0 ? "" : this.#nodeName(cells[at + 6] as number, cells[at + 7] as number)
		return new MadePodFact(this.#state, { sequence, step, node }, cells, at)
	}

	#nodeName(base: TextId, number: number): string {
		if (number === PLAIN) return nodeName(this.#state.strings, base, number)
		let names = this.#nodeNames.get(base)
		if (names === undefined) {
			names = []
			this.#nodeNames.set(base, names)
		}
		names[number] ??= nodeName(this.#state.strings, base, number)
		return names[number] as string
	}
}
