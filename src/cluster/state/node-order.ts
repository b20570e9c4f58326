import { byCodeUnit, powerOfTwo } from "../../base/index.ts"
import { addBit, createBitTree, deleteBit, nextBit, previousBit } from "./bit-tree.ts"
import { nodeName } from "./names.ts"
import type { NodeRows } from "./nodes.ts"
import type { Strings } from "./strings.ts"

/**
 * Nodes in the order of their names, as ranks with gaps: a node that joins takes a rank between its neighbours; where
 * there is no gap they close up to the nearest one (`moved` hears of each), and only where none is near are all ranks given
 * anew. Ranks are places in the name-ordered sets of every census.
 *
 * Returns true where all ranks may have changed.
 */
export function orderNodes(nodes: NodeRows, strings: Strings, rows: readonly number[], moved: Moved): boolean {
	const many = rows.length > 32 && rows.length * 16 > nodes.order.ranks.count
	for (const [done, row] of rows.entries()) {
		if (many || !squeezeIn(nodes, strings, row, moved)) {
			rankAnew(nodes, strings, rows.slice(done))
			return true
		}
	}
	return false
}

type Moved = (row: number, from: number, to: number) => void

export function leaveOrder(nodes: NodeRows, row: number): void {
	const rank = nodes.rank[row] as number
	deleteBit(nodes.order.ranks, rank)
	nodes.order.atRank[rank] = -1
}

/** All ranked rows by name. */
export function* nodesInOrder(nodes: NodeRows): Generator<number> {
	const { ranks, atRank } = nodes.order
	for (let rank = nextBit(ranks, 0); rank !== -1; rank = nextBit(ranks, rank + 1)) yield atRank[rank] as number
}

function squeezeIn(nodes: NodeRows, strings: Strings, row: number, moved: Moved): boolean {
	const { ranks, atRank } = nodes.order
	const name = nodeName(strings, nodes.base[row] as number, nodes.number[row] as number)
	let low = -1
	let high = ranks.size
	// Everything at or below `low` comes before the name, everything from `high` on after it.
	while (high - low > 1) {
		const middle = (low + high) >> 1
		const at = nextBit(ranks, middle)
		if (at === -1 || at >= high) {
			high = middle
			continue
		}
		const other = atRank[at] as number
		const otherName = nodeName(strings, nodes.base[other] as number, nodes.number[other] as number)
		if (byCodeUnit(otherName, name) < 0) low = at
		else high = middle
	}
	const before = previousBit(ranks, high - 1)
	const next = nextBit(ranks, high)
	const after = next === -1 ? ranks.size : next
	const rank =
		after - before < 2
			? closeUp(nodes, before, after, moved)
			: next === -1
				? Math.min(before + 2, ranks.size - 1)
				: (before + after) >> 1
	if (rank === -1) return false
	setRank(nodes, row, rank)
	return true
}

/** Neighbours move by one rank, towards the nearest that is free. Returns the rank between them that is free then, or -1. */
function closeUp(nodes: NodeRows, before: number, after: number, moved: Moved): number {
	const { ranks, atRank } = nodes.order
	for (let far = 1; far <= FARTHEST; far++) {
		if (after + far < ranks.size && atRank[after + far] === -1) {
			for (let rank = after + far; rank > after; rank--) shift(nodes, rank - 1, rank, moved)
			return after
		}
		if (before - far >= 0 && atRank[before - far] === -1) {
			for (let rank = before - far; rank < before; rank++) shift(nodes, rank + 1, rank, moved)
			return before
		}
	}
	return -1
}
const FARTHEST = 1_024

function shift(nodes: NodeRows, from: number, to: number, moved: Moved): void {
	const { ranks, atRank } = nodes.order
	const row = atRank[from] as number
	deleteBit(ranks, from)
	atRank[from] = -1
	setRank(nodes, row, to)
	moved(row, from, to)
}

function rankAnew(nodes: NodeRows, strings: Strings, added: readonly number[]): void {
	const rows = [...nodesInOrder(nodes), ...added]
	const names = new Map<number, string>()
	for (const row of rows) names.set(row, nodeName(strings, nodes.base[row] as number, nodes.number[row] as number))
	rows.sort((a, b) => byCodeUnit(names.get(a) ?? "", names.get(b) ?? ""))
	const size = Math.max(nodes.order.ranks.size, powerOfTwo(rows.length * 2))
	nodes.order.ranks = createBitTree(size)
	nodes.order.atRank = new Int32Array(size).fill(-1)
	const stride = Math.floor(size / rows.length)
	for (const [place, row] of rows.entries()) setRank(nodes, row, place * stride + (stride >> 1))
}

function setRank(nodes: NodeRows, row: number, rank: number): void {
	nodes.rank[row] = rank
	nodes.order.atRank[rank] = row
	addBit(nodes.order.ranks, rank)
}
