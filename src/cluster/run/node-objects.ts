import { deepFreeze } from "../../base/index.ts"
import type { KubeObject, Node, NodePool } from "../../kube/index.ts"
import { Readiness } from "../state/nodes.ts"
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
	removeNode,
	reshapedByPool,
	reshapeNode,
	shapeOfNode,
} from "../writes/nodes.ts"
import { breakNode, setReadiness } from "./node-lifecycle.ts"
import { retaint } from "./node-taints.ts"

/** A pool's nodes follow it: more or fewer at the end, and what its template changes. */
export function resizePool(machine: Machine, before: NodePool | undefined, after: NodePool | undefined): void {
	const { state } = machine
	const old = before === undefined ? [] : nodesOfPool(before)
	const wanted = after === undefined ? [] : nodesOfPool(after)
	for (const { name } of old.slice(wanted.length).reverse()) {
		const row = findNode(state, name)
		if (row !== -1 && state.nodes.exists[row] === 1) removeNode(machine, row)
	}
	for (const [index, { name, shape }] of wanted.slice(0, old.length).entries()) {
		const row = findNode(state, name)
		const was = old[index]?.shape
		if (row === -1 || state.nodes.exists[row] !== 1 || was === undefined) continue
		const now = nodeShapeById(state, state.nodes.shape[row] as number)
		reshapeNode(machine, row, reshapedByPool(now, was, shape))
		retaint(machine, row, "NoSchedule")
	}
	joinNodes(machine, wanted.slice(old.length))
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
