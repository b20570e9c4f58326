import type { PodFact } from "../cluster/index.ts"
import { type Rows, Small } from "./rows.ts"

/** Bits of a row: which of the node's pods are available, and whether the DaemonSet wants the node. */
const NEW_AVAILABLE = 1
const OLD_AVAILABLE = 2
const WANTED = 4
const AVAILABLE = NEW_AVAILABLE | OLD_AVAILABLE

/** True for what makes a pod unavailable, whatever it was before. */
export function endsAvailability(step: PodFact["step"]): boolean {
	switch (step) {
		case "unready":
		case "failing":
		case "failed":
		case "succeeded":
		case "evicted":
		case "preempted":
		case "terminating":
		case "gone":
			return true
		default:
			return false
	}
}

export type SavedAvailability = {
	readonly empty: readonly number[]
	readonly mostUnavailable: number
	readonly version: number
}

/**
 * How many nodes of a DaemonSet are without an available pod, kept running. With surge a node has two pods, one of them
 * new; two old ones (an update overtaken by the next) count as one, and the first to go takes both away.
 */
export class Availability {
	readonly #rows: Rows
	/** Rows that lost their pod and may get one again. */
	readonly #empty: Set<number>
	#occupied = 0
	#unavailable = 0
	#mostUnavailable = 0
	#version = 0
	#told: ((row: number, down: boolean) => void) | undefined

	constructor(rows: Rows, saved?: SavedAvailability) {
		this.#rows = rows
		this.#empty = new Set(saved?.empty)
		this.#mostUnavailable = saved?.mostUnavailable ?? 0
		this.#version = saved?.version ?? 0
		for (let row = 0; row < rows.size; row++) {
			if (rows.small(row, Small.live) > 0) this.#occupied++
			if (this.isDown(row)) this.#unavailable++
		}
	}

	get unavailable(): number {
		return this.#unavailable
	}

	get mostUnavailable(): number {
		return this.#mostUnavailable
	}

	/** Moves with every change. */
	get version(): number {
		return this.#version
	}

	isDown(row: number): boolean {
		return isDown(this.#rows.small(row, Small.bits))
	}

	/** Tells which rows are down now, and every change from here on. */
	watch(told: (row: number, down: boolean) => void): void {
		this.#told = told
		for (let row = 0; row < this.#rows.size; row++) if (this.isDown(row)) told(row, true)
	}

	/** Pods that were new are old now; the most unavailable are counted from here. */
	beginSpan(): void {
		const rows = this.#rows
		for (let row = 0; row < rows.size; row++) {
			const before = rows.small(row, Small.bits)
			rows.setSmall(row, Small.bits, (before & ~AVAILABLE) | ((before & AVAILABLE) === 0 ? 0 : OLD_AVAILABLE))
		}
		this.#mostUnavailable = this.#unavailable
	}

	pod(row: number, step: PodFact["step"], isNew: boolean): void {
		const bit = isNew ? NEW_AVAILABLE : OLD_AVAILABLE
		const bits = this.#rows.small(row, Small.bits)
		const live = this.#rows.small(row, Small.live)
		if (step === "created") {
			this.#setLive(row, live + 1)
			this.#setBits(row, bits | WANTED)
		} else if (step === "available") {
			// Without its creation seen: an orphan that was adopted.
			if (live === 0) this.#setLive(row, 1)
			this.#setBits(row, bits | WANTED | bit)
		} else if (endsAvailability(step)) {
			if (step === "gone") this.#setLive(row, Math.max(0, live - 1))
			this.#setBits(row, bits & ~bit)
		}
	}

	/** Nodes that lost their pod are waited for while fewer have one than the status wants, and then let go. */
	letGo(desired: number): void {
		if (this.#empty.size === 0 || this.#occupied < desired) return
		for (const row of this.#empty) this.#setBits(row, this.#rows.small(row, Small.bits) & ~WANTED)
		this.#empty.clear()
	}

	save(): SavedAvailability {
		return { empty: [...this.#empty], mostUnavailable: this.#mostUnavailable, version: this.#version }
	}

	#setLive(row: number, live: number): void {
		const before = this.#rows.small(row, Small.live)
		this.#rows.setSmall(row, Small.live, live)
		if (before === 0 && live > 0) {
			this.#occupied++
			this.#empty.delete(row)
		} else if (before > 0 && live === 0) {
			this.#occupied--
			this.#empty.add(row)
		}
	}

	#setBits(row: number, bits: number): void {
		const before = this.#rows.small(row, Small.bits)
		if (bits === before) return
		this.#version++
		this.#rows.setSmall(row, Small.bits, bits)
		const down = isDown(bits)
		if (down === isDown(before)) return
		this.#unavailable += down ? 1 : -1
		if (this.#unavailable > this.#mostUnavailable) this.#mostUnavailable = this.#unavailable
		this.#told?.(row, down)
	}
}

function isDown(bits: number): boolean {
	return (bits & WANTED) !== 0 && (bits & AVAILABLE) === 0
}
