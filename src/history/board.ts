import { byCodeUnit, type Instant } from "../base/index.ts"
import type { PodFact } from "../cluster/index.ts"
import { type KeyParts, keyParts, type ObjectKey } from "../kube/index.ts"
import { causeAfter, codeOf, isRestart, NONE, wordOf } from "./causes.ts"
import type { CauseCount, NodeStep } from "./contract.ts"
import type { NodeTable } from "./node-table.ts"
import { Rows } from "./rows.ts"

/** Bits of a row: which of the node's pods are available, whether the DaemonSet wants it, whether there is news of it. */
const NEW_AVAILABLE = 1
const OLD_AVAILABLE = 2
const WANTED = 4
const TOUCHED = 8
const AVAILABLE = NEW_AVAILABLE | OLD_AVAILABLE

const EXAMPLES = 3

export type SavedBoard = {
	readonly hash: string
	readonly hashes: readonly string[]
	readonly empty: readonly number[]
	readonly mostUnavailable: number
	readonly spanStart: Instant
	/** Rows in base64. */
	readonly rows: string
}

/**
 * The nodes of one DaemonSet as its pods' facts tell, at the same cost a fact on ten nodes and on a million. A span is
 * the time from one revision to the next; *new* pods have the span's hash, *old* ones any other.
 */
export class Board {
	readonly #nodes: NodeTable
	readonly #name: KeyParts
	#rows = new Rows()
	#hash = ""
	/** Hashes of pods that this span replaced; rows hold their places. */
	#hashes: string[] = [""]
	/** Rows that lost their pod and may get one again. */
	readonly #empty = new Set<number>()
	#occupied = 0
	#unavailable = 0
	#touched = 0
	#mostUnavailable = 0
	#spanStart: Instant = 0
	#version = 0

	constructor(nodes: NodeTable, daemonSet: ObjectKey) {
		this.#nodes = nodes
		this.#name = keyParts(daemonSet)
	}

	/** Nodes that the DaemonSet wants and that have no available pod now. */
	get unavailable(): number {
		return this.#unavailable
	}

	/** The most of them at once since the span began. */
	get mostUnavailable(): number {
		return this.#mostUnavailable
	}

	/** Moves when a node's state or cause changes; a crash loop that goes on is no change. */
	get version(): number {
		return this.#version
	}

	/** Nodes with news since the span began, or since `forget`. */
	get touched(): number {
		return this.#touched
	}

	/** A new revision: what was new is old now, and every node's story begins anew. */
	beginSpan(hash: string, at: Instant): void {
		for (let row = 0; row < this.#rows.size; row++) {
			const bits = this.#rows.bits[row] as number
			this.#rows.bits[row] = (bits & WANTED) | ((bits & AVAILABLE) === 0 ? 0 : OLD_AVAILABLE)
			this.#rows.clear(row)
		}
		this.#hash = hash
		this.#hashes = [""]
		this.#touched = 0
		this.#mostUnavailable = this.#unavailable
		this.#spanStart = at
	}

	/** What was told so far is sealed; a node with news from here on begins anew. */
	forget(): void {
		for (let row = 0; row < this.#rows.size; row++) {
			this.#rows.bits[row] = (this.#rows.bits[row] as number) & ~TOUCHED
		}
		this.#touched = 0
	}

	pod(fact: PodFact): void {
		if (fact.node === "") return
		const row = this.#rows.of(this.#nodes.idOf(fact.node))
		if (TELLING.has(fact.step)) this.#touch(row)
		this.#record(row, fact)
		this.#count(row, fact)
	}

