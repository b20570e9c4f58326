import { canonicalJson, type JsonObject } from "../base/index.ts"
import { allowsSurge, type DaemonSet, type PodSpec, type PodTemplate } from "../kube/index.ts"
import {
	compilePlacement,
	Flag,
	isUpdated,
	nodeQueues,
	type PlacementRule,
	placeShape,
	templateGeneration,
} from "./daemonset/index.ts"
import { judgeNode, moveRank, nodesWith, orderAnew, setPlace } from "./daemonset/running-census.ts"
import type { DaemonSetRow } from "./state/daemon-sets.ts"
import { internedValue } from "./state/interned.ts"
import { nodeName } from "./state/names.ts"
import type { NodeShape } from "./state/nodes.ts"
import { half } from "./state/pods.ts"
import { textOf } from "./state/strings.ts"
import { Due } from "./timeline/due.ts"
import { cancel, schedule } from "./timeline/timeline.ts"
import { deliver, enqueue, enqueueAfter } from "./timeline/work-queue.ts"
import { type Machine, nodeShapeOf, remembered } from "./writes/machine.ts"
import { regroup } from "./writes/pods.ts"
import { storedStatus } from "./writes/statuses.ts"

/** A pod was made, bound, or changed in a way that its owner's census or queue notices (rules S4, S6). */
export function podReacts(machine: Machine, row: number, creations = 0, deletions = 0, turnedReady = false): void {
	const { state } = machine
	const { pods } = state
	const slot = pods.owner[row] as number
	if (slot === -1) return
	judgePod(machine, row)
	deliver(state, slot, creations, deletions)
	const owner = state.daemonSets[slot]
	if (!turnedReady || owner === undefined || owner.gone || owner.census.minReadySeconds === 0) return
	// S7: a second more, so that whole seconds (T1) have passed.
	enqueueAfter(state, slot, owner, state.settings.watchMs + owner.census.minReadySeconds * 1000 + 1000, false)
}

/** A pod changed in a way that no census looks at: its DaemonSet is queued all the same. */
export function podMoves({ state }: Machine, row: number): void {
	const slot = state.pods.owner[row] as number
	if (slot !== -1) deliver(state, slot, 0, 0)
}

/** The same for a pod whose row is free by now. One that was marked as terminating has been observed already. */
export function podLeft(machine: Machine, left: { owner: number; node: number; wasTerminating: boolean }): void {
	const { state } = machine
	const owner = state.daemonSets[left.owner]
	if (owner === undefined) return
	if (left.node !== -1) judgeNode(state, owner, left.node, state.now)
	deliver(state, left.owner, 0, left.wasTerminating ? 0 : 1)
}

export function judgePod(machine: Machine, row: number): void {
	const { state } = machine
	const slot = state.pods.owner[row] as number
	const owner = state.daemonSets[slot]
	const node = state.pods.node[row] as number
	if (owner !== undefined && node !== -1) judgeNode(state, owner, node, state.now)
}

/** A node joined, or its labels or taints changed: every DaemonSet places it anew, and some are queued (rule S6). */
export function nodeReacts(machine: Machine, node: number): void {
	const { state } = machine
	for (const [slot, owner] of state.daemonSets.entries()) {
		if (owner === undefined || owner.gone) continue
		const daemonSet = state.objects.get(owner.key) as DaemonSet | undefined
		if (daemonSet === undefined) continue
		const place = placeOf(machine, ruleOf(machine, daemonSet.spec.template), node)
		setPlace(owner, node, place)
		judgeNode(state, owner, node, state.now)
		const placement = { shouldRun: (place & 1) !== 0, shouldContinue: (place & 2) !== 0 }
		const misscheduled = storedStatus(state, owner)?.numberMisscheduled ?? 0
		if (nodeQueues({ placement, hasPod: hasPod(machine, slot, node), misscheduled })) delayed(machine, slot)
	}
}

