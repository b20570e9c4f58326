import { dice, rangeOf } from "../../src/base/index.ts"

/** Throws that a seed repeats. */
export class Dice {
	readonly #seed: number
	#thrown = 0

	constructor(seed: number) {
		this.#seed = seed
	}

	/** A whole number below `count`. */
	below(count: number): number {
		return rangeOf(dice(this.#seed, ++this.#thrown), 0, count - 1)
	}

	oneIn(count: number): boolean {
		return this.below(count) === 0
	}

	of<Item>(items: readonly [Item, ...(readonly Item[])] | readonly Item[]): Item {
		return items[this.below(items.length)] as Item
	}
}
