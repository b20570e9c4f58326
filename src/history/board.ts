import { byCodeUnit, type Instant } from "../base/index.ts"
import type { PodFact, PodReading } from "../cluster/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import { Availability, type SavedAvailability } from "./availability.ts"
import { causeAfter, causes, codeOf, isIn, NONE, wordOf } from "./causes.ts"
import type { CauseCount, NodeStep } from "./contract.ts"
import { NodeDeaths } from "./node-deaths.ts"
import { NodeStories, type SavedSpan } from "./node-stories.ts"
import type { NodeTable } from "./node-table.ts"
import { Count, Rows, Small, Time } from "./rows.ts"

const EXAMPLES = 3

export type SavedBoard = SavedSpan & {
	readonly version: number
	readonly availability: SavedAvailability
	readonly deaths?: readonly (readonly [number, Instant])[]
	/** Rows in base64. */
	readonly rows: string
}

type KeptBoard = Omit<SavedBoard, "rows"> & { readonly rows: Rows }

/**
 * The nodes of one DaemonSet as its pods' facts tell, at the same cost a fact on ten nodes and on a million. A span is
 * the time from one revision to the next; *new* pods have the span's hash, *old* ones any other.
 */
export class Board {
	readonly #nodes: NodeTable
	readonly #rows: Rows
	readonly #stories: NodeStories
	readonly #availability: Availability
	readonly #deaths: NodeDeaths
	#touched = 0
	#version = 0
	/** New pods whose cause is a failure of their own, on whatever nodes. */
	#failing = 0

