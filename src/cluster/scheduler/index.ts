/**
 * The scheduler: which node a pod goes to, why none, and who makes room (SPEC.md: K).
 *
 * Owns the filters, preemption, priorities and the words of FailedScheduling. Promises: answers by numbers and facts
 * that are given; `hasRoom` and `portsClash` allocate nothing. Never: binds, deletes, or looks at a pod or a node itself.
 */
export { admission } from "./admission.ts"
export { type Demand, demandOf, demandOfList, type HostPort } from "./demand.ts"
export {
	amountOf,
	fit,
	hasRoom,
	type Needs,
	type NodeFacts,
	needsOf,
	portsClash,
	type Room,
	refusal,
	shortages,
} from "./fit.ts"
export { chooseHost } from "./host.ts"
export { type Candidate, changeRoom, choosePreemption, mayPreempt, moreImportant, preempt } from "./preempt.ts"
export { type PriorityRank, podPriority, SYSTEM_PRIORITIES } from "./priorities.ts"
export {
	pinnedMessage,
	type Reason,
	SCHEDULER_EVENTS,
	unschedulableMessage,
} from "./reasons.ts"
