import type { Instant, JsonObject } from "../../base/index.ts"
import type { KubeObject, ResourceList, StringMap, Taint } from "../../kube/index.ts"
import { type BitTree, createBitTree } from "./bit-tree.ts"
import { FRESH_COLUMNS, type Table } from "./columns.ts"

/** What nodes of one shape share: all that placement and the scheduler look at, but for the name. */
export type NodeShape = JsonObject & {
	/** Without `kubernetes.io/hostname` where that is the node's name: `hostnamed` says so. */
	readonly labels: StringMap
	readonly hostnamed: boolean
	readonly annotations: StringMap
	readonly taints: readonly Taint[]
	readonly unschedulable: boolean
	readonly capacity: ResourceList
	readonly allocatable: ResourceList
	/** What other workloads take (NodePool `used`). */
	readonly used: ResourceList
}

/** The Ready condition of a node. */
export const Readiness = { None: 0, True: 1, False: 2, Unknown: 3 } as const
export const Pressure = { memory: 1, disk: 2, pid: 4 } as const

/** All times are cluster time in milliseconds; 0 is none. */
export type NodeRows = Table & {
	base: Uint32Array
	number: Uint32Array
	uid: Float64Array
	version: Float64Array
	/** 0 once it was deleted while pods still name it. */
	exists: Uint8Array
	/** A `NodeShape`. */
	shape: Int32Array
	/** Its place in the order of names. */
	rank: Int32Array
	createdAt: Float64Array
	ready: Uint8Array
	readySince: Float64Array
	/** When its kubelet came up. */
	upAt: Float64Array
	pressure: Uint8Array
	/** What befell few nodes: when the kubelet fell silent, when a pressure last changed, how many times slower pulls are. */
	downAt: Map<number, Instant>
	pressureAt: Map<number, Instant>
	slowness: Map<number, number>
	/** What its bound pods ask for, `Use` by node side by side. */
	use: Float64Array
	/** First pod here, bound or pinned, or -1. */
	firstPod: Int32Array
	/** The pending entry of its lifecycle on the timeline, or -1. */
	timer: Int32Array
	/** Whom its Events are about, or -1 before the first one. */
	subject: Int32Array
	nextNamed: Int32Array
	named: { first: Int32Array }
	/** Ranks in use; `atRank` is the node there. */
	order: { ranks: BitTree; atRank: Int32Array }
	/** How many exist. */
	count: number
	/** Whole objects of nodes that have more than a shape says. */
	overlays: Map<number, KubeObject>
}

/** Pods, thousandths of a core, and bytes; where they are: `useOf`. */
export const Use = { pods: 0, cpuMilli: 1, memoryBytes: 2, ephemeralBytes: 3 } as const
const USES = 4

/** The place of a node's first number in `NodeRows.use`. */
export function useOf(node: number): number {
	return node * USES
}

export const FIRST_RANKS = 128

export function createNodes(): NodeRows {
	const { whole, natural, real, small } = FRESH_COLUMNS
	return {
		rows: 0,
		free: -1,
		live: 0,
		link: whole(),
		base: natural(),
		number: natural(),
		uid: real(),
		version: real(),
		exists: small(),
		shape: whole(),
		rank: whole(),
		createdAt: real(),
		ready: small(),
		readySince: real(),
		upAt: real(),
		pressure: small(),
		downAt: new Map(),
		pressureAt: new Map(),
		slowness: new Map(),
		use: new Float64Array(USES * real().length),
		firstPod: whole(),
		timer: whole(),
		subject: whole(),
		nextNamed: whole(),
		named: { first: whole().fill(-1) },
		order: { ranks: createBitTree(FIRST_RANKS), atRank: new Int32Array(FIRST_RANKS).fill(-1) },
		count: 0,
		overlays: new Map(),
	}
}
