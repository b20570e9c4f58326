import { dice } from "../../base/index.ts"
import type { KubeObject } from "../../kube/index.ts"
import { linkMate, unlinkMate } from "../daemonset/running-census.ts"
import { Stage } from "../kubelet/index.ts"
import { demandOf } from "../scheduler/index.ts"
import { dropSubject } from "../state/event-subjects.ts"
import { releaseInterned, useInterned } from "../state/interned.ts"
import { addNamed, firstNamed, nameHash, removeNamed } from "../state/name-index.ts"
import { PLAIN, podNamePair, SUFFIXES } from "../state/names.ts"
import { Use, useOf } from "../state/nodes.ts"
import { half } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import type { TextId } from "../state/strings.ts"
import { textId, textOf } from "../state/strings.ts"
import { newUid, newVersion } from "../state/uids.ts"
import { cancel } from "../timeline/timeline.ts"
import { podLeft, podReacts } from "../wiring.ts"
import { type Machine, podShapeOf, remembered } from "./machine.ts"
import { settleNodeRow } from "./node-rows.ts"
import { namespaceWaits, ownerWaits, toldGone } from "./waiting.ts"

/** The owner of a row that is free. */
export const GONE = -2

/** What a new pod row starts with. `node` is -1 for a pod that is not pinned to one; `bound` where nodeName is set. */
export type NewPod = {
	readonly owner: number
	readonly shape: number
	readonly namespace: TextId
	base: TextId
	number: number
	node: number
	readonly bound: boolean
	readonly hash: TextId
	readonly side: 0 | 1
	readonly overlay?: KubeObject
}

export function addPod(machine: Machine, given: NewPod): number {
	const { state } = machine
	const { pods } = state
	const row = pods.take()
	pods.base[row] = given.base
	pods.number[row] = given.number
	pods.namespace[row] = given.namespace
	pods.uid[half(row)] = newUid(state)
	pods.version[half(row)] = newVersion(state)
	pods.shape[row] = useInterned(state.podShapes, given.shape)
	pods.owner[row] = given.owner
	pods.node[row] = given.node
	pods.hash[row] = given.hash
	pods.side[row] = given.side
	pods.createdAt[half(row)] = state.now
	pods.stageAt[half(row)] = state.now
	pods.timer[row] = -1
	pods.ripens[row] = -1
	pods.evicts[row] = -1
	pods.subject[row] = -1
	if (given.overlay !== undefined) pods.setOverlay(row, given.overlay)
	addNamed(pods, row, hashOf(state, row), (other) => hashOf(state, other))
	if (given.node !== -1) linkHere(state, row)
	if (given.owner !== -1) linkOwned(state, row)
	machine.facts.pod(row, "created")
	if (given.bound) setBound(machine, row, given.node)
	return row
}

/** A name for a generated pod that no other pod of the namespace has: a taken one is drawn again. */
export function drawPodName(machine: Machine, namespace: TextId, base: TextId): { base: TextId; number: number } {
	const { state, memo } = machine
	for (let attempt = 0; ; attempt++) {
		const number = dice(memo.nameBase, state.uids + 1, attempt) % SUFFIXES
		const text = textOf(state.strings, base)
		// A base without a dash cannot be told from its suffix: the whole text is the name then.
		const name = text.endsWith("-") ? { base, number } : plainName(state, text, number)
		if (findPodBy(state, namespace, name.base, name.number) === -1) return name
	}
}

function plainName(state: State, base: string, number: number): { base: TextId; number: number } {
	const text = `${base}${number.toString(36).padStart(5, "b")}`.slice(-253)
	return podNamePair(state.strings, text, true) ?? { base: textId(state.strings, text), number: PLAIN }
}

export function findPod(state: State, namespace: string, name: string): number {
	const space = state.strings.ids.get(namespace)
	const pair = podNamePair(state.strings, name, false)
	return space === undefined || pair === undefined ? -1 : findPodBy(state, space, pair.base, pair.number)
}

function findPodBy(state: State, namespace: TextId, base: TextId, number: number): number {
	const { pods } = state
	for (let row = firstNamed(pods, nameHash(namespace, base, number)); row !== -1; row = pods.nextNamed[row] as number) {
		if (pods.base[row] === base && pods.number[row] === number && pods.namespace[row] === namespace) return row
	}
	return -1
}

