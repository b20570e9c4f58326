import type { Instant } from "../base/index.ts"
import { suffixNumber, suffixText } from "../cluster/index.ts"
import { ByteReader, ByteWriter } from "./bytes.ts"

/** When it happened: cluster time, 0 where it did not. */
export const Time = { stopped: 0, gone: 1, created: 2, ready: 3, available: 4 } as const
type TimeOf = (typeof Time)[keyof typeof Time]
const TIMES: readonly TimeOf[] = Object.values(Time)

/**
 * Small numbers of a row. `live`: pods of the node that are not gone; `bits`: what `Availability` knows of the node;
 * `touched`: 1 where the node has news; `cause`: see `CAUSES`.
 */
export const Small = { live: 0, bits: 1, touched: 2, cause: 3 } as const
type SmallOf = (typeof Small)[keyof typeof Small]

/** `from`: the place of the replaced pod's hash in a list of them. */
export const Count = { node: 0, restarts: 1, from: 2, pod: 3 } as const
type CountOf = (typeof Count)[keyof typeof Count]

// A row is 64 bytes in one piece, so that a fact about a node reads one line of memory: times, then counts, then small ones.
const ROW = 64
const REALS = ROW / 8
const WHOLES = ROW / 4
const FIRST_COUNT = 10
const FIRST_SMALL = 56

/** One row for each node of a DaemonSet. A row keeps its place for good. */
export class Rows {
	#reals = new Float64Array(16 * REALS)
	#wholes = new Int32Array(this.#reals.buffer)
	#bytes = new Uint8Array(this.#reals.buffer)
	#size = 0
	/** By node: its row, plus one. */
	#rowOfNode = new Int32Array(16)
	/** Names that are no suffix, by row. */
	readonly #oddPods = new Map<number, string>()

	get size(): number {
		return this.#size
	}

	/** The row of a node; made where there is none. */
	of(node: number): number {
		const known = node < this.#rowOfNode.length ? (this.#rowOfNode[node] as number) : 0
		return known === 0 ? this.#add(node) : known - 1
	}

	find(node: number): number | undefined {
		const known = this.#rowOfNode[node] ?? 0
		return known === 0 ? undefined : known - 1
	}

	time(row: number, time: TimeOf): Instant {
		return this.#reals[row * REALS + time] as number
	}

	setTime(row: number, time: TimeOf, at: Instant): void {
		this.#reals[row * REALS + time] = at
	}

	count(row: number, count: CountOf): number {
		return this.#wholes[row * WHOLES + FIRST_COUNT + count] as number
	}

	setCount(row: number, count: CountOf, value: number): void {
		this.#wholes[row * WHOLES + FIRST_COUNT + count] = value
	}

	small(row: number, small: SmallOf): number {
		return this.#bytes[row * ROW + FIRST_SMALL + small] as number
	}

	setSmall(row: number, small: SmallOf, value: number): void {
		this.#bytes[row * ROW + FIRST_SMALL + small] = value
	}

	/** A name ends in a suffix that the cluster drew, as a number, or is kept as it is. */
	setPod(row: number, suffix: number): void {
		this.setCount(row, Count.pod, suffix + 1)
	}

	setOddPod(row: number, name: string): void {
		const suffix = suffixNumber(name) ?? ODD
		this.setPod(row, suffix)
		if (suffix === ODD) this.#oddPods.set(row, name)
	}

	/** What was given to `setPod` or `setOddPod`, as a text; empty where nothing was. */
	podOf(row: number): string {
		const pod = this.count(row, Count.pod)
		if (pod === 0) return ""
		return pod - 1 === ODD ? (this.#oddPods.get(row) ?? "") : suffixText(pod - 1)
	}

	/** Forgets a row's times, restarts and pod. */
	clear(row: number): void {
		for (const time of TIMES) this.setTime(row, time, 0)
		this.setCount(row, Count.restarts, 0)
		this.setCount(row, Count.from, 0)
		this.setCount(row, Count.pod, 0)
	}

	/** `base`: an instant that no time in the rows is before. */
	save(base: Instant): Uint8Array {
		const writer = new ByteWriter().number(this.size)
		for (let row = 0; row < this.size; row++) {
			writer.number(this.count(row, Count.node))
			for (const small of SAVED_SMALL) writer.number(this.small(row, small))
			for (const count of SAVED_COUNTS) writer.number(this.count(row, count))
			writer.text(this.podOf(row))
			for (const time of TIMES) {
				const at = this.time(row, time)
				writer.number(at === 0 ? 0 : at - base + 1)
			}
		}
		return writer.finish()
	}

	static load(bytes: Uint8Array, base: Instant): Rows {
		const rows = new Rows()
		const reader = new ByteReader(bytes)
		const size = reader.number()
		while (rows.size < size) {
			const row = rows.of(reader.number())
			for (const small of SAVED_SMALL) rows.setSmall(row, small, reader.number())
			for (const count of SAVED_COUNTS) rows.setCount(row, count, reader.number())
			const pod = reader.text()
			if (pod !== "") rows.setOddPod(row, pod)
			for (const time of TIMES) {
				const offset = reader.number()
				rows.setTime(row, time, offset === 0 ? 0 : base + offset - 1)
			}
		}
		return rows
	}

	/** A copy that shares nothing. */
	fork(): Rows {
		const copy = new Rows()
		copy.#hold(this.#reals.slice())
		copy.#size = this.#size
		copy.#rowOfNode = this.#rowOfNode.slice()
		for (const [row, name] of this.#oddPods) copy.#oddPods.set(row, name)
		return copy
	}

	#add(node: number): number {
		if (node >= this.#rowOfNode.length) {
			const longer = new Int32Array(2 * node)
			longer.set(this.#rowOfNode)
			this.#rowOfNode = longer
		}
		const row = this.#size++
		if (row * REALS === this.#reals.length) this.#grow()
		this.#rowOfNode[node] = row + 1
		this.setCount(row, Count.node, node)
		return row
	}

	#grow(): void {
		const larger = new Float64Array(this.#reals.length * 2)
		larger.set(this.#reals)
		this.#hold(larger)
	}

	#hold(reals: Float64Array<ArrayBuffer>): void {
		this.#reals = reals
		this.#wholes = new Int32Array(reals.buffer)
		this.#bytes = new Uint8Array(reals.buffer)
	}
}

const ODD = -2
const SAVED_SMALL: readonly SmallOf[] = [Small.live, Small.bits, Small.touched, Small.cause]
const SAVED_COUNTS: readonly CountOf[] = [Count.restarts, Count.from]
