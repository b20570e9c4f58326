import type { Instant } from "../base/index.ts"
import { ByteReader, ByteWriter } from "./bytes.ts"

const TIMES = ["stoppedAt", "goneAt", "createdAt", "readyAt", "availableAt"] as const
const COUNTS = ["live", "bits", "touched", "causes", "restarts", "from"] as const
const COLUMNS = [...TIMES, ...COUNTS, "nodes", "pods"] as const

/** Columns of numbers, one row per node of a DaemonSet: some 60 bytes each. A row keeps its place for good. */
export class Rows {
	/** Pods of the node that are not gone. */
	live = new Uint8Array(16)
	/** What `Availability` knows of the node. */
	bits = new Uint8Array(16)
	/** 1 where the node has news. */
	touched = new Uint8Array(16)
	/** See `CAUSES`. */
	causes = new Uint8Array(16)
	nodes = new Int32Array(16)
	restarts = new Int32Array(16)
	/** The place of the replaced pod's hash in a list of them. */
	from = new Int32Array(16)
	/** Cluster time; 0 where it did not happen. */
	stoppedAt = new Float64Array(16)
	goneAt = new Float64Array(16)
	createdAt = new Float64Array(16)
	readyAt = new Float64Array(16)
	availableAt = new Float64Array(16)
	/** Suffixes of names as numbers; 0 for none, -1 for those in `#oddPods`. */
	pods = new Int32Array(16)
	size = 0
	readonly #rowOfNode = new Map<number, number>()
	readonly #oddPods = new Map<number, string>()

	/** The row of a node; made where there is none. */
	of(node: number): number {
		const known = this.#rowOfNode.get(node)
		if (known !== undefined) return known
		if (this.size === this.nodes.length) this.#grow()
		const row = this.size++
		this.#rowOfNode.set(node, row)
		this.nodes[row] = node
		return row
	}

	find(node: number): number | undefined {
		return this.#rowOfNode.get(node)
	}

	setPod(row: number, suffix: string): void {
		const code = SUFFIX.test(suffix) ? Number.parseInt(suffix, 36) + 1 : -1
		this.pods[row] = code
		if (code < 0) this.#oddPods.set(row, suffix)
	}

	/** What was given to `setPod`; empty where nothing was. */
	podOf(row: number): string {
		const code = this.pods[row] as number
		if (code < 0) return this.#oddPods.get(row) ?? ""
		return code === 0 ? "" : (code - 1).toString(36).padStart(5, "0")
	}

	/** Forgets a row's times, restarts and pod. */
	clear(row: number): void {
		for (const time of TIMES) this[time][row] = 0
		this.restarts[row] = 0
		this.from[row] = 0
		this.pods[row] = 0
	}

	/** `base`: an instant that no time in the rows is before. */
	save(base: Instant): Uint8Array {
		const writer = new ByteWriter().number(this.size)
		for (let row = 0; row < this.size; row++) {
			writer.number(this.nodes[row] as number)
			for (const column of COUNTS) writer.number(this[column][row] as number)
			writer.text(this.podOf(row))
			for (const column of TIMES) {
				const at = this[column][row] as number
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
			for (const column of COUNTS) rows[column][row] = reader.number()
			const pod = reader.text()
			if (pod !== "") rows.setPod(row, pod)
			for (const column of TIMES) {
				const offset = reader.number()
				rows[column][row] = offset === 0 ? 0 : base + offset - 1
			}
		}
		return rows
	}

	#grow(): void {
		const length = this.size * 2
		const columns = this as unknown as Record<string, Uint8Array | Int32Array | Float64Array>
		for (const name of COLUMNS) {
			const column = columns[name] as Uint8Array
			const larger = new (column.constructor as Uint8ArrayConstructor)(length)
			larger.set(column)
			columns[name] = larger
		}
	}
}

// Five characters read as a number: all but odd names take four bytes.
const SUFFIX = /^[0-9a-z]{5}$/
