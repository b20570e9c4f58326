import { byCodeUnit } from "../../base/index.ts"
import type { ListQuery } from "../contract.ts"
import { PLAIN, podName } from "../state/names.ts"
import { POD_WORDS } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textOf } from "../state/strings.ts"
import type { Machine } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import { GONE } from "../writes/pods.ts"
import { inNameOrder, listed, type Named } from "./name-order.ts"

/** The rows of the pods that a list gives, in order of namespace, then name. */
export function podRows(machine: Machine, query: ListQuery): Int32Array {
	const { state } = machine
	const { nodeName } = query
	return listed(nodeName === undefined ? allPods(machine) : podsOn(state, nodeName), query, namesOf(state))
}

/** All that there are, and those of a namespace, are counted without putting them in order. */
export function countPods(machine: Machine, query: ListQuery): number {
	const { pods, strings } = machine.state
	const { namespace, nodeName, after } = query
	if (nodeName !== undefined || after !== undefined) return podRows(machine, query).length
	if (namespace === undefined) return pods.live
	const space = strings.ids.get(namespace)
	let count = 0
	for (let row = 0; row < pods.end; row += POD_WORDS) {
		if (pods.owner[row] !== GONE && pods.namespace[row] === space) count++
	}
	return count
}

/** In order until a pod comes or goes. */
function allPods({ state, memo }: Machine): Int32Array {
	const { pods } = state
	if (memo.podOrder?.moves !== pods.moves) {
		const rows: number[] = []
		for (let row = 0; row < pods.end; row += POD_WORDS) if (pods.owner[row] !== GONE) rows.push(row)
		memo.podOrder = { moves: pods.moves, rows: inNameOrder(rows, namesOf(state)) }
	}
	return memo.podOrder.rows
}

function podsOn(state: State, nodeName: string): Int32Array {
	const { nodes, pods } = state
	const rows: number[] = []
	const node = findNode(state, nodeName)
	for (let row = node === -1 ? -1 : (nodes.firstPod[node] as number); row !== -1; row = pods.nextHere[row] as number) {
		if (pods.bound[row] === 1) rows.push(row)
	}
	const { space, text } = namesOf(state)
	return Int32Array.from(rows.sort((a, b) => byCodeUnit(space(a), space(b)) || byCodeUnit(text(a), text(b))))
}

function namesOf({ pods, strings }: State): Named {
	return {
		space: (row) => textOf(strings, pods.namespace[row] as number),
		base: (row) => (pods.number[row] === PLAIN ? -1 : (pods.base[row] as number)),
		suffix: (row) => pods.number[row] as number,
		text: (row) => podName(strings, pods.base[row] as number, pods.number[row] as number),
	}
}
