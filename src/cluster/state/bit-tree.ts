/**
 * A set of small whole numbers that answers "the first one at or after": words of 32 bits, and above them levels whose
 * bits say which words are not empty. Adding, deleting and asking cost one word per level (four for a million).
 */
export type BitTree = { words: Uint32Array; readonly size: number; count: number }

export function createBitTree(size: number): BitTree {
	let words = 0
	for (let level = size; level > 1 || words === 0; level = Math.ceil(level / 32)) words += Math.ceil(level / 32)
	return { words: new Uint32Array(words), size, count: 0 }
}

export function hasBit(tree: BitTree, at: number): boolean {
	return ((tree.words[at >>> 5] as number) & (1 << (at & 31))) !== 0
}

export function addBit(tree: BitTree, at: number): void {
	if (hasBit(tree, at)) return
	tree.count++
	let start = 0
	let length = tree.size
	let place = at
	for (;;) {
		const word = start + (place >>> 5)
		const before = tree.words[word] as number
		tree.words[word] = before | (1 << (place & 31))
		if (before !== 0 || length <= 32) return
		length = Math.ceil(length / 32)
		start += length
		place >>>= 5
	}
}

export function deleteBit(tree: BitTree, at: number): void {
	if (!hasBit(tree, at)) return
	tree.count--
	let start = 0
	let length = tree.size
	let place = at
	for (;;) {
		const word = start + (place >>> 5)
		const after = (tree.words[word] as number) & ~(1 << (place & 31))
		tree.words[word] = after
		if (after !== 0 || length <= 32) return
		length = Math.ceil(length / 32)
		start += length
		place >>>= 5
	}
}

/** The first number at or after `from`; -1 where there is none. */
export function nextBit({ words, size }: BitTree, from: number): number {
	if (from >= size) return -1
	let start = 0
	let length = size
	let place = from
	let level = 0
	for (;;) {
		const rest = place < length ? (words[start + (place >>> 5)] as number) & (-1 << (place & 31)) : 0
		if (rest !== 0) return descend(words, size, level, (place & ~31) | lowest(rest), lowest)
		if (length <= 32) return -1
		length = Math.ceil(length / 32)
		start += length
		place = (place >>> 5) + 1
		level++
	}
}

/** The last number at or before `from`; -1 where there is none. */
export function previousBit({ words, size }: BitTree, from: number): number {
	let start = 0
	let length = size
	let place = from
	let level = 0
	for (;;) {
		const rest = place >= 0 ? (words[start + (place >>> 5)] as number) & (0xffff_ffff >>> (31 - (place & 31))) : 0
		if (rest !== 0) return descend(words, size, level, (place & ~31) | highest(rest), highest)
		if (length <= 32) return -1
		length = Math.ceil(length / 32)
		start += length
		place = (place >>> 5) - 1
		level++
	}
}

/** How many there are of the numbers from `from` on, before `end`. */
export function countBits({ words }: BitTree, from: number, end: number): number {
	let count = 0
	for (let word = from >>> 5; word << 5 < end; word++) {
		let rest = words[word] as number
		if (word === from >>> 5) rest &= -1 << (from & 31)
		if ((word + 1) << 5 > end) rest &= ~(-1 << (end & 31))
		for (; rest !== 0; rest &= rest - 1) count++
	}
	return count
}

/** From a word that is not empty, at a place of a level, down to the number that it stands for. */
function descend(
	words: Uint32Array,
	size: number,
	level: number,
	place: number,
	pick: (word: number) => number,
): number {
	let found = place
	for (let below = level - 1; below >= 0; below--) {
		found = found * 32 + pick(words[startOf(size, below) + found] as number)
	}
	return found
}

/** Where a level's words begin. */
function startOf(size: number, level: number): number {
	let start = 0
	let length = size
	for (let above = 0; above < level; above++) {
		length = Math.ceil(length / 32)
		start += length
	}
	return start
}

function lowest(word: number): number {
	return 31 - Math.clz32(word & -word)
}

function highest(word: number): number {
	return 31 - Math.clz32(word)
}
