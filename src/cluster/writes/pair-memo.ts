/**
 * Remembers what two frozen values come to together, such as a pod's shape and a node's: weakly, and in front of that in
 * a small table, for nearly all questions are about the same few pairs. `spot`: any number that tells most pairs apart.
 */
export class PairMemo<A extends object, B extends object, V> {
	readonly #all = new WeakMap<A, WeakMap<B, V>>()
	readonly #front = new Array<{ readonly a: A; readonly b: B; readonly value: V } | undefined>(SPOTS).fill(undefined)

	of(spot: number, a: A, b: B, make: () => V): V {
		return this.known(spot, a, b) ?? this.#find(spot & (SPOTS - 1), a, b, make)
	}

	/** Only where it stands in front. */
	known(spot: number, a: A, b: B): V | undefined {
		const here = this.#front[spot & (SPOTS - 1)]
		return here !== undefined && here.a === a && here.b === b ? here.value : undefined
	}

	#find(place: number, a: A, b: B, make: () => V): V {
		let others = this.#all.get(a)
		if (others === undefined) {
			others = new WeakMap()
			this.#all.set(a, others)
		}
		let value = others.get(b)
		if (value === undefined) {
			value = make()
			others.set(b, value)
		}
		this.#front[place] = { a, b, value }
		return value
	}
}

const SPOTS = 256
