import type { Instant } from "../../base/index.ts"

/** The lists of instants that are not near, found by instant, and by a binary heap in their order. */
export type Far = {
	at: Instant[]
	/** First and last entry of lane 0, then of lane 1, plus one; 0 for none. */
	ends: Int32Array
	unused: number[]
	byInstant: Map<Instant, number>
	/** One whose entries were all cancelled stays until it is met. */
	heap: number[]
}

export function createFar(size = 64): Far {
	return { at: [], ends: new Int32Array(size * 4), unused: [], byInstant: new Map(), heap: [] }
}

/** The list of this instant; made where there is none. */
export function farList(far: Far, at: Instant): number {
	const known = far.byInstant.get(at)
	if (known !== undefined) return known
	const list = far.unused.pop() ?? far.at.length
	if (list * 4 === far.ends.length) {
		const ends = new Int32Array(list * 8)
		ends.set(far.ends)
		far.ends = ends
	}
	far.at[list] = at
	far.byInstant.set(at, list)
	push(far, list)
	return list
}

/** The first list that has entries, or -1. */
export function nextFar(far: Far): number {
	for (let list = far.heap[0]; list !== undefined; list = far.heap[0]) {
		if (!isFarEmpty(far, list)) return list
		dropFar(far)
	}
	return -1
}

export function isFarEmpty({ ends }: Far, list: number): boolean {
	return ends[list * 4] === 0 && ends[list * 4 + 2] === 0
}

/** The first list is of no use any more. */
export function dropFar(far: Far): void {
	const list = far.heap[0] as number
	pop(far)
	far.byInstant.delete(far.at[list] as number)
	far.ends.fill(0, list * 4, list * 4 + 4)
	far.unused.push(list)
}

function push({ heap, at }: Far, list: number): void {
	const when = at[list] as number
	let place = heap.push(list) - 1
	while (place > 0) {
		const parent = (place - 1) >> 1
		const above = heap[parent] as number
		if ((at[above] as number) <= when) break
		heap[place] = above
		place = parent
	}
	heap[place] = list
}

function pop({ heap, at }: Far): void {
	const last = heap.pop() as number
	const size = heap.length
	if (size === 0) return
	const lastAt = at[last] as number
	let place = 0
	for (;;) {
		let child = 2 * place + 1
		if (child >= size) break
		if (child + 1 < size && (at[heap[child + 1] as number] as number) < (at[heap[child] as number] as number)) child++
		if ((at[heap[child] as number] as number) >= lastAt) break
		heap[place] = heap[child] as number
		place = child
	}
	heap[place] = last
}