	constructor(nodes: NodeTable, daemonSet: ObjectKey, saved?: SavedBoard | KeptBoard) {
		this.#nodes = nodes
		this.#rows = saved === undefined ? new Rows() : rowsOf(saved)
		this.#availability = new Availability(this.#rows, saved?.availability)
		this.#stories = new NodeStories(this.#rows, daemonSet, saved)
		this.#deaths = new NodeDeaths(nodes, this.#rows, saved?.deaths)
		if (saved === undefined) return
		this.#version = saved.version
		for (let row = 0; row < this.#rows.size; row++) {
			this.#touched += this.#rows.small(row, Small.touched)
			if (this.#fails(row)) this.#failing++
		}
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
		this.#stories.beginSpan(hash, at)
		this.#failing = 0
		this.#deaths.clear()
		this.forget()
	}

	/** What was told so far is sealed; a node with news from here on begins anew. */
	forget(): void {
		for (let row = 0; row < this.#rows.size; row++) this.#rows.setSmall(row, Small.touched, 0)
		this.#touched = 0
	}

	pod(fact: PodReading): void {
		if (fact.nodeBase === 0) return
		const row = this.#rows.of(this.#nodes.idOf(fact))
		const isNew = this.#stories.isNew(fact)
		const { step } = fact
		const failed = this.#fails(row)
		if (tells(step)) this.#touch(row)
		this.#stories.record(row, step, fact, isNew)
		this.#recordCause(row, fact, isNew)
		this.#failing += Number(this.#fails(row)) - Number(failed)
		this.#availability.pod(row, step, isNew)
	}

	/** Tells the nodes that are without an available pod, and every change from here on. */
	watch(told: (node: string, down: boolean) => void): void {
		this.#availability.watch((row, down) => told(this.#nameOf(row), down))
	}

	/** A node fell silent, or says that it is not ready. */
	nodeDied(node: number, at: Instant): void {
		const row = this.#rows.find(node)
		if (row !== undefined) this.#deaths.died(row, at)
	}

	/** At least as many as are at fault by a failure of their own; costs nothing. */
	get failing(): number {
		return this.#failing + this.#deaths.size
	}

	/** Nodes on which the new version is at fault (rule V1); `late`: every new pod that is not available counts. */
	atFault(now: Instant, late: boolean): number {
		const kills = this.kills(now)
		let count = 0
		for (let row = 0; row < this.#rows.size; row++) {
			if (!this.#availability.isDown(row) || this.#rows.time(row, Time.created) === 0) continue
			if (this.#nodes.isDead(this.#rows.count(row, Count.node))) count += Number(kills && this.#deaths.has(row))
			else if (this.#fails(row) || (late && isIn(LATE, this.#rows.small(row, Small.cause)))) count++
		}
		return count
	}

	/** V2: whether the new version kills its nodes. */
	kills(now: Instant): boolean {
		return this.#deaths.areKills(now)
	}

	/** True where the node died soon after its new pod was made; that it died of it, only `kills` can say. */
	killed(node: string): boolean {
		const id = this.#nodes.find(node)
		const row = id === undefined ? undefined : this.#rows.find(id)
		return row !== undefined && this.#deaths.has(row)
	}

	/** A status was stored: see `Availability.letGo`. */
	letGo(desired: number): void {
		this.#availability.letGo(desired)
	}

	/** No time of the span is before this. */
	get spanStart(): Instant {
		return this.#stories.spanStart
	}

	/** What every node with news went through, by node name. */
	*steps(settled: boolean): Iterable<NodeStep> {
		for (const row of this.#inOrder()) {
			if (this.#rows.small(row, Small.touched) === 1) {
				const cause = this.#availability.isDown(row) ? this.#causeOf(row, settled) : ""
				yield this.#stories.stepOf(row, this.#nameOf(row), cause)
			}
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
			if (count.nodes++ < EXAMPLES) count.examples.push(this.#nameOf(row))
		}
		const counts = [...found].map(([cause, count]) => ({ cause, ...count }))
		return counts.sort((a, b) => b.nodes - a.nodes || (a.cause < b.cause ? -1 : 1))
	}

	/** What the pod's story on a node says of it; empty where nothing was told, or all is well. */
	causeOn(node: string): string {
		const id = this.#nodes.find(node)
		const row = id === undefined ? undefined : this.#rows.find(id)
		return row === undefined ? "" : wordOf(this.#rows.small(row, Small.cause), false)
	}

	save(): SavedBoard {
		const rows = Buffer.from(this.#rows.save(this.spanStart)).toString("base64")
		return { ...this.#rest(), rows }
	}

	/** A copy that shares nothing that changes, over a copy of the nodes. */
	fork(nodes: NodeTable, daemonSet: ObjectKey): Board {
		return new Board(nodes, daemonSet, { ...this.#rest(), rows: this.#rows.fork() })
	}

	#rest(): Omit<SavedBoard, "rows"> {
		return {
			...this.#stories.save(),
			version: this.#version,
			availability: this.#availability.save(),
			...(this.#deaths.size === 0 ? {} : { deaths: this.#deaths.save() }),
		}
	}

	/** A new pod that is at fault by itself. */
	#fails(row: number): boolean {
		return this.#rows.time(row, Time.created) !== 0 && isIn(FAILING, this.#rows.small(row, Small.cause))
	}

	#touch(row: number): void {
		if (this.#rows.small(row, Small.touched) === 1) return
		this.#rows.clear(row)
		this.#rows.setSmall(row, Small.touched, 1)
		this.#touched++
	}

	#recordCause(row: number, fact: PodReading, isNew: boolean): void {
		const rows = this.#rows
		// The old pod's last words do not speak for the new one that surges beside it.
		if (!isNew && rows.time(row, Time.created) !== 0) return
		const before = rows.small(row, Small.cause)
		const after = causeAfter(fact, before)
		if (after === before) return
		rows.setSmall(row, Small.cause, after)
		this.#version++
	}

	// Whatever its pod says, a node that is silent or not ready is the reason.
	#causeOf(row: number, settled: boolean): string {
		if (this.#nodes.isDead(this.#rows.count(row, Count.node))) return "node-dead"
		const code = this.#rows.small(row, Small.cause)
		return wordOf(code === NONE ? codeOf("starting") : code, settled)
	}

	#nameOf(row: number): string {
		return this.#nodes.nameOf(this.#rows.count(row, Count.node))
	}

	/** Rows by node name. The table of all nodes is sorted once for all; only a board far smaller sorts by itself. */
	*#inOrder(): Iterable<number> {
		const rows = this.#rows
		if (rows.size * 8 < this.#nodes.size) {
			const named = Array.from({ length: rows.size }, (_, row) => ({ row, name: this.#nameOf(row) }))
			for (const { row } of named.sort((a, b) => byCodeUnit(a.name, b.name))) yield row
			return
		}
		for (const node of this.#nodes.inOrder()) {
			const row = rows.find(node)
			if (row !== undefined) yield row
		}
	}
}

function rowsOf({ rows, spanStart }: SavedBoard | KeptBoard): Rows {
	return typeof rows === "string" ? Rows.load(Buffer.from(rows, "base64"), spanStart) : rows
}

/** What makes a node's story: a pod comes, goes or fails. Readiness that flickers does not. */
function tells(step: PodFact["step"]): boolean {
	switch (step) {
		case "created":
		case "terminating":
		case "gone":
		case "failing":
		case "failed":
		case "evicted":
		case "preempted":
			return true
		default:
			return false
	}
}

const FAILING = causes("image-pull", "crash-loop", "out-of-memory", "failed")
/** Nothing that a deadline should have to wait for. */
const LATE = causes("", "starting", "started", "not-ready", "no-room")
