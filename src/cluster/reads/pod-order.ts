import { byCodeUnit } from "../../base/index.ts"
import type { ListQuery } from "../contract.ts"
import { PLAIN, podName } from "../state/names.ts"
import { POD_WORDS } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textOf } from "../state/strings.ts"
import type { Machine } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import { findPod, GONE } from "../writes/pods.ts"
import { inNameOrder, listed, type Named } from "./name-order.ts"
import { podTest, soughtText } from "./pod-selection.ts"

type Test = (row: number) => boolean

/** The rows of the pods that a list gives, in order of namespace, then name. */
export function podRows(machine: Machine, query: ListQuery): Iterable<number> {
	const { selector } = query
	const isSelected = selector && podTest(machine, selector)
	const rows = podsFound(machine.state, query) ?? (isSelected && fewPods(machine, isSelected)) ?? allPods(machine)
	return taken(machine.state, listed(rows, query, namesOf(machine.state)), isSelected)
}

/** Without putting them in order, where that is not asked for. */
export function countPods(machine: Machine, query: ListQuery): number {
	const { state } = machine
	const { pods, strings } = state
	const { namespace, selector, after } = query
	let count = 0
	if (after !== undefined || podsFound(state, query) !== undefined) {
		for (const _ of podRows(machine, query)) count++
		return count
	}
	if (namespace === undefined && selector === undefined) return pods.live
	const space = namespace === undefined ? undefined : (strings.ids.get(namespace) ?? -1)
	const isSelected = selector && podTest(machine, selector)
	for (let row = 0; row < pods.end; row += POD_WORDS) {
		if (pods.owner[row] === GONE || (space !== undefined && pods.namespace[row] !== space)) continue
		if (isSelected === undefined || isSelected(row)) count++
	}
	return count
}

/** Whoever takes their time meets rows that were freed meanwhile. */
function* taken({ pods }: State, rows: Int32Array, isSelected: Test = () => true): Generator<number> {
	for (const row of rows) if (pods.owner[row] !== GONE && isSelected(row)) yield row
}

/** Where the query says where they run, or what they are called, they are found without looking at others. */
function podsFound(state: State, { namespace, nodeName, selector }: ListQuery): Int32Array | undefined {
	const node = nodeName ?? soughtText(selector, "spec.nodeName") ?? ""
	if (node !== "") return podsOn(state, node)
	const space = namespace ?? soughtText(selector, "metadata.namespace")
	const name = soughtText(selector, "metadata.name")
	if (space === undefined || name === undefined) return undefined
	const row = findPod(state, space, name)
	return row === -1 ? new Int32Array(0) : Int32Array.of(row)
}

/** Those that are selected in order, where they are few and not all pods are in order anyway. */
function fewPods({ state, memo }: Machine, isSelected: Test): Int32Array | undefined {
	if (memo.podOrder?.moves === state.pods.moves) return undefined
	const rows: number[] = []
	for (let row = 0; row < state.pods.end; row += POD_WORDS) {
		if (state.pods.owner[row] === GONE || !isSelected(row)) continue
		if (rows.push(row) > FEW) return undefined
	}
	return inNameOrder(rows, namesOf(state))
}
/** More are worth the order of all, which the next page has as well. */
const FEW = 1_000

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
