/**
 * The DaemonSet controller: its rules as functions (SPEC.md: P, C, M, R, S, H, T1).
 *
 * Owns what a sync decides: claim, revisions, place, roll, status. Promises: data in, data out; nothing is kept between
 * calls, every tie is by node name. Never: writes, waits, or looks at a pod but through a census.
 */
export type {
	Census,
	CensusSettings,
	Entry,
	Facet,
	FacetRank,
	LivePods,
	NodeHandle,
	PodHandle,
	Side,
	Verdict,
} from "./census.ts"
export {
	excessPods,
	Flag,
	facetOrder,
	failedPods,
	isAvailable,
	judge,
	livePods,
	oldSide,
	onSide,
	ripensAt,
	SidedFlag,
	VERDICT_BITS,
} from "./census.ts"
export { type Claim, type ClaimOwner, type ClaimVerdict, claim, claimVerdict, controllerOf } from "./claim.ts"
export {
	type DaemonPod,
	daemonPod,
	daemonPodLabels,
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
	type NodeChange,
	nodeQueues,
	nodeUpdateCounts,
	type PodChange,
	type PodReaction,
	podReaction,
} from "./handlers.ts"
export { type FailedPodsOf, type ManageOutcome, manage, type PassOutcome } from "./manage.ts"
export {
	BURST_REPLICAS,
	CHANGE_CAUSE_ANNOTATION,
	GENERATION_ANNOTATION,
	GENERATION_LABEL,
	HASH_LABEL,
} from "./names.ts"
export {
	compilePlacement,
	nodeSignature,
	type PlacedNode,
	type Placement,
	type PlacementRule,
	placement,
	placeShape,
} from "./placement.ts"
export { encodeHash, revisionHash } from "./revision-name.ts"
export {
	byRevision,
	cleanUpRevisions,
	planRevisions,
	type RevisionOutcome,
	type RevisionWrite,
	revisionLabel,
	revisionTemplate,
} from "./revisions.ts"
export { type Budget, type RollOutcome, rollingUpdate, rolloutBudget } from "./rolling-update.ts"
export { type RolloutStatus, rolloutStatus } from "./rollout-status.ts"
export { nextBatch, type SlowStart, startSlowly } from "./slow-start.ts"
export { daemonSetStatus, statusDiffers, statusRetryMs } from "./status.ts"
export {
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
	type CensusObjects,
	censusSettings,
	isVisible,
	type TakenCensus,
	takeCensus,
	targetNodeName,
} from "./take-census.ts"
export { templateIdentity } from "./template-identity.ts"
export { daemonTolerations } from "./tolerations.ts"
export { type Undo, undo } from "./undo.ts"
