/**
 * Garbage collection: pods that nobody runs any more, and objects whose owners are gone (SPEC.md: G).
 *
 * Owns the times of the pod collector and the cascades of deletion. Promises: asked about one object it names the next
 * action, in an order that the caller's index fixes. Never: ticks by itself, deletes, or looks at a kind.
 */
export {
	beginDelete,
	blocks,
	FOREGROUND,
	judgeDependent,
	judgeOwner,
	ORPHAN,
	type Owned,
	type OwnerAction,
	type OwnerIndex,
	type Propagation,
} from "./owners.ts"
export {
	collects,
	excessTerminated,
	isOutOfService,
	nextTick,
	orphansCollectedAt,
	POD_GC_PACE,
	POD_GC_REASONS,
	type PodTrace,
} from "./pods.ts"
