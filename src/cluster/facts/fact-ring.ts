import { Digest, type Instant } from "../../base/index.ts"
import { keyParts } from "../../kube/index.ts"
import type { Fact, PodFact } from "../contract.ts"
import { Subject } from "../state/events.ts"
import { nodeName, PLAIN, podName } from "../state/names.ts"
import type { State } from "../state/state.ts"
import { type TextId, textOf } from "../state/strings.ts"
import { uidText } from "../state/uids.ts"
import { eventWords } from "./event-words.ts"

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
const COLUMNS = 13
const KEPT = 65_536
const MOST = 4_194_304

/**
 * The newest facts as numbers, made into facts when they are read. It is output: no later event depends on it, so it is
 * neither forked nor saved. Within one call it grows as it must; before the next it shrinks to what readers may still ask.
 */
export class FactRing {
	readonly #state: State
	readonly #digest: Digest
	#cells = new Float64Array(1024 * COLUMNS)
	#rare = new Map<number, RareFact>()
	/** The oldest sequence that is held. */
	#first: number

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
		const { sequence } = this.#state
		// Only now and then: moving what stays costs as much as it is long.
		if (sequence - this.#first + 1 <= 2 * KEPT) return
		this.#drop(sequence - KEPT + 1)
	}

	pod(row: number, step: PodFact["step"], reason: TextId = 0): void {
		const { pods, nodes, strings, daemonSets } = this.#state
		const node = pods.node[row] as number
		const owner = daemonSets[pods.owner[row] as number]
		const at = this.#next(Kind.Pod, POD_STEPS.indexOf(step))
		const cells = this.#cells
		const uid = pods.uid[row] as number
		const nodeBase = node < 0 ? 0 : (nodes.base[node] as number)
		const nodeNumber = node < 0 ? PLAIN : (nodes.number[node] as number)
		cells[at + 3] = pods.namespace[row] as number
		cells[at + 4] = pods.base[row] as number
		cells[at + 5] = pods.number[row] as number
		cells[at + 6] = uid
		cells[at + 7] = nodeBase
		cells[at + 8] = nodeNumber
		cells[at + 9] = pods.owner[row] as number
		cells[at + 10] = owner?.uidText ?? 0
		cells[at + 11] = pods.hash[row] as number
		cells[at + 12] = owner === undefined ? reason : reason + owner.keyText * 0x1_0000_0000
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
		this.#cells[at + 7] = nodes.base[row] as number
		this.#cells[at + 8] = nodes.number[row] as number
		this.#digest.integer(strings.marks[nodes.base[row] as number] as number).integer(nodes.number[row] as number)
	}

	event(row: number): void {
		const { events, strings } = this.#state
		const at = this.#next(Kind.Event, events.code[row] as number)
		const cells = this.#cells
		cells[at + 3] = events.namespace[row] as number
		cells[at + 4] = events.base[row] as number
		cells[at + 5] = events.number[row] as number
		cells[at + 6] = events.uid[row] as number
		cells[at + 7] = events.argument[row] as number
		cells[at + 8] = events.detail[row] as number
		cells[at + 9] = events.subject[row] as number
		cells[at + 10] = events.count[row] as number
		this.#digest
			.integer(strings.marks[events.base[row] as number] as number)
			.integer((events.number[row] as number) + (events.uid[row] as number) * 0x1_0000)
			.integer((strings.marks[events.argument[row] as number] as number) ^ (events.count[row] as number))
	}

	rare(fact: WithoutPlace<RareFact>): void {
		const at = this.#next(Kind.Rare, 0)
		const { now, sequence } = this.#state
		void at
		this.#rare.set(sequence, { ...fact, at: now, sequence } as RareFact)
		for (const value of Object.values(fact)) {
			if (typeof value === "string") this.#digest.text(value)
			else this.#digest.integer(Number(value))
		}
	}

