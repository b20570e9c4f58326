import type { Instant } from "../base/index.ts"
import type { PodFact, PodReading } from "../cluster/index.ts"
import { keyParts, type ObjectKey } from "../kube/index.ts"
import { endsAvailability } from "./availability.ts"
import { isRestart } from "./causes.ts"
import type { NodeStep } from "./contract.ts"
import { Count, type Rows, Time } from "./rows.ts"

export type SavedSpan = {
	readonly hash: string
	readonly hashes: readonly string[]
	readonly spanStart: Instant
}

/**
 * What each node of a DaemonSet goes through in one span, the time from one revision to the next, written into its row:
 * when the old pod stopped, and when the new one came, got ready and counted. *New* pods have the span's hash.
 */
export class NodeStories {
	readonly #rows: Rows
	/** What the names of its pods begin with. */
	readonly #prefix: string
	#hash = ""
	/** Hashes of pods that this span replaced; rows hold their places. */
	#hashes: string[] = [""]
	#spanStart: Instant = 0

	constructor(rows: Rows, daemonSet: ObjectKey, saved?: SavedSpan) {
		this.#rows = rows
		this.#prefix = `${keyParts(daemonSet).name}-`
		if (saved === undefined) return
		this.#hash = saved.hash
		this.#hashes = [...saved.hashes]
		this.#spanStart = saved.spanStart
	}

	/** No time of the span is before this. */
	get spanStart(): Instant {
		return this.#spanStart
	}

	beginSpan(hash: string, at: Instant): void {
		for (let row = 0; row < this.#rows.size; row++) this.#rows.clear(row)
		this.#hash = hash
		this.#hashes = [""]
		this.#spanStart = at
	}

	isNew(fact: PodReading): boolean {
		return fact.hash === this.#hash
	}

	record(row: number, step: PodFact["step"], fact: PodReading, isNew: boolean): void {
		if (isNew) this.#recordNew(row, step, fact)
		if (step === "terminating" || step === "gone") this.#recordStop(row, step, fact, isNew)
	}

	stepOf(row: number, node: string, cause: string): NodeStep {
		const rows = this.#rows
		const suffix = rows.podOf(row)
		const createdAt = rows.time(row, Time.created)
		return {
			node,
			pod: suffix.startsWith("/") ? suffix.slice(1) : suffix === "" ? "" : this.#prefix + suffix,
			fromHash: this.#hashes[rows.count(row, Count.from)] ?? "",
			toHash: createdAt === 0 ? "" : this.#hash,
			stoppedAt: rows.time(row, Time.stopped),
			goneAt: rows.time(row, Time.gone),
			createdAt,
			readyAt: rows.time(row, Time.ready),
			availableAt: rows.time(row, Time.available),
			restarts: rows.count(row, Count.restarts),
			cause,
		}
	}

	save(): SavedSpan {
		return { hash: this.#hash, hashes: [...this.#hashes], spanStart: this.#spanStart }
	}

	#recordNew(row: number, step: PodFact["step"], fact: PodReading): void {
		const rows = this.#rows
		if (step === "ready") rows.setTime(row, Time.ready, fact.at)
		else if (step === "available") rows.setTime(row, Time.available, fact.at)
		else if (step === "created" || endsAvailability(step)) {
			rows.setTime(row, Time.ready, 0)
			rows.setTime(row, Time.available, 0)
		}
		if (step === "created") {
			rows.setTime(row, Time.created, fact.at)
			this.#recordPod(row, fact)
		}
		if (isRestart(fact)) rows.setCount(row, Count.restarts, rows.count(row, Count.restarts) + 1)
	}

	#recordPod(row: number, fact: PodReading): void {
		if (fact.podSuffix !== -1 && fact.podBase === this.#prefix) this.#rows.setPod(row, fact.podSuffix)
		else if (fact.pod.startsWith(this.#prefix)) this.#rows.setOddPod(row, fact.pod.slice(this.#prefix.length))
		else this.#rows.setOddPod(row, `/${fact.pod}`)
	}

	// A pod of the new revision that is replaced in turn does not overwrite when the old one stopped.
	#recordStop(row: number, step: PodFact["step"], fact: PodReading, isNew: boolean): void {
		const rows = this.#rows
		const from = this.#placeOfHash(fact.hash)
		const stopped = rows.time(row, Time.stopped) !== 0
		if (isNew && stopped && rows.count(row, Count.from) !== from) return
		if (step === "terminating" || !stopped) rows.setTime(row, Time.stopped, fact.at)
		if (step === "gone") rows.setTime(row, Time.gone, fact.at)
		rows.setCount(row, Count.from, from)
	}

	#placeOfHash(hash: string): number {
		const known = this.#hashes.indexOf(hash)
		return known >= 0 ? known : this.#hashes.push(hash) - 1
	}
}
