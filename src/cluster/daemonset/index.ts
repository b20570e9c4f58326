/**
 * The DaemonSet controller: its rules as functions (SPEC.md: P, C, M, R, S, H, T1).
 *
 * Owns what a sync decides: claim, revisions, place, roll, status. Promises: data in, data out; nothing is kept between
 * calls, every tie is by node name. Never: writes, waits, or looks at a pod but through a census.
 */
export type {
	Census,
	Entry,
	Facet,
} from "./census.ts"
export {
	Flag,
	facetOrder,
	judge,
	livePods,
	oldSide,
	onSide,
	ripensAt,
	SidedFlag,
	VERDICT_BITS,
} from "./census.ts"
export { type ClaimOwner, claim, claimVerdict, controllerOf } from "./claim.ts"
export {
	daemonPod,
	isUpdated,
	ownerReference,
	templateGeneration,
} from "./daemon-pod.ts"
export { areFulfilled, type Expectations, expect, lower } from "./expectations.ts"
export {
	type BackOff,
	type BackOffs,
	backOffKey,
	isBackingOff,
	isForgotten,
	nextBackOff,
} from "./failed-pods.ts"
export {
	nodeQueues,
	nodeUpdateCounts,
	podReaction,
} from "./handlers.ts"
export { manage } from "./manage.ts"
export {
	BURST_REPLICAS,
	CHANGE_CAUSE_ANNOTATION,
	HASH_LABEL,
} from "./names.ts"
export {
	compilePlacement,
	nodeSignature,
	type PlacedNode,
	type PlacementRule,
	placement,
	placeShape,
} from "./placement.ts"
export { encodeHash, revisionHash } from "./revision-name.ts"
export {
	cleanUpRevisions,
	planRevisions,
	type RevisionWrite,
	revisionLabel,
	revisionTemplate,
} from "./revisions.ts"
export { type Budget, rollingUpdate, rolloutBudget } from "./rolling-update.ts"
export { rolloutStatus } from "./rollout-status.ts"
export { nextBatch, startSlowly } from "./slow-start.ts"
export { daemonSetStatus, statusDiffers, statusRetryMs } from "./status.ts"
export {
	afterRevisions,
	beginSync,
	nextStep,
	type StepOutcome,
	type SyncPlace,
	type SyncStep,
	type SyncView,
	type SyncWrite,
	syncStep,
} from "./sync.ts"
export {
	isVisible,
	type TakenCensus,
	takeCensus,
	targetNodeName,
} from "./take-census.ts"
export { templateIdentity } from "./template-identity.ts"
export { daemonTolerations } from "./tolerations.ts"
export { undo } from "./undo.ts"
