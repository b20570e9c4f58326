import { byCodeUnit, invariant, powerOfTwo } from "../../base/index.ts"
import { addBit, countBits, createBitTree, deleteBit, nextBit, previousBit } from "./bit-tree.ts"
import { nodeName } from "./names.ts"
import type { NodeRows } from "./nodes.ts"
import type { Strings } from "./strings.ts"

/**
 * Nodes in the order of their names, as ranks with gaps: a node that joins takes a rank between its neighbours. Where there
 * is no gap, the smallest stretch around it that has room is spread out anew (`moved` hears of each), so that the next that
 * join there find gaps: O(log² nodes) of them move for each, on average. Ranks are places in the name-ordered sets of every
 * census.
 *
 * Returns true where all ranks may have changed.
 */
export function orderNodes(nodes: NodeRows, strings: Strings, rows: readonly number[], moved: Moved): boolean {
	const named = rows.map((row): Named => ({ row, name: nameOf(nodes, strings, row) }))
	named.sort((a, b) => byCodeUnit(a.name, b.name))
	const { ranks } = nodes.order
	const many = rows.length > 32 && rows.length * 16 > ranks.count
	if (many || (ranks.count + rows.length) * 4 > ranks.size * 3) {
		rankAnew(nodes, strings, named)
		return true
	}
	for (const each of named) squeezeIn(nodes, strings, each, moved)
	return false
}

type Moved = (row: number, from: number, to: number) => void
type Named = { readonly row: number; readonly name: string }

export function leaveOrder(nodes: NodeRows, row: number): void {
	const rank = nodes.rank[row] as number
	deleteBit(nodes.order.ranks, rank)
	nodes.order.atRank[rank] = -1
}

/** All ranked rows by name, from a rank on. */
export function* nodesInOrder(nodes: NodeRows, from = 0): Generator<number> {
	const { ranks, atRank } = nodes.order
	for (let rank = nextBit(ranks, from); rank !== -1; rank = nextBit(ranks, rank + 1)) yield atRank[rank] as number
}

function squeezeIn(nodes: NodeRows, strings: Strings, { row, name }: Named, moved: Moved): void {
	const { ranks } = nodes.order
	const after = rankFrom(nodes, strings, name)
	const before = previousBit(ranks, after - 1)
	if (after - before < 2) makeRoom(nodes, row, before, moved)
	// Behind the last one names go on growing, as a pool's do: not half of all that is left for the first of them.
	else setRank(nodes, row, after === ranks.size ? Math.min(before + 2, ranks.size - 1) : (before + after) >> 1)
}

/** The rank of the first node of this name or one after it; the number of ranks where there is none. */
export function rankFrom(nodes: NodeRows, strings: Strings, name: string): number {
	const { ranks, atRank } = nodes.order
	let low = -1
	let high = ranks.size
	// Everything at or below `low` comes before the name, everything from `high` on after it.
	while (high - low > 1) {
		const middle = (low + high) >> 1
		const at = nextBit(ranks, middle)
		if (at === -1 || at >= high) high = middle
		else if (byCodeUnit(nameOf(nodes, strings, atRank[at] as number), name) < 0) low = at
		else high = middle
	}
	const next = nextBit(ranks, high)
	return next === -1 ? ranks.size : next
}

/**
 * Takes a row in behind `before`, in the smallest stretch of ranks around it that has room. A stretch may be the fuller the
 * smaller it is, from full down to three quarters: that is what keeps the average low.
 */
function makeRoom(nodes: NodeRows, row: number, before: number, moved: Moved): void {
	const { ranks } = nodes.order
	const levels = 31 - Math.clz32(ranks.size)
	for (let level = LEAST_LEVEL; ; level++) {
		const size = 2 ** level
		const start = Math.floor(Math.max(before, 0) / size) * size
		const fullest = size * (1 - (level - LEAST_LEVEL) / (4 * levels))
		if (countBits(ranks, start, start + size) < fullest) {
			spread(nodes, row, before, { start, size }, moved)
			return
		}
		invariant(level < levels, "the order of nodes has room for one more")
	}
}
const LEAST_LEVEL = 3

/** Gives the nodes of the stretch, and the new one behind `before`, ranks at equal distances. */
function spread(
	nodes: NodeRows,
	row: number,
	before: number,
	{ start, size }: { readonly start: number; readonly size: number },
	moved: Moved,
): void {
	const { ranks, atRank } = nodes.order
	const rows: number[] = []
	let place = 0
	for (let rank = nextBit(ranks, start); rank !== -1 && rank < start + size; rank = nextBit(ranks, rank + 1)) {
		rows.push(atRank[rank] as number)
		if (rank <= before) place = rows.length
	}
	rows.splice(place, 0, row)
	const move = (index: number, way: 1 | -1): void => {
		if (index === place) return
		const from = nodes.rank[rows[index] as number] as number
		const to = rankAt(index, rows.length, start, size)
		if ((to - from) * way > 0) shift(nodes, from, to, moved)
	}
	// Who goes up begins at the top, who goes down at the bottom: so each finds its new rank empty.
	for (let index = rows.length - 1; index >= 0; index--) move(index, 1)
	for (let index = 0; index < rows.length; index++) move(index, -1)
	setRank(nodes, row, rankAt(place, rows.length, start, size))
}

function rankAt(index: number, count: number, start: number, size: number): number {
	return start + Math.floor(((index + 0.5) * size) / count)
}

function shift(nodes: NodeRows, from: number, to: number, moved: Moved): void {
	const { ranks, atRank } = nodes.order
	const row = atRank[from] as number
	deleteBit(ranks, from)
	atRank[from] = -1
	setRank(nodes, row, to)
	moved(row, from, to)
}

/** All ranks at equal distances, with the new nodes where their names belong. */
function rankAnew(nodes: NodeRows, strings: Strings, added: readonly Named[]): void {
	const rows: number[] = []
	let next = 0
	for (const row of nodesInOrder(nodes)) {
		const name = next < added.length ? nameOf(nodes, strings, row) : ""
		while (next < added.length && byCodeUnit((added[next] as Named).name, name) < 0) {
			rows.push((added[next++] as Named).row)
		}
		rows.push(row)
	}
	while (next < added.length) rows.push((added[next++] as Named).row)
	const size = Math.max(nodes.order.ranks.size, powerOfTwo(rows.length * 2))
	nodes.order.ranks = createBitTree(size)
	nodes.order.atRank = new Int32Array(size).fill(-1)
	for (const [index, row] of rows.entries()) setRank(nodes, row, rankAt(index, rows.length, 0, size))
}

function setRank(nodes: NodeRows, row: number, rank: number): void {
	nodes.rank[row] = rank
	nodes.order.atRank[rank] = row
	addBit(nodes.order.ranks, rank)
}

function nameOf(nodes: NodeRows, strings: Strings, row: number): string {
	return nodeName(strings, nodes.base[row] as number, nodes.number[row] as number)
}
