/**
 * The node lifecycle: who is heard, what taints follow, who is evicted (SPEC.md: D).
 *
 * Owns heartbeats, conditions, the controller's own taints, eviction times and rates, and the steps of Scenarios.
 * Promises: times are computed, nothing ticks: a quiet node costs nothing. Never: touches a taint that another set, or
 * deletes a pod itself.
 */
export { type NodeState, nodeConditions } from "./conditions.ts"
export {
	evictionAt,
	evictionsPerSecond,
	nextEviction,
	zoneState,
} from "./evictions.ts"
export {
	lastHeartbeat,
	NO_EXECUTE_DELAY_MS,
	nextLook,
	unknownAt,
} from "./heartbeats.ts"
export { scenarioSteps, selectNodes, stepFaults, type TimedFault } from "./scenario.ts"
export { JOIN_TAINT, noExecuteTaints, noScheduleTaints, withTaints } from "./taints.ts"
