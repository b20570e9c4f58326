/**
 * The Kubernetes object model: kinds, keys, labels, selectors, taints, quantities, defaults, validation, patches.
 *
 * Owns what the API server knows about one object alone. Promises: answers as Kubernetes v1.34 answers. Never: knows
 * another object, a cluster or a repository.
 */
export type { Finding } from "./finding.ts"
export type { KeyParts, KubeObject, ObjectKey, ObjectMeta, OwnerReference, StringMap } from "./object.ts"
export { groupOf, keyOf, keyParts, objectKey } from "./object.ts"
export type { FieldError, Refusal } from "./refusal.ts"
export type { DurationSpread, NodePool, PodBehavior, PodFailure, Scenario, ScenarioStep } from "./simulation.ts"
export type * from "./types.ts"
