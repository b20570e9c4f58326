import type { Instant } from "../base/index.ts"
import { causes, isIn } from "./causes.ts"
import type { NodeTable } from "./node-table.ts"
import { type Rows, Small, Time } from "./rows.ts"

/** A node that dies so soon after its new pod was made may have died of it (rule V2). */
const KILL_WINDOW_MS = 300_000

/** Nodes that were seen to die, and for how long nodes were watched, in whole seconds of all of them together. */
export type Deaths = { readonly deaths: number; readonly seconds: number }

const LEAST_ODDS = 100n

/**
 * V2: were the exposed nodes no worse off than the others, so many deaths would come in one case of a hundred at the
 * most. By Markov's inequality the chance of `deaths` or more is at most what is expected, divided by `deaths`; expected
 * is the others' rate, as if one more of them had died, so that a fleet in which nobody ever died has a rate as well.
 */
export function isMoreThanChance(exposed: Deaths, others: Deaths): boolean {
	if (exposed.deaths === 0 || others.seconds <= 0) return false
	const expected = BigInt(exposed.seconds) * BigInt(others.deaths + 1)
	return BigInt(exposed.deaths) * BigInt(others.seconds) >= LEAST_ODDS * expected
}

const NEVER_RAN = causes("starting", "no-room", "image-pull", "no-pod", "terminating", "evicted", "preempted")

/** Nodes of one DaemonSet that died soon after their new pod was made (rule V2), by row, and when. */
export class NodeDeaths {
	readonly #nodes: NodeTable
	readonly #rows: Rows
	readonly #deaths: Map<number, Instant>

	constructor(nodes: NodeTable, rows: Rows, saved?: readonly (readonly [number, Instant])[]) {
		this.#nodes = nodes
		this.#rows = rows
		this.#deaths = new Map(saved)
	}

	get size(): number {
		return this.#deaths.size
	}

	has(row: number): boolean {
		return this.#deaths.has(row)
	}

	/** A node fell silent, or says that it is not ready. */
	died(row: number, at: Instant): void {
		if (this.#hasRun(row) && at - this.#rows.time(row, Time.created) <= KILL_WINDOW_MS) this.#deaths.set(row, at)
	}

	/** Whether so many of the nodes that got a new pod died soon after that chance does not explain it. */
	areKills(now: Instant): boolean {
		const deaths = this.#deaths.size
		if (deaths === 0) return false
		let exposedMs = 0
		for (let row = 0; row < this.#rows.size; row++) {
			const from = this.#rows.time(row, Time.created)
			if (from === 0 || !(this.#hasRun(row) || this.#deaths.has(row))) continue
			exposedMs += Math.min(KILL_WINDOW_MS, (this.#deaths.get(row) ?? now) - from)
		}
		const seconds = Math.floor(exposedMs / 1_000)
		const others = { deaths: this.#nodes.deaths - deaths, seconds: this.#nodes.secondsBy(now) - seconds }
		return isMoreThanChance({ deaths, seconds }, others)
	}

	clear(): void {
		this.#deaths.clear()
	}

	save(): readonly (readonly [number, Instant])[] {
		return [...this.#deaths]
	}

	/** A new pod whose containers have run. */
	#hasRun(row: number): boolean {
		return this.#rows.time(row, Time.created) !== 0 && !isIn(NEVER_RAN, this.#rows.small(row, Small.cause))
	}
}
