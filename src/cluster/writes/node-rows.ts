import { freeRow, takeRow } from "../state/columns.ts"
import { releaseInterned, useInterned } from "../state/interned.ts"
import { addNamed, firstNamed, nameHash, removeNamed } from "../state/name-index.ts"
import { nodeNamePair } from "../state/names.ts"
import { leaveOrder, orderNodes } from "../state/node-order.ts"
import { useOf } from "../state/nodes.ts"
import type { State } from "../state/state.ts"
import { censusReordered, forgetNode, nodeMoved } from "../wiring.ts"
import type { Machine } from "./machine.ts"

/** The row of a node, or of a name that pods are pinned to though no such node exists. -1 for neither. */
export function findNode(state: State, name: string): number {
	const pair = nodeNamePair(state.strings, name, false)
	if (pair === undefined) return -1
	const { nodes } = state
	for (
		let row = firstNamed(nodes, nameHash(pair.base, pair.number));
		row !== -1;
		row = nodes.nextNamed[row] as number
	) {
		if (nodes.base[row] === pair.base && nodes.number[row] === pair.number) return row
	}
	return -1
}

/** Rows for these names, those that exist already among them; new ones exist for nobody yet. */
export function rowsFor(machine: Machine, names: readonly string[], shape: number): number[] {
	const { state } = machine
	const added: number[] = []
	const rows = names.map((name) => {
		const known = findNode(state, name)
		if (known !== -1) return known
		const row = blankRow(state, name, shape)
		added.push(row)
		return row
	})
	const moved = (row: number, from: number, to: number) => nodeMoved(machine, row, from, to)
	if (added.length > 0 && orderNodes(state.nodes, state.strings, added, moved)) censusReordered(machine)
	return rows
}

/** Frees the row of a node that is gone once no pod names it any more. */
export function settleNodeRow(machine: Machine, row: number): void {
	const { state } = machine
	const { nodes } = state
	if (nodes.exists[row] === 1 || nodes.firstPod[row] !== -1) return
	forgetNode(machine, row)
	leaveOrder(nodes, row)
	removeNamed(nodes, row, nameHash(nodes.base[row] as number, nodes.number[row] as number))
	releaseInterned(state.nodeShapes, nodes.shape[row] as number)
	nodes.overlays.delete(row)
	state.lost.delete(row)
	forgetImages(state, row)
	freeRow(nodes, row)
}

/** The machine is gone, and the images that it held with it. */
export function forgetImages({ images }: State, row: number): void {
	for (const held of images.values()) {
		if (row >>> 5 < held.length) held[row >>> 5] = (held[row >>> 5] as number) & ~(1 << (row & 31))
	}
}

function blankRow(state: State, name: string, shape: number): number {
	const { nodes } = state
	const pair = nodeNamePair(state.strings, name, true)
	const row = takeRow(nodes)
	nodes.base[row] = pair?.base ?? 0
	nodes.number[row] = pair?.number ?? 0
	nodes.shape[row] = useInterned(state.nodeShapes, shape)
	nodes.firstPod[row] = -1
	nodes.timer[row] = -1
	nodes.subject[row] = -1
	for (const column of [nodes.uid, nodes.version, nodes.exists, nodes.rank, nodes.createdAt]) column[row] = 0
	for (const column of [nodes.ready, nodes.readySince, nodes.upAt, nodes.pressure]) column[row] = 0
	for (const rare of [nodes.downAt, nodes.pressureAt, nodes.slowness]) rare.delete(row)
	nodes.use.fill(0, useOf(row), useOf(row + 1))
	addNamed(nodes, row, nameHash(pair?.base ?? 0, pair?.number ?? 0), (other) =>
		nameHash(nodes.base[other] as number, nodes.number[other] as number),
	)
	return row
}
