import { die } from "../../base/index.ts"
import type { DaemonSetSpec, PodTemplate, StringMap } from "../../kube/index.ts"
import type { PlacementRule, SyncView } from "../daemonset/index.ts"
import { FactRing } from "../facts/fact-ring.ts"
import type { BehaviorTable, Circumstances, EventSink, Life, Moment } from "../kubelet/index.ts"
import type { Demand, Needs, PriorityRank, Reason } from "../scheduler/index.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import type { EventLog } from "../state/events.ts"
import { internedValue } from "../state/interned.ts"
import type { NodeShape } from "../state/nodes.ts"
import type { PodShape } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { PairMemo } from "./pair-memo.ts"

/** A state with what reads it: facts go out by the ring, and `memo` holds what can be worked out again at any time. */
export type Machine = {
	readonly state: State
	readonly facts: FactRing
	readonly memo: Memo
	/** What the step of a pod's life under way writes into: nothing is made for a step. */
	readonly scratch: {
		readonly given: Circumstances
		readonly moment: Moment
		readonly telling: { row: number; known: KnownLife | undefined; tell: EventSink | undefined }
	}
	/** Called after a node's shape or room changed: evictions are planned anew, and the scheduler tries again. */
	readonly afterNode: (node: number, tainted: boolean) => void
}

/** Derived from frozen values alone, so it is neither copied nor saved. */
export type Memo = {
	readonly kubeletBase: number
	readonly nameBase: number
	readonly rules: WeakMap<PodTemplate, PlacementRule>
	readonly places: WeakMap<PlacementRule, WeakMap<NodeShape, number>>
	readonly demands: WeakMap<PodShape, Demand>
	readonly needs: WeakMap<PodShape, Needs>
	readonly rooms: WeakMap<NodeShape, Limits>
	readonly views: WeakMap<DaemonSetRow, SyncView>
	/** DaemonSets that found nobody to adopt or release, and `PodRows.patches` then. */
	readonly unclaimed: WeakMap<DaemonSetRow, number>
	/** The template generation by the annotations that say it. */
	readonly generations: WeakMap<StringMap, { readonly text: string | undefined }>
	/** Nodes' shapes after their lifecycle's taints went, by the shape before and what is left. */
	readonly untainted: WeakMap<NodeShape, Map<string, NodeShape>>
	readonly shapeIds: WeakMap<NodeShape, number>
	readonly matches: PairMemo<PodShape, NodeShape, Match>
	/** Under the behaviors of the present. */
	lives: PairMemo<PodShape, NodeShape, KnownLife>
	/** Lives by the node's name, while a behavior asks for names; undefined before anyone has looked. */
	livesByName: WeakMap<PodShape, Map<string, { readonly here: NodeShape; readonly known: KnownLife }>>
	byName: boolean | undefined
	behaviors: BehaviorTable | undefined
	/** PriorityClasses of the present. */
	classes: readonly PriorityRank[] | undefined
	/** Pod shapes by what they are of, while some pod still has them. */
	shapes: WeakMap<DaemonSetSpec, KnownShape>
	/** How pods that are well read (`podText`). */
	readonly podForms: PodForms
	/** All pods in order of namespace, then name, and `PodRows.moves` then. */
	podOrder: { readonly moves: number; readonly rows: Int32Array } | undefined
	/** All Events in order, and how the log stood then. */
	eventOrder: (Pick<EventLog, "next" | "oldest" | "sweptAt"> & { readonly rows: Float64Array }) | undefined
}

/** A pod's shape, and what of the DaemonSet it was made of besides the spec. */
export type KnownShape = {
	readonly uid: string | undefined
	readonly hash: string
	readonly generation: string | undefined
	readonly id: number
	readonly value: PodShape
}

/** What a node offers, and what of it others than pods take. */
export type Limits = { readonly allocatable: Demand; readonly used: Demand; readonly podLimit: number }

/** What the scheduler asks of a pod's shape and a node's. */
export type Match = {
	readonly demand: Demand
	readonly needs: Needs
	readonly limits: Limits
	/** The pod asks for nodes by name, so that each node has to be asked; `refused` says nothing then. */
	readonly asksForName: boolean
	readonly refused: Reason | undefined
}

/** The text of pods that are alike, cut where their own words go: `places` says which words. */
export type PodForm = {
	readonly pieces: readonly string[]
	readonly places: readonly number[]
	/** Their names. */
	readonly containers: readonly string[]
}

/** By their owners and shapes, in a list and alone. */
export type PodForms = {
	readonly [telling in "listed" | "alone"]: WeakMap<
		DaemonSetRow,
		WeakMap<PodShape, { readonly form: PodForm | undefined }>
	>
}

/** A life with the texts of its Events and images, as far as they were needed; -1 elsewhere. */
export type KnownLife = {
	readonly life: Life
	/** By container. */
	readonly images: Int32Array
	/** By container and Event. */
	readonly words: Int32Array
}

export function createMachine(
	state: State,
	afterNode: (machine: Machine, node: number, tainted: boolean) => void,
): Machine {
	const { dice } = state.settings
	const machine: Machine = {
		state,
		afterNode: (node, tainted) => afterNode(machine, node, tainted),
		facts: new FactRing(state),
		scratch: {
			given: { base: 0, pod: 0, missing: 0, pullFactor: 0 },
			moment: { stage: 1, group: 0, pullFailures: 0, restarts: 0, missing: 0, waitMs: 0 },
			telling: { row: -1, known: undefined, tell: undefined },
		},
		memo: {
			kubeletBase: die(dice, "kubelet"),
			nameBase: die(dice, "name"),
			rules: new WeakMap(),
			places: new WeakMap(),
			demands: new WeakMap(),
			needs: new WeakMap(),
			rooms: new WeakMap(),
			views: new WeakMap(),
			unclaimed: new WeakMap(),
			generations: new WeakMap(),
			untainted: new WeakMap(),
			shapeIds: new WeakMap(),
			matches: new PairMemo(),
			lives: new PairMemo(),
			livesByName: new WeakMap(),
			byName: undefined,
			behaviors: undefined,
			classes: undefined,
			shapes: new WeakMap(),
			podForms: { listed: new WeakMap(), alone: new WeakMap() },
			podOrder: undefined,
			eventOrder: undefined,
		},
	}
	return machine
}

export function podShapeOf({ state }: Machine, row: number): PodShape {
	return internedValue(state.podShapes, state.pods.shape[row] as number)
}

export function nodeShapeOf({ state }: Machine, row: number): NodeShape {
	return internedValue(state.nodeShapes, state.nodes.shape[row] as number)
}

/** Where to look first for what this pod's shape and its node's come to (`PairMemo`). */
export function shapesSpot({ pods, nodes }: State, row: number): number {
	return (pods.shape[row] as number) * 31 + (nodes.shape[pods.node[row] as number] as number)
}

/** Looks up, or makes and keeps. */
export function remembered<K extends object, V>(memo: WeakMap<K, V>, key: K, make: () => V): V {
	const known = memo.get(key)
	if (known !== undefined) return known
	const made = make()
	memo.set(key, made)
	return made
}