/** A node was deleted: nobody is queued (rule S6), but its pods are on no node now. */
export function nodeLeft(machine: Machine, node: number): void {
	const { state } = machine
	for (const owner of state.daemonSets) {
		if (owner !== undefined) judgeNode(state, owner, node, state.now)
	}
}

/** The row of a node is to be used for another: no census may know it. */
export function forgetNode(machine: Machine, node: number): void {
	const { state } = machine
	for (const owner of state.daemonSets) {
		if (owner === undefined) continue
		setPlace(owner, node, 0)
		judgeNode(state, owner, node, state.now)
	}
}

export function nodeMoved({ state }: Machine, node: number, from: number, to: number): void {
	for (const owner of state.daemonSets) if (owner !== undefined) moveRank(state, owner, node, from, to)
}

export function censusReordered({ state }: Machine): void {
	for (const owner of state.daemonSets) if (owner !== undefined) orderAnew(state, owner)
}

/** A DaemonSet is new, or its spec changed: what its census depends on is taken over, and it is queued. */
export function daemonSetReacts(machine: Machine, slot: number, before: DaemonSet | undefined, after: DaemonSet): void {
	const { state } = machine
	const owner = state.daemonSets[slot]
	if (owner === undefined) return
	const { census } = owner
	const minReadySeconds = after.spec.minReadySeconds ?? 0
	const surge = allowsSurge(after.spec.updateStrategy)
	const sameReadiness = census.minReadySeconds === minReadySeconds
	const settled = sameReadiness && census.surge === surge
	census.minReadySeconds = minReadySeconds
	census.surge = surge
	if (!sameReadiness) ripenAnew(machine, owner)
	if (before === undefined || !samePlacement(before.spec.template.spec, after.spec.template.spec))
		placeAll(machine, owner, after)
	else if (!settled) judgeAll(machine, owner)
	delayed(machine, slot)
}

/**
 * The current template has this hash: pods of it are on the new side, all others on the old one. The side that moves
 * fewer pods gets the role.
 */
export function assumeHash(machine: Machine, owner: DaemonSetRow, daemonSet: DaemonSet): void {
	const { state } = machine
	const hash = textOf(state.strings, owner.hash)
	const generation = templateGeneration(daemonSet)
	const current = new Set<number>()
	const moves = [0, 0]
	for (const [shape, [onZero = 0, onOne = 0]] of owner.shapes) {
		const updated = isUpdated(internedValue(state.podShapes, shape).labels, hash, generation)
		if (updated) current.add(shape)
		moves[0] = (moves[0] as number) + (updated ? onOne : onZero)
		moves[1] = (moves[1] as number) + (updated ? onZero : onOne)
	}
	const newSide = (moves[0] as number) <= (moves[1] as number) ? 0 : 1
	const mixed = nodesWith(owner, Flag.Mixed)
	owner.census.newSide = newSide
	if ((moves[newSide] as number) > 0) {
		for (let row = owner.firstPod; row !== -1; row = state.pods.nextOwned[row] as number) {
			const side = current.has(state.pods.shape[row] as number) ? newSide : 1 - newSide
			if (state.pods.side[row] === side) continue
			regroup(state, row, () => {
				state.pods.side[row] = side
			})
			judgePod(machine, row)
		}
	}
	for (const node of mixed) judgeNode(state, owner, node, state.now)
}

/**
 * A ready pod is available at once, or ripens at a moment (rules R4, T1). Also for pods that have been ready for a
 * while, when minReadySeconds changes.
 */
export function podTurnedReady(machine: Machine, row: number): void {
	const { state } = machine
	const { pods } = state
	const owner = state.daemonSets[pods.owner[row] as number]
	const minReadyMs = (owner?.census.minReadySeconds ?? 0) * 1000
	const at = Math.floor((pods.readySince[half(row)] as number) / 1000) * 1000 + minReadyMs
	if (pods.ripens[row] !== -1) cancel(state.timeline, pods.ripens[row] as number)
	pods.ripens[row] = -1
	const wasAvailable = pods.available[row] === 1
	const available = minReadyMs === 0 || at <= state.now
	pods.available[row] = available ? 1 : 0
	if (available && !wasAvailable) machine.facts.pod(row, "available")
	if (!available) pods.ripens[row] = schedule(state.timeline, at, Due.Ripen, row, 0, 0)
}

