import { byCodeUnit, type Instant } from "../base/index.ts"
import type { PodFact } from "../cluster/index.ts"
import { type KeyParts, keyParts, type ObjectKey } from "../kube/index.ts"
import { Availability, endsAvailability, type SavedAvailability } from "./availability.ts"
import { causeAfter, codeOf, isRestart, NONE, wordOf } from "./causes.ts"
import type { CauseCount, NodeStep } from "./contract.ts"
import type { NodeTable } from "./node-table.ts"
import { Rows } from "./rows.ts"

const EXAMPLES = 3

export type SavedBoard = {
	readonly hash: string
	readonly hashes: readonly string[]
	readonly spanStart: Instant
	readonly version: number
	readonly availability: SavedAvailability
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
	readonly #rows: Rows
	readonly #availability: Availability
	#hash = ""
	/** Hashes of pods that this span replaced; rows hold their places. */
	#hashes: string[] = [""]
	#spanStart: Instant = 0
	#touched = 0
	#version = 0

	constructor(nodes: NodeTable, daemonSet: ObjectKey, saved?: SavedBoard) {
		this.#nodes = nodes
		this.#name = keyParts(daemonSet)
		this.#rows = saved ? Rows.load(Buffer.from(saved.rows, "base64"), saved.spanStart) : new Rows()
		this.#availability = new Availability(this.#rows, saved?.availability)
		if (saved === undefined) return
		this.#hash = saved.hash
		this.#hashes = [...saved.hashes]
		this.#spanStart = saved.spanStart
		this.#version = saved.version
		for (let row = 0; row < this.#rows.size; row++) this.#touched += this.#rows.touched[row] as number
	}

	/** Nodes that the DaemonSet wants and that have no available pod now. */
	get unavailable(): number {
		return this.#availability.unavailable
	}

	/** The most of them at once since the span began. */
	get mostUnavailable(): number {
		return this.#availability.mostUnavailable
	}

	/** Moves when a node's state or cause changes; a crash loop that goes on is no change. */
	get version(): number {
		return this.#version + this.#availability.version
	}

	/** Nodes with news since the span began, or since `forget`. */
	get touched(): number {
		return this.#touched
	}

	/** A new revision: what was new is old now, and every node's story begins anew. */
	beginSpan(hash: string, at: Instant): void {
		this.#availability.beginSpan()
		for (let row = 0; row < this.#rows.size; row++) this.#rows.clear(row)
		this.#hash = hash
		this.#hashes = [""]
		this.#spanStart = at
		this.forget()
	}

	/** What was told so far is sealed; a node with news from here on begins anew. */
	forget(): void {
		this.#rows.touched.fill(0)
		this.#touched = 0
	}

	pod(fact: PodFact): void {
		if (fact.node === "") return
		const row = this.#rows.of(this.#nodes.idOf(fact.node))
		const isNew = fact.hash === this.#hash
		if (TELLING.has(fact.step)) this.#touch(row)
		if (isNew) this.#recordNew(row, fact)
		if (fact.step === "terminating" || fact.step === "gone") this.#recordStop(row, fact, isNew)
		this.#recordCause(row, fact, isNew)
		this.#availability.pod(row, fact, isNew)
	}

	/** Tells the nodes that are without an available pod, and every change from here on. */
	watch(told: (node: string, down: boolean) => void): void {
		this.#availability.watch((row, down) => told(this.#nodes.nameOf(this.#rows.nodes[row] as number), down))
	}

	/** A status was stored: see `Availability.letGo`. */
	letGo(desired: number): void {
		this.#availability.letGo(desired)
	}

	/** No time of the span is before this. */
	get spanStart(): Instant {
		return this.#spanStart
	}

	/** What every node with news went through, by node name. */
	*steps(settled: boolean): Iterable<NodeStep> {
		for (const row of this.#inOrder()) {
			if (this.#rows.touched[row] === 1) yield this.#stepOf(row, settled)
		}
	}

	/** Why nodes have no available pod: the most frequent cause first, with the first few names. */
	causes(settled: boolean): CauseCount[] {
		const found = new Map<string, { nodes: number; examples: string[] }>()
		if (this.unavailable === 0) return []
		for (const row of this.#inOrder()) {
			if (!this.#availability.isDown(row)) continue
			const cause = this.#causeOf(row, settled)
			const count = found.get(cause) ?? { nodes: 0, examples: [] }
			found.set(cause, count)
			if (count.nodes++ < EXAMPLES) count.examples.push(this.#nodes.nameOf(this.#rows.nodes[row] as number))
		}
		const counts = [...found].map(([cause, count]) => ({ cause, ...count }))
		return counts.sort((a, b) => b.nodes - a.nodes || (a.cause < b.cause ? -1 : 1))
	}

	/** What the pod's story on a node says of it; empty where nothing was told, or all is well. */
	causeOn(node: string): string {
		const id = this.#nodes.find(node)
		const row = id === undefined ? undefined : this.#rows.find(id)
		return row === undefined ? "" : wordOf(this.#rows.causes[row] as number, false)
	}

	save(): SavedBoard {
		return {
			hash: this.#hash,
			hashes: [...this.#hashes],
			spanStart: this.#spanStart,
			version: this.#version,
			availability: this.#availability.save(),
			rows: Buffer.from(this.#rows.save(this.#spanStart)).toString("base64"),
		}
	}

	#touch(row: number): void {
		if (this.#rows.touched[row] === 1) return
		this.#rows.clear(row)
		this.#rows.touched[row] = 1
		this.#touched++
	}

	#recordCause(row: number, fact: PodFact, isNew: boolean): void {
		// The old pod's last words do not speak for the new one that surges beside it.
		if (!isNew && (this.#rows.createdAt[row] as number) !== 0) return
		const before = this.#rows.causes[row] as number
		const after = causeAfter(fact, before)
		if (after === before) return
		this.#rows.causes[row] = after
		this.#version++
	}

	#recordNew(row: number, fact: PodFact): void {
		const rows = this.#rows
		if (fact.step === "created" || endsAvailability(fact)) {
			rows.readyAt[row] = 0
			rows.availableAt[row] = 0
		}
		if (fact.step === "created") {
			rows.createdAt[row] = fact.at
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
			cause: this.#availability.isDown(row) ? this.#causeOf(row, settled) : "",
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