/** `spec.nodeName` is set now: the pod takes its share of the node. */
export function setBound(machine: Machine, row: number, node: number): void {
	const { state } = machine
	const { pods } = state
	if (pods.node[row] !== node) {
		if (pods.node[row] !== -1) unlinkHere(state, row)
		pods.node[row] = node
		linkHere(state, row)
	}
	pods.bound[row] = 1
	pods.boundAt[half(row)] = state.now
	pods.readySince[half(row)] = state.now
	pods.version[half(row)] = newVersion(state)
	changeUse(machine, row, 1)
}

/** Ready as the API shows it. */
export function setReady(machine: Machine, row: number, ready: boolean): void {
	const { state } = machine
	const { pods } = state
	if ((pods.ready[row] === 1) === ready) return
	pods.ready[row] = ready ? 1 : 0
	pods.readySince[half(row)] = state.now
	pods.version[half(row)] = newVersion(state)
	if (!ready) {
		pods.available[row] = 0
		if (pods.ripens[row] !== -1) cancel(state.timeline, pods.ripens[row] as number)
		pods.ripens[row] = -1
	}
}

/** X11: the pod has ended in this stage, and holds nothing of its node any more. */
export function endPod(machine: Machine, row: number, stage: typeof Stage.Failed | typeof Stage.Succeeded): void {
	const { state } = machine
	const { pods } = state
	const held = pods.bound[row] === 1 && !hasEnded(state, row)
	pods.stage[row] = stage
	if (!held) return
	changeUse(machine, row, -1)
	machine.afterNode(pods.node[row] as number, false)
}

export function hasEnded({ pods }: State, row: number): boolean {
	return pods.stage[row] === Stage.Failed || pods.stage[row] === Stage.Succeeded
}

/** The row is free afterwards: nothing of the pod is left but what facts say. */
export function dropPod(machine: Machine, row: number): void {
	const { state } = machine
	const { pods, timeline } = state
	machine.facts.pod(row, "gone")
	if (pods.timer[row] !== -1) cancel(timeline, pods.timer[row] as number)
	if (pods.ripens[row] !== -1) cancel(timeline, pods.ripens[row] as number)
	if (pods.evicts[row] !== -1) cancel(timeline, pods.evicts[row] as number)
	newVersion(state)
	const node = pods.node[row] as number
	const owner = pods.owner[row] as number
	if (pods.bound[row] === 1 && !hasEnded(state, row)) changeUse(machine, row, -1)
	removeNamed(pods, row, hashOf(state, row))
	if (node !== -1) unlinkHere(state, row)
	if (owner !== -1) unlinkOwned(state, row)
	releaseInterned(state.podShapes, pods.shape[row] as number)
	const overlay = pods.overlays.size === 0 ? undefined : pods.overlays.get(row)
	if (overlay !== undefined) pods.dropOverlay(row)
	if (state.unschedulable.size > 0) state.unschedulable.delete(row)
	if (pods.subject[row] !== -1) dropSubject(state.events, pods.subject[row] as number)
	const wasTerminating = (pods.deletedAt[half(row)] as number) > 0
	pods.owner[row] = GONE
	pods.drop(row)
	podLeft(machine, { owner, node, wasTerminating })
	if (overlay !== undefined) toldGone(machine, overlay.metadata)
	else if (state.closing.size > 0) namespaceWaits(state, textOf(state.strings, pods.namespace[row] as number))
	ownerLost(machine, owner)
	if (node === -1) return
	machine.afterNode(node, false)
	settleNodeRow(machine, node)
}

/** Another owner, or none, by a claim or a patch. */
export function setOwner(machine: Machine, row: number, owner: number, side: 0 | 1): void {
	const { state } = machine
	const { pods } = state
	const before = pods.owner[row] as number
	const here = pods.node[row] !== -1
	if (here) unlinkHere(state, row)
	if (before !== -1) unlinkOwned(state, row)
	pods.owner[row] = owner
	pods.side[row] = side
	pods.version[half(row)] = newVersion(state)
	if (owner !== -1) linkOwned(state, row)
	if (here) linkHere(state, row)
	if (before !== -1) podLeft(machine, { owner: before, node: pods.node[row] as number, wasTerminating: true })
	ownerLost(machine, before)
	podReacts(machine, row)
}

