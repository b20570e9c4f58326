import { deepFreeze, jsonEqual } from "../../base/index.ts"
import type { KubeObject, Node, NodePool } from "../../kube/index.ts"
import { type NodeShape, Readiness } from "../state/nodes.ts"
import { newVersion } from "../state/uids.ts"
import type { Machine } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import {
	isDownInDump,
	isReadyInDump,
	joinNodes,
	nodeRest,
	nodeShapeById,
	nodesOfPool,
	poolNodeName,
	removeNode,
	reshapedByPool,
	reshapeNode,
	shapeOfNode,
	shapesOfPool,
} from "../writes/nodes.ts"
import { breakNode, setReadiness } from "./node-lifecycle.ts"
import { retaint } from "./node-taints.ts"

/** A pool's nodes follow it: more or fewer at the end, and what its template changes. */
export function resizePool(machine: Machine, before: NodePool | undefined, after: NodePool | undefined): void {
	const size = before?.spec.replicas ?? 0
	const wanted = after?.spec.replicas ?? 0
	for (let index = size - 1; before !== undefined && index >= wanted; index--) {
		const row = poolNode(machine, before, index)
		if (row !== -1) removeNode(machine, row)
	}
	if (before !== undefined && after !== undefined) reshapePool(machine, before, after, Math.min(size, wanted))
	if (after !== undefined) joinNodes(machine, nodesOfPool(after, size))
}

function reshapePool(machine: Machine, before: NodePool, after: NodePool, count: number): void {
	const { state } = machine
	const was = shapesOfPool(before)
	const now = shapesOfPool(after)
	// Another size alone leaves the nodes that stay as they are.
	if (jsonEqual(was as NodeShape[], now as NodeShape[])) return
	// Nodes of one shape come to one shape: it is made once.
	const known = new Map<NodeShape, NodeShape[]>()
	for (let index = 0; index < count; index++) {
		const row = poolNode(machine, before, index)
		if (row === -1) continue
		const shape = nodeShapeById(state, state.nodes.shape[row] as number)
		const made = known.get(shape) ?? []
		known.set(shape, made)
		const [from, to] = [index % was.length, index % now.length]
		const place = from * now.length + to
		made[place] ??= reshapedByPool(shape, was[from] as NodeShape, now[to] as NodeShape)
		const reshaped = made[place] as NodeShape
		reshapeNode(machine, row, reshaped)
		retaint(machine, row, "NoSchedule")
	}
}

/** -1 where the pool has no such node any more. */
function poolNode({ state }: Machine, pool: NodePool, index: number): number {
	const row = findNode(state, poolNodeName(pool, index))
	return row !== -1 && state.nodes.exists[row] === 1 ? row : -1
}

export function storeNode(machine: Machine, before: Node | undefined, after: Node): undefined {
	const { state } = machine
	const shape = shapeOfNode(after)
	if (before === undefined) joinNodes(machine, [{ name: after.metadata.name, shape }])
	const row = findNode(state, after.metadata.name)
	const rest = nodeRest(after)
	if (rest === undefined) state.nodes.overlays.delete(row)
	else state.nodes.overlays.set(row, deepFreeze(rest) as KubeObject)
	if (before === undefined) {
		if (isDownInDump(after)) breakNode(machine, row)
		else if (isReadyInDump(after)) setReadiness(machine, row, Readiness.True)
		return undefined
	}
	const { used } = nodeShapeById(state, state.nodes.shape[row] as number)
	state.nodes.version[row] = newVersion(state)
	reshapeNode(machine, row, { ...shape, used })
	if (state.nodes.ready[row] !== Readiness.None) retaint(machine, row, "NoSchedule")
	return undefined
}
