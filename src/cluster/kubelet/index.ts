/**
 * The kubelet: what becomes of a pod on its node, from the pull to the end (SPEC.md: L).
 *
 * Owns the stages as a table, probes, back-offs, behaviors, the Events and the status that tell of them. Promises: times
 * are whole milliseconds, chance is a function of seed and pod; `begin`, `step` and `tellEvents` allocate nothing. Never:
 * holds a pod, writes, or waits: the machine keeps the numbers and the timeline.
 */
export {
	asksForNodeLabel,
	type Behavior,
	type BehaviorTable,
	behaviorFor,
	behaviorTable,
	DEFAULT_BEHAVIOR,
	type Spoken,
	spokenFor,
} from "./behavior.ts"
export { containerId, restartsAt } from "./container-status.ts"
export {
	type EventSink,
	eventText,
	KubeletEvent,
	tellEvents,
	tellKilling,
	unhealthyCount,
} from "./events.ts"
export { expectedMs } from "./expect.ts"
export { type ContainerLife, type Life, lifeOf } from "./life.ts"
export { type Circumstances, type Moment, Stage } from "./moment.ts"
export { qosOf } from "./qos.ts"
export { begin, step } from "./stages.ts"
export { type PodRow, phaseOf, podStatus, unscheduledStatus } from "./status.ts"
export { cycleMs, fateOf, stopMs } from "./times.ts"