	/** Nodes that lost their pod are waited for while fewer have one than the status wants, and then let go. */
	letGo(desired: number): void {
		if (this.#empty.size === 0 || this.#occupied < desired) return
		for (const row of this.#empty) this.#setBits(row, (this.#rows.bits[row] as number) & ~WANTED)
		this.#empty.clear()
	}

	/** No time of the span is before this. */
	get spanStart(): Instant {
		return this.#spanStart
	}

	/** What every node with news went through, by node name. */
	*steps(settled: boolean): Iterable<NodeStep> {
		for (const row of this.#inOrder()) {
			if (((this.#rows.bits[row] as number) & TOUCHED) !== 0) yield this.#stepOf(row, settled)
		}
	}

	/** Why nodes have no available pod: the most frequent cause first, with the first few names. */
	causes(settled: boolean): CauseCount[] {
		const found = new Map<string, { nodes: number; examples: string[] }>()
		if (this.#unavailable === 0) return []
		for (const row of this.#inOrder()) {
			if (!isDown(this.#rows.bits[row] as number)) continue
			const cause = this.#causeOf(row, settled)
			const count = found.get(cause) ?? { nodes: 0, examples: [] }
			found.set(cause, count)
			if (count.nodes++ < EXAMPLES) count.examples.push(this.#nodes.nameOf(this.#rows.nodes[row] as number))
		}
		const counts = [...found].map(([cause, count]) => ({ cause, ...count }))
		return counts.sort((a, b) => b.nodes - a.nodes || (a.cause < b.cause ? -1 : 1))
	}

	save(): SavedBoard {
		return {
			hash: this.#hash,
			hashes: [...this.#hashes],
			empty: [...this.#empty],
			mostUnavailable: this.#mostUnavailable,
			spanStart: this.#spanStart,
			rows: Buffer.from(this.#rows.save(this.#spanStart)).toString("base64"),
		}
	}

	static load(nodes: NodeTable, daemonSet: ObjectKey, saved: SavedBoard): Board {
		const board = new Board(nodes, daemonSet)
		board.#hash = saved.hash
		board.#hashes = [...saved.hashes]
		for (const row of saved.empty) board.#empty.add(row)
		board.#mostUnavailable = saved.mostUnavailable
		board.#spanStart = saved.spanStart
		const rows = Rows.load(Buffer.from(saved.rows, "base64"), saved.spanStart)
		board.#rows = rows
		for (let row = 0; row < rows.size; row++) {
			const bits = rows.bits[row] as number
			if ((rows.live[row] as number) > 0) board.#occupied++
			if (isDown(bits)) board.#unavailable++
			if ((bits & TOUCHED) !== 0) board.#touched++
		}
		return board
	}

	#touch(row: number): void {
		const bits = this.#rows.bits[row] as number
		if ((bits & TOUCHED) !== 0) return
		this.#rows.clear(row)
		this.#rows.bits[row] = bits | TOUCHED
		this.#touched++
	}

	#record(row: number, fact: PodFact): void {
		const isNew = fact.hash === this.#hash
		if (isNew) this.#recordNew(row, fact)
		if (fact.step === "terminating" || fact.step === "gone") this.#recordStop(row, fact, isNew)
		// The old pod's last words do not speak for the new one that surges beside it.
		const speaks = isNew || (this.#rows.createdAt[row] as number) === 0
		if (!speaks) return
		const before = this.#rows.causes[row] as number
		const after = causeAfter(fact, before)
		if (after === before) return
		this.#rows.causes[row] = after
		this.#version++
	}

	#recordNew(row: number, fact: PodFact): void {
		const rows = this.#rows
		if (fact.step === "created") {
			rows.createdAt[row] = fact.at
			rows.readyAt[row] = 0
			rows.availableAt[row] = 0
			const prefix = `${this.#name.name}-`
			rows.setPod(row, fact.pod.startsWith(prefix) ? fact.pod.slice(prefix.length) : `/${fact.pod}`)
		}
		if (fact.step === "ready") rows.readyAt[row] = fact.at
		if (fact.step === "available") rows.availableAt[row] = fact.at
		if (isRestart(fact)) rows.restarts[row] = (rows.restarts[row] as number) + 1
	}

	// A pod of the new revision that is replaced in turn does not overwrite when the old one stopped.
	#recordStop(row: number, fact: PodFact, isNew: boolean): void {
		const rows = this.#rows
		const from = this.#placeOfHash(fact.hash)
		if (isNew && (rows.stoppedAt[row] as number) !== 0 && (rows.from[row] as number) !== from) return
		if (fact.step === "terminating" || (rows.stoppedAt[row] as number) === 0) rows.stoppedAt[row] = fact.at
		if (fact.step === "gone") rows.goneAt[row] = fact.at
		rows.from[row] = from
	}

	#count(row: number, fact: PodFact): void {
		const bit = fact.hash === this.#hash ? NEW_AVAILABLE : OLD_AVAILABLE
		const bits = this.#rows.bits[row] as number
		if (fact.step === "created") {
			this.#setLive(row, (this.#rows.live[row] as number) + 1)
			this.#setBits(row, bits | WANTED)
		} else if (fact.step === "available") {
			// Without its creation seen: an orphan that was adopted.
			if ((this.#rows.live[row] as number) === 0) this.#setLive(row, 1)
			this.#setBits(row, bits | WANTED | bit)
		} else if (ENDS_AVAILABILITY.has(fact.step)) {
			if (fact.step === "gone") this.#setLive(row, Math.max(0, (this.#rows.live[row] as number) - 1))
			this.#setBits(row, bits & ~bit)
		}
	}

	#setLive(row: number, live: number): void {
		const before = this.#rows.live[row] as number
		this.#rows.live[row] = live
		if (before === 0 && live > 0) {
			this.#occupied++
			this.#empty.delete(row)
		} else if (before > 0 && live === 0) {
			this.#occupied--
			this.#empty.add(row)
		}
	}

	#setBits(row: number, bits: number): void {
		const before = this.#rows.bits[row] as number
		if (bits === before) return
		this.#version++
		this.#rows.bits[row] = bits
		this.#unavailable += Number(isDown(bits)) - Number(isDown(before))
		if (this.#unavailable > this.#mostUnavailable) this.#mostUnavailable = this.#unavailable
	}

	#placeOfHash(hash: string): number {
		const known = this.#hashes.indexOf(hash)
		return known >= 0 ? known : this.#hashes.push(hash) - 1
	}

	#stepOf(row: number, settled: boolean): NodeStep {
		const rows = this.#rows
		const suffix = rows.podOf(row)
		const created = (rows.createdAt[row] as number) !== 0
		return {
			node: this.#nodes.nameOf(rows.nodes[row] as number),
			pod: suffix.startsWith("/") ? suffix.slice(1) : suffix === "" ? "" : `${this.#name.name}-${suffix}`,
			fromHash: this.#hashes[rows.from[row] as number] ?? "",
			toHash: created ? this.#hash : "",
			stoppedAt: rows.stoppedAt[row] as number,
			goneAt: rows.goneAt[row] as number,
			createdAt: rows.createdAt[row] as number,
			readyAt: rows.readyAt[row] as number,
			availableAt: rows.availableAt[row] as number,
			restarts: rows.restarts[row] as number,
			cause: isDown(rows.bits[row] as number) ? this.#causeOf(row, settled) : "",
		}
	}

	// Whatever its pod says, a node that is silent or not ready is the reason.
	#causeOf(row: number, settled: boolean): string {
		if (this.#nodes.isDead(this.#rows.nodes[row] as number)) return "node-dead"
		const code = this.#rows.causes[row] as number
		return wordOf(code === NONE ? codeOf("starting") : code, settled)
	}

	/** Rows by node name. The table of all nodes is sorted once for all; only a board far smaller sorts by itself. */
	*#inOrder(): Iterable<number> {
		const rows = this.#rows
		if (rows.size * 8 < this.#nodes.size) {
			const named = Array.from({ length: rows.size }, (_, row) => ({
				row,
				name: this.#nodes.nameOf(rows.nodes[row] ?? 0),
			}))
			for (const { row } of named.sort((a, b) => byCodeUnit(a.name, b.name))) yield row
			return
		}
		for (const node of this.#nodes.inOrder()) {
			const row = rows.find(node)
			if (row !== undefined) yield row
		}
	}
}

/** What makes a node's story: a pod comes, goes or fails. Readiness that flickers does not. */
const TELLING = new Set<PodFact["step"]>([
	"created",
	"terminating",
	"gone",
	"failing",
	"failed",
	"evicted",
	"preempted",
])

const ENDS_AVAILABILITY = new Set<PodFact["step"]>([
	"unready",
	"failing",
	"failed",
	"succeeded",
	"evicted",
	"preempted",
	"terminating",
	"gone",
])

function isDown(bits: number): boolean {
	return (bits & WANTED) !== 0 && (bits & AVAILABLE) === 0
}
