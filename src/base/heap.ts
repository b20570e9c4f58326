/** A binary heap: the least item by `compare` comes first. */
export class Heap<T> {
	readonly #items: T[] = []
	readonly #compare: (a: T, b: T) => number

	constructor(compare: (a: T, b: T) => number) {
		this.#compare = compare
	}

	get size(): number {
		return this.#items.length
	}

	peek(): T | undefined {
		return this.#items[0]
	}

	push(item: T): void {
		const items = this.#items
		let at = items.push(item) - 1
		while (at > 0) {
			const parent = (at - 1) >> 1
			const above = items[parent] as T
			if (this.#compare(item, above) >= 0) break
			items[at] = above
			at = parent
		}
		items[at] = item
	}

	pop(): T | undefined {
		const items = this.#items
		const first = items[0]
		const last = items.pop()
		if (items.length > 0) this.#sink(last as T)
		return first
	}

	#sink(item: T): void {
		const items = this.#items
		let at = 0
		for (;;) {
			let child = 2 * at + 1
			if (child >= items.length) break
			if (child + 1 < items.length && this.#compare(items[child + 1] as T, items[child] as T) < 0) child++
			if (this.#compare(items[child] as T, item) >= 0) break
			items[at] = items[child] as T
			at = child
		}
		items[at] = item
	}
}
