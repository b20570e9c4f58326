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
export function nextBit(tree: BitTree, from: number): number {
	if (from >= tree.size) return -1
	let start = 0
	let length = tree.size
	let place = from
	const starts: number[] = []
	for (;;) {
		const rest = place < length ? (tree.words[start + (place >>> 5)] as number) & (-1 << (place & 31)) : 0
		if (rest !== 0) {
			place = (place & ~31) | lowest(rest)
			break
		}
		if (length <= 32) return -1
		starts.push(start)
		length = Math.ceil(length / 32)
		start += length
		place = (place >>> 5) + 1
	}
	for (let level = starts.length - 1; level >= 0; level--) {
		place = place * 32 + lowest(tree.words[(starts[level] as number) + place] as number)
	}
	return place
}

/** The last number at or before `from`; -1 where there is none. */
export function previousBit(tree: BitTree, from: number): number {
	let start = 0
	let length = tree.size
	let place = from
	const starts: number[] = []
	for (;;) {
		const rest = place >= 0 ? (tree.words[start + (place >>> 5)] as number) & (0xffff_ffff >>> (31 - (place & 31))) : 0
		if (rest !== 0) {
			place = (place & ~31) | highest(rest)
			break
		}
		if (length <= 32) return -1
		starts.push(start)
		length = Math.ceil(length / 32)
		start += length
		place = (place >>> 5) - 1
	}
	for (let level = starts.length - 1; level >= 0; level--) {
		place = place * 32 + highest(tree.words[(starts[level] as number) + place] as number)
	}
	return place
}

function lowest(word: number): number {
	return 31 - Math.clz32(word & -word)
}

function highest(word: number): number {
	return 31 - Math.clz32(word)
}
