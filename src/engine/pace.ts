import type { Instant } from "../base/index.ts"

/** How many milliseconds of cluster time pass in one of real time; `max`: as fast as it can, and still when settled. */
export type Speed = number | "max"

/** Ties cluster time to the monotonic clock. A start, a change of speed or a long stop ties it anew. */
export class Pace {
	readonly speed: Speed
	#cluster: Instant
	#monotonic: number

	constructor(speed: Speed, cluster: Instant, monotonic: number) {
		this.speed = speed
		this.#cluster = cluster
		this.#monotonic = monotonic
	}

	/** Where cluster time should be by now. */
	due(monotonic: number): Instant {
		if (this.speed === "max") return Number.POSITIVE_INFINITY
		return this.#cluster + Math.floor((monotonic - this.#monotonic) * this.speed)
	}

	/** Real milliseconds until cluster time gets to `at`. */
	until(at: Instant, monotonic: number): number {
		if (this.speed === "max") return 0
		return Math.max(0, (at - this.#cluster) / this.speed - (monotonic - this.#monotonic))
	}

	/** From now on cluster time runs from `cluster`: what was missed is not caught up. */
	tie(cluster: Instant, monotonic: number): void {
		this.#cluster = cluster
		this.#monotonic = monotonic
	}
}