function ripenAnew(machine: Machine, owner: DaemonSetRow): void {
	const { pods } = machine.state
	for (let row = owner.firstPod; row !== -1; row = pods.nextOwned[row] as number) {
		if (pods.ready[row] === 1) podTurnedReady(machine, row)
	}
}

function delayed({ state }: Machine, slot: number): void {
	if (state.settings.watchMs === 0) enqueue(state, slot)
	else deliver(state, slot, 0, 0)
}

function hasPod({ state }: Machine, slot: number, node: number): boolean {
	const { pods, nodes } = state
	for (let row = nodes.firstPod[node] as number; row !== -1; row = pods.nextHere[row] as number) {
		if (pods.owner[row] === slot && pods.bound[row] === 1) return true
	}
	return false
}

function placeAll(machine: Machine, owner: DaemonSetRow, daemonSet: DaemonSet): void {
	const { nodes } = machine.state
	const rule = ruleOf(machine, daemonSet.spec.template)
	const byName = rule.names.size > 0 || rule.labelKeys.includes(HOSTNAME)
	const places: number[] = []
	for (let node = 0; node < nodes.rows; node++) {
		if (nodes.exists[node] !== 1) continue
		const shape = nodes.shape[node] as number
		const place = (byName ? undefined : places[shape]) ?? placeOf(machine, rule, node)
		places[shape] = place
		setPlace(owner, node, place)
	}
	judgeAll(machine, owner)
}

function judgeAll({ state }: Machine, owner: DaemonSetRow): void {
	for (let node = 0; node < state.nodes.rows; node++) {
		if (state.nodes.exists[node] === 1 || state.nodes.firstPod[node] !== -1) judgeNode(state, owner, node, state.now)
	}
}

export function ruleOf({ memo }: Machine, template: PodTemplate): PlacementRule {
	return remembered(memo.rules, template, () => compilePlacement(template))
}

const HOSTNAME = "kubernetes.io/hostname"

/** P1: asked once for all nodes of a shape, unless the template looks at names. */
function placeOf(machine: Machine, rule: PlacementRule, node: number): number {
	const { state, memo } = machine
	const shape = nodeShapeOf(machine, node)
	if (rule.names.size > 0 || (shape.hostnamed && rule.labelKeys.includes(HOSTNAME))) {
		const name = nodeName(state.strings, state.nodes.base[node] as number, state.nodes.number[node] as number)
		if (rule.names.has(name) || rule.labelKeys.includes(HOSTNAME)) {
			return bits(rule.place({ name, labels: nodeLabels(shape, name), taints: shape.taints }))
		}
	}
	const places = remembered(memo.places, rule, () => new WeakMap<NodeShape, number>())
	return remembered(places, shape, () => bits(placeShape(rule, { labels: shape.labels, taints: shape.taints })))
}

export function nodeLabels(shape: NodeShape, name: string): { readonly [key: string]: string } {
	return shape.hostnamed ? { ...shape.labels, [HOSTNAME]: name } : shape.labels
}

function bits({ shouldRun, shouldContinue }: { shouldRun: boolean; shouldContinue: boolean }): number {
	return (shouldRun ? 1 : 0) + (shouldContinue ? 2 : 0)
}

function samePlacement(before: PodSpec, after: PodSpec): boolean {
	return placementText(before) === placementText(after)
}

function placementText({ nodeName, nodeSelector, affinity, tolerations, hostNetwork }: PodSpec): string {
	return canonicalJson({ nodeName, nodeSelector, affinity, tolerations, hostNetwork } as unknown as JsonObject)
}

/** R4: a pod has been Ready for minReadySeconds. */
export function ripened(machine: Machine, row: number): void {
	const { pods } = machine.state
	pods.ripens[row] = -1
	pods.available[row] = 1
	machine.facts.pod(row, "available")
	judgePod(machine, row)
}
