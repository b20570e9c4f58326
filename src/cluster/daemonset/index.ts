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
