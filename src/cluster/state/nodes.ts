import type { JsonObject } from "../../base/index.ts"
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
	deletedAt: Float64Array
	ready: Uint8Array
	readySince: Float64Array
	/** When its kubelet came up, and when it fell silent: 0 while it works. */
	upAt: Float64Array
	downAt: Float64Array
	pressure: Uint8Array
	pressureAt: Float64Array
	/** How many times slower pulls are. */
	slowness: Float64Array
	/** What its bound pods ask for: pods, thousandths of a core, bytes. */
	podCount: Int32Array
	cpuMilli: Float64Array
	memoryBytes: Float64Array
	ephemeralBytes: Float64Array
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
		deletedAt: real(),
		ready: small(),
		readySince: real(),
		upAt: real(),
		downAt: real(),
		pressure: small(),
		pressureAt: real(),
		slowness: real(),
		podCount: whole(),
		cpuMilli: real(),
		memoryBytes: real(),
		ephemeralBytes: real(),
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
