/**
 * What has no domain: time, chance, order, hashing and the invariant.
 *
 * Owns the words for instants and durations, the one die, the one order of strings, the one canonical form of JSON.
 * Promises: every function here is pure. Never: reads a clock, a disk, a network or a process.
 */
export { canonicalJson } from "./canonical-json.ts"
export { byCodeUnit } from "./compare.ts"
export { dice, die, rangeOf, uuidOf } from "./dice.ts"
export { formatAge, formatDuration, parseDuration } from "./duration.ts"
export { Digest, hmacSha256, sha256 } from "./hash.ts"
export { formatInstant, type Instant, parseInstant, wholeSecond } from "./instant.ts"
export { InvariantError, invariant } from "./invariant.ts"
export type { Json, JsonObject } from "./json.ts"
export { deepFreeze, isObject, jsonEqual } from "./json.ts"
export { powerOfTwo } from "./power-of-two.ts"
