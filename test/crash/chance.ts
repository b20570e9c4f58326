/** Throws of dice that a seed repeats: mulberry32. */
export class Chance {
	#state: number

	constructor(seed: number) {
		this.#state = seed >>> 0
	}

	/** Evenly from 0 up to, and without, 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0
		let mixed = this.#state
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
	}

	/** A whole number from `from` to `to`, both included. */
	between(from: number, to: number): number {
		return from + Math.floor(this.next() * (to - from + 1))
	}

	/** True so often in a hundred. */
	percent(share: number): boolean {
		return this.next() * 100 < share
	}

	pick<T>(items: readonly [T, ...T[]]): T {
		return items[this.between(0, items.length - 1)] ?? items[0]
	}
}
