import type { JsonObject } from "../../base/index.ts"
import type { KubeObject, PodSpec, StringMap } from "../../kube/index.ts"
import { FRESH_COLUMNS, type Table } from "./columns.ts"

/** What the pods of one template share: all that the API stores but what is the pod's own. */
export type PodShape = JsonObject & {
	readonly labels: StringMap
	readonly annotations: StringMap
	readonly finalizers: readonly string[]
	/** Tolerations and priority as stored (rule P5); no `nodeName`, and the affinity without the pin of rule P6. */
	readonly spec: PodSpec
}

/** All times are cluster time in milliseconds; 0 is none. */
export type PodRows = Table & {
	base: Uint32Array
	number: Uint32Array
	namespace: Uint32Array
	uid: Float64Array
	version: Float64Array
	/** A `PodShape`. */
	shape: Int32Array
	/** The owning DaemonSet's slot, or -1. */
	owner: Int32Array
	/** Where it runs or is pinned to (rule C1), or -1. */
	node: Int32Array
	/** `spec.nodeName` is set. */
	bound: Uint8Array
	hash: Uint32Array
	side: Uint8Array
	createdAt: Float64Array
	deletedAt: Float64Array
	graceMs: Float64Array
	/** The kubelet's `Moment`; stage 0 is a pod that no kubelet has begun. */
	stage: Uint8Array
	group: Uint8Array
	pullFailures: Uint32Array
	restarts: Uint32Array
	waitMs: Float64Array
	stageAt: Float64Array
	missing: Int32Array
	/** 1 where the Ready condition is True. */
	ready: Uint8Array
	/** When the Ready condition last changed. */
	readySince: Float64Array
	/** 1 once it was told as available (rule R4), until it is not Ready. */
	available: Uint8Array
	/** When it was bound, when its containers last started and last ended. */
	boundAt: Float64Array
	containersAt: Float64Array
	endedAt: Float64Array
	/** How often the scheduler found no place, and what it said last. */
	attempts: Uint32Array
	message: Uint32Array
	/** The pending entry of its story on the timeline, or -1. */
	timer: Int32Array
	/** The pending entries that make it available, and that evict it. */
	ripens: Int32Array
	evicts: Int32Array
	/** Whom its Events are about, or -1 before the first one. */
	subject: Int32Array
	/** The list of its node. */
	nextHere: Int32Array
	previousHere: Int32Array
	/** The next of its owner's pods on its node; `CensusColumns.first` begins the list. */
	nextMate: Int32Array
	/** The list of its owner. */
	nextOwned: Int32Array
	previousOwned: Int32Array
	/** The next in its bucket of the name index. */
	nextNamed: Int32Array
	/** Buckets of the name index: first row, or -1. */
	named: { first: Int32Array }
	/** Whole objects of pods that a shape cannot say: bare ones, patched ones. Without status. */
	overlays: Map<number, KubeObject>
}

export function createPods(): PodRows {
	const { whole, natural, real, small } = FRESH_COLUMNS
	return {
		rows: 0,
		free: -1,
		live: 0,
		link: whole(),
		base: natural(),
		number: natural(),
		namespace: natural(),
		uid: real(),
		version: real(),
		shape: whole(),
		owner: whole(),
		node: whole(),
		bound: small(),
		hash: natural(),
		side: small(),
		createdAt: real(),
		deletedAt: real(),
		graceMs: real(),
		stage: small(),
		group: small(),
		pullFailures: natural(),
		restarts: natural(),
		waitMs: real(),
		stageAt: real(),
		missing: whole(),
		ready: small(),
		readySince: real(),
		available: small(),
		boundAt: real(),
		containersAt: real(),
		endedAt: real(),
		attempts: natural(),
		message: natural(),
		timer: whole(),
		ripens: whole(),
		evicts: whole(),
		subject: whole(),
		nextHere: whole(),
		previousHere: whole(),
		nextMate: whole(),
		nextOwned: whole(),
		previousOwned: whole(),
		nextNamed: whole(),
		named: { first: whole().fill(-1) },
		overlays: new Map(),
	}
}
