import { powerOfTwo } from "../../base/index.ts"
import type { PodBehavior } from "../../kube/index.ts"
import {
	asksForNodeLabel,
	behaviorFor,
	behaviorTable,
	type Circumstances,
	type Life,
	lifeOf,
} from "../kubelet/index.ts"
import { nodeName } from "../state/names.ts"
import type { NodeShape } from "../state/nodes.ts"
import { half, type PodShape } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textId } from "../state/strings.ts"
import { nodeLabels } from "../wiring.ts"
import { type KnownLife, type Machine, nodeShapeOf, podShapeOf, remembered, shapesSpot } from "../writes/machine.ts"
import { PairMemo } from "../writes/pair-memo.ts"

const HOSTNAME = "kubernetes.io/hostname"

export function lifeFor(machine: Machine, row: number): Life {
	return knownLife(machine, row).life
}

export function knownLife(machine: Machine, row: number): KnownLife {
	const { state, memo } = machine
	const shape = podShapeOf(machine, row)
	const here = nodeShapeOf(machine, state.pods.node[row] as number)
	memo.byName ??= asksForNodeLabel(behaviorsOf(state), HOSTNAME)
	if (memo.byName && here.hostnamed) return lifeByName(machine, row, shape, here)
	const spot = shapesSpot(state, row)
	return (
		memo.lives.known(spot, shape, here) ?? memo.lives.of(spot, shape, here, () => learnLife(machine, row, shape, here))
	)
}

/** L3: a behavior may be about one node alone. */
function lifeByName(machine: Machine, row: number, shape: PodShape, here: NodeShape): KnownLife {
	const { state, memo } = machine
	const { nodes, strings } = state
	const node = state.pods.node[row] as number
	const name = nodeName(strings, nodes.base[node] as number, nodes.number[node] as number)
	const lives = remembered(memo.livesByName, shape, () => new Map())
	const before = lives.get(name)
	if (before?.here === here) return before.known
	const known = learnLife(machine, row, shape, here)
	lives.set(name, { here, known })
	return known
}

function learnLife(machine: Machine, row: number, shape: PodShape, here: NodeShape): KnownLife {
	const life = makeLife(machine, row, shape, here)
	const count = life.containers.length
	return { life, images: new Int32Array(count).fill(-1), words: new Int32Array(count * EVENTS).fill(-1) }
}

function makeLife({ state, memo }: Machine, row: number, shape: PodShape, here: NodeShape): Life {
	memo.behaviors ??= behaviorTable(behaviorsOf(state))
	const { nodes, strings, pods } = state
	const node = pods.node[row] as number
	const labels = nodeLabels(here, nodeName(strings, nodes.base[node] as number, nodes.number[node] as number))
	const images = shape.spec.containers.map(({ image = "" }) => image)
	return lifeOf(shape.spec, behaviorFor(memo.behaviors, { labels: shape.labels, images }, labels))
}

export function circumstancesOf(machine: Machine, row: number, known = knownLife(machine, row)): Circumstances {
	return setCircumstances(machine, row, known, { base: 0, pod: 0, missing: 0, pullFactor: 0 })
}

/** Writes into the one given. */
export function setCircumstances(machine: Machine, row: number, known: KnownLife, given: Circumstances): Circumstances {
	const { state, memo } = machine
	const { pods, nodes } = state
	const node = pods.node[row] as number
	given.base = memo.kubeletBase
	given.pod = pods.uid[half(row)] as number
	given.missing = missingImages(state, node, known)
	given.pullFactor = nodes.slowness.get(node) ?? 1
	return given
}

/** PodBehaviors changed: lives that begin now follow the new ones. */
export function behaviorsChanged({ memo }: Machine): void {
	memo.behaviors = undefined
	memo.lives = new PairMemo()
	memo.livesByName = new WeakMap()
	memo.byName = undefined
}

function behaviorsOf(state: State): PodBehavior[] {
	const found: PodBehavior[] = []
	for (const [key, object] of state.objects) {
		if (key.startsWith("simulation.rollcall.dev/PodBehavior/")) found.push(object as PodBehavior)
	}
	return found
}
/** Kinds of kubelet Events: as many words are kept for each container. */
export const EVENTS = 32

/** Bit i: the image of container i is not on the node now. */
function missingImages(state: State, node: number, known: KnownLife): number {
	let missing = 0
	const count = Math.min(31, known.images.length)
	for (let index = 0; index < count; index++) {
		const held = state.images.get(imageId(state, known, index))
		if (held === undefined || ((held[node >>> 5] ?? 0) & (1 << (node & 31))) === 0) missing |= 1 << index
	}
	return missing
}

export function holdImages(state: State, row: number, known: KnownLife, group: number): void {
	const node = state.pods.node[row] as number
	const { groups, containers } = known.life
	const end = group === groups.length - 1 ? containers.length : group + 1
	for (let index = groups[group] ?? 0; index < end; index++) {
		if (known.images[index] === -1) known.images[index] = textId(state.strings, containers[index]?.image ?? "")
		const image = known.images[index] as number
		let held = state.images.get(image)
		if (held === undefined || node >>> 5 >= held.length) {
			const longer = new Uint32Array(powerOfTwo((node >>> 5) + 2))
			if (held !== undefined) longer.set(held)
			held = longer
			state.images.set(image, held)
		}
		held[node >>> 5] = (held[node >>> 5] as number) | (1 << (node & 31))
	}
}

/** The id of a container's image; -1 while nobody has pulled one of that name. */
export function imageId({ strings }: State, { life, images }: KnownLife, index: number): number {
	if (images[index] === -1) images[index] = strings.ids.get(life.containers[index]?.image ?? "") ?? -1
	return images[index] as number
}
