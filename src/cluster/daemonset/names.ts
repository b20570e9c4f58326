/** Labels, annotations and limits of the real controller (conformance/constants.json). */
export const HASH_LABEL = "controller-revision-hash"
export const GENERATION_LABEL = "pod-template-generation"
export const GENERATION_ANNOTATION = "deprecated.daemonset.template.generation"
export const CHANGE_CAUSE_ANNOTATION = "kubernetes.io/change-cause"

/** S5: creates, and deletes, in one pass at most. */
export const BURST_REPLICAS = 250