	*after(sequence: number): Generator<Fact> {
		for (let number = Math.max(sequence + 1, this.#first); number <= this.#state.sequence; number++) {
			const rare = this.#rare.get(number)
			yield rare ?? this.#fact(number)
		}
	}

	#next(kind: number, step: number): number {
		const state = this.#state
		const sequence = ++state.sequence
		let held = sequence - this.#first
		if ((held + 1) * COLUMNS > this.#cells.length) {
			if (held >= MOST) this.#drop(sequence - MOST / 2)
			else this.#enlarge()
			held = sequence - this.#first
		}
		const at = held * COLUMNS
		this.#cells[at] = state.now
		this.#cells[at + 1] = kind
		this.#cells[at + 2] = step
		this.#digest.integer(state.now).integer(kind * 256 + step)
		return at
	}

	#enlarge(): void {
		const cells = new Float64Array(this.#cells.length * 2)
		cells.set(this.#cells)
		this.#cells = cells
	}

	#drop(first: number): void {
		this.#cells.copyWithin(0, (first - this.#first) * COLUMNS)
		if (this.#rare.size > 0) {
			for (const number of this.#rare.keys()) {
				if (number >= first) break
				this.#rare.delete(number)
			}
		}
		this.#first = first
	}

	#fact(sequence: number): Fact {
		const at = (sequence - this.#first) * COLUMNS
		const cell = (column: number) => this.#cells[at + column] as number
		const place = { at: cell(0) as Instant, sequence }
		if (cell(1) === Kind.Node) return this.#nodeFact(place, cell)
		return cell(1) === Kind.Event ? this.#eventFact(place, cell) : this.#podFact(place, cell)
	}

	#nodeFact(place: Place, cell: Cells): Fact {
		const step = NODE_STEPS[cell(2)] as NodeStep
		return { kind: "node", ...place, step, node: nodeName(this.#state.strings, cell(7), cell(8)) }
	}

	#podFact(place: Place, cell: Cells): Fact {
		const { strings } = this.#state
		const ownerKey = Math.floor(cell(12) / 0x1_0000_0000)
		const reason = textOf(strings, cell(12) % 0x1_0000_0000)
		return {
			kind: "pod",
			...place,
			step: POD_STEPS[cell(2)] as PodFact["step"],
			namespace: textOf(strings, cell(3)),
			pod: podName(strings, cell(4), cell(5)),
			uid: uidText(this.#state, cell(6)),
			node: cell(7) === 0 ? "" : nodeName(strings, cell(7), cell(8)),
			...(ownerKey === 0 ? {} : { daemonSet: textOf(strings, ownerKey), daemonSetUid: textOf(strings, cell(10)) }),
			hash: textOf(strings, cell(11)),
			...(reason === "" ? {} : { reason }),
		}
	}

	#eventFact(place: Place, cell: Cells): Fact {
		const { strings } = this.#state
		const regarding = regardingKey(this.#state, cell(9), { namespace: cell(3), base: cell(4), number: cell(5) })
		const words = eventWords(cell(2), {
			name: keyParts(regarding).name,
			namespace: textOf(strings, cell(3)),
			argument: textOf(strings, cell(7)),
			detail: cell(8),
		})
		return { kind: "event", ...place, ...words, regarding, count: cell(10) }
	}
}

type Place = { readonly at: Instant; readonly sequence: number }
type Cells = (column: number) => number

/** The key of what an Event is about. */
export function regardingKey(
	{ strings }: State,
	subject: number,
	names: { readonly namespace: TextId; readonly base: TextId; readonly number: number },
): string {
	if (subject === Subject.Node) return `/Node//${nodeName(strings, names.base, names.number)}`
	const namespace = textOf(strings, names.namespace)
	if (subject === Subject.DaemonSet) return `apps/DaemonSet/${namespace}/${textOf(strings, names.base)}`
	return `/Pod/${namespace}/${podName(strings, names.base, names.number)}`
}
