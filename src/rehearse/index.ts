/**
 * The rehearsal: a private copy of the cluster, run ahead, and what was seen of it.
 *
 * Owns what a forecast says: who restarts, in which order, how long, how many are down at once and where, and who pays
 * for it. Promises: it is the run itself, on a copy, so the same inputs give the digest that the run will have. Never:
 * touches the cluster that it is a copy of, or decides anything.
 */
export { firstBad } from "./bisect.ts"
export type { Affected, Down, Rehearsed, RolloutForecast, Stage } from "./contract.ts"
export { byHarm, type FaultStory, faultStory } from "./faults.ts"
export { type Broken, brokenGates, type Gate, parseGate } from "./gates.ts"
export { type Lesson, lessonsOf, repositoryOf } from "./learned.ts"
export { knowsNoOthers, lint } from "./lint/lint.ts"
export { lintObjects } from "./lint/lint-objects.ts"
export { type Foreseen, MEASURES, mostDownIn, stuckIn } from "./measures.ts"
export type { Place } from "./places.ts"
export { Rehearsal } from "./rehearsal.ts"
export { parseStrategy, type Strategy, withStrategy } from "./strategies.ts"
export { type Timeline, timelineOf } from "./timeline.ts"
