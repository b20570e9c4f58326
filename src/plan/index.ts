/**
 * The plan: desired × last applied × live → changes, in apply order, and the guards that hold a commit.
 *
 * Owns what git may change and in which order. Promises: defaults and other people's fields are no changes; what did
 * not come from git is never pruned. Never: writes anything.
 */
export { compare, compareStates } from "./compare.ts"
export type { Change, Described, FieldChange, Hold } from "./contract.ts"
export { type GuardSettings, guard } from "./guards.ts"