/** G10: with its last pod gone an owner that waits may go on. */
function ownerLost(machine: Machine, slot: number): void {
	const owner = machine.state.daemonSets[slot]
	if (owner !== undefined && owner.podCount === 0) ownerWaits(machine, machine.state.objects.get(owner.key))
}

/** Another side, shape or hash, with the owner's books kept. */
export function regroup(state: State, row: number, change: () => void): void {
	const owned = (state.pods.owner[row] as number) !== -1
	if (owned) countShape(state, row, -1)
	change()
	if (owned) countShape(state, row, 1)
}

function changeUse(machine: Machine, row: number, sign: 1 | -1): void {
	const { pods, nodes } = machine.state
	const node = pods.node[row] as number
	const shape = podShapeOf(machine, row)
	const demand = remembered(machine.memo.demands, shape, () => demandOf(shape.spec))
	const { use } = nodes
	const at = useOf(node)
	use[at + Use.pods] = (use[at + Use.pods] as number) + sign
	use[at + Use.cpuMilli] = (use[at + Use.cpuMilli] as number) + sign * demand.cpuMilli
	use[at + Use.memoryBytes] = (use[at + Use.memoryBytes] as number) + sign * demand.memoryBytes
	use[at + Use.ephemeralBytes] = (use[at + Use.ephemeralBytes] as number) + sign * demand.ephemeralBytes
}

function hashOf({ pods }: State, row: number): number {
	return nameHash(pods.namespace[row] as number, pods.base[row] as number, pods.number[row] as number)
}

function linkHere(state: State, row: number): void {
	const { pods, nodes } = state
	const node = pods.node[row] as number
	const owner = state.daemonSets[pods.owner[row] as number]
	if (owner !== undefined) linkMate(state, owner, node, row)
	const first = nodes.firstPod[node] as number
	pods.nextHere[row] = first
	pods.previousHere[row] = -1
	if (first !== -1) pods.previousHere[first] = row
	nodes.firstPod[node] = row
}

function unlinkHere(state: State, row: number): void {
	const { pods, nodes } = state
	const owner = state.daemonSets[pods.owner[row] as number]
	if (owner !== undefined) unlinkMate(state, owner, pods.node[row] as number, row)
	const next = pods.nextHere[row] as number
	const previous = pods.previousHere[row] as number
	if (previous === -1) nodes.firstPod[pods.node[row] as number] = next
	else pods.nextHere[previous] = next
	if (next !== -1) pods.previousHere[next] = previous
}

function linkOwned(state: State, row: number): void {
	const { pods } = state
	const owner = state.daemonSets[pods.owner[row] as number]
	if (owner === undefined) return
	pods.nextOwned[row] = owner.firstPod
	pods.previousOwned[row] = -1
	if (owner.firstPod !== -1) pods.previousOwned[owner.firstPod] = row
	owner.firstPod = row
	owner.podCount++
	countShape(state, row, 1)
}

function unlinkOwned(state: State, row: number): void {
	const { pods } = state
	const owner = state.daemonSets[pods.owner[row] as number]
	if (owner === undefined) return
	const next = pods.nextOwned[row] as number
	const previous = pods.previousOwned[row] as number
	if (previous === -1) owner.firstPod = next
	else pods.nextOwned[previous] = next
	if (next !== -1) pods.previousOwned[next] = previous
	owner.podCount--
	countShape(state, row, -1)
}

function countShape(state: State, row: number, by: 1 | -1): void {
	const { pods } = state
	const owner = state.daemonSets[pods.owner[row] as number]
	if (owner === undefined) return
	const shape = pods.shape[row] as number
	let counts = owner.shapes.get(shape)
	if (counts === undefined) {
		counts = [0, 0]
		owner.shapes.set(shape, counts)
	}
	const side = pods.side[row] as number
	counts[side] = (counts[side] as number) + by
	if (counts[0] === 0 && counts[1] === 0) owner.shapes.delete(shape)
}
