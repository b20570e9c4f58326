/**
 * The Kubernetes object model: kinds, keys, labels, selectors, taints, quantities, defaults, validation, patches.
 *
 * Owns what the API server knows about one object alone. Promises: answers as Kubernetes v1.34 answers. Never: knows
 * another object, a cluster or a repository.
 */

export { applyOwned } from "./apply/apply-owned.ts"
export { withControlPlane } from "./apply/control-plane.ts"
export { fieldChanges } from "./apply/field-changes.ts"
export { appliedBy, applyManaged, statusManaged, updateManaged } from "./apply/managed-fields.ts"
export { withoutField } from "./apply/without-field.ts"
export { type Asked, type FieldValidation, readBody } from "./body.ts"
export { lastSeen, nodeRoles } from "./columns/cluster.ts"
export { ageOf, type Column, labelText, selectorText } from "./columns/column.ts"
export { columnsOf } from "./columns/columns.ts"
export { type DefinedKind, definedKinds, kindDefinedBy, type ScalePaths, withEstablished } from "./custom/definition.ts"
export { fillIn } from "./custom/fill-in.ts"
export { type JsonPath, parseJsonPath } from "./custom/json-path.ts"
export { prune } from "./custom/prune.ts"
export { customShape } from "./custom/shape.ts"
export { type PatternReader, validateCustom } from "./custom/validate-custom.ts"
export { decode, decodingError } from "./decode.ts"
export { applyDefaults } from "./defaults/apply-defaults.ts"
export { type FailurePolicy, failurePolicyOf, thresholdPods } from "./failure-policy.ts"
export { type FieldTerm, fieldText } from "./field-text.ts"
export type { Finding } from "./finding.ts"
export { allowsSurge, scaledValue, surgeCount, unavailableCount } from "./int-or-string.ts"
export { checkJson } from "./json-text.ts"
export {
	apiVersionOf,
	findKind,
	isNamespaced,
	KINDS,
	type Kind,
	resolveKind,
	resourceName,
	SIMULATION_GROUP,
} from "./kinds.ts"
export {
	dns1035LabelProblems,
	dnsLabelProblems,
	labelValueProblems,
	qualifiedNameProblems,
	subdomainProblems,
} from "./labels.ts"
export {
	isMaxUnavailableHard,
	MAX_UNAVAILABLE_ANNOTATION,
	maxUnavailableProblem,
} from "./max-unavailable.ts"
export type { KubeObject, ObjectKey, ObjectMeta, OwnerReference, StringMap } from "./object.ts"
export { groupOf, IMPLIED_ANNOTATION, keyOf, keyParts, objectKey, sayKey } from "./object.ts"
export { toCurrentVersion } from "./old-versions.ts"
export { jsonPatch } from "./patch/json-patch.ts"
export { mergePatch } from "./patch/merge-patch.ts"
export { strategicPatch } from "./patch/strategic-patch.ts"
export { isPaused, PAUSED_ANNOTATION, type Pause, pauseOf, sayPause } from "./pause.ts"
export { summarizePod } from "./pod-summary.ts"
export { checkDelete, checkPreconditions } from "./preconditions.ts"
export { prepareCreate, prepareUpdate, type WrittenPart } from "./prepare.ts"
export { readProtobuf } from "./protobuf.ts"
export {
	addQuantities,
	formatQuantity,
	milliCpu,
	milliUnits,
	parseQuantity,
	type Quantity,
	quantityOf,
	wholeNumber,
	wholeUnits,
} from "./quantity.ts"
export { causeReason, type FieldError, invalidRefusal, type Refusal } from "./refusal.ts"
export { type DescribedKind, OPEN_API_FORMAT, openApiOf } from "./schema/open-api.ts"
export { parseSelectorText } from "./selector-text.ts"
export {
	compileNodeSelectorTerms,
	compileSelector,
	matchesNodeSelectorTerms,
	type NodeSelectorTest,
	type Selector,
} from "./selectors.ts"
export type { DurationSpread, NodePool, PodBehavior, PodFailure, Scenario, ScenarioStep } from "./simulation.ts"
export { tolerates, untoleratedTaints } from "./taints.ts"
export { isSameTemplate } from "./template.ts"
export type * from "./types.ts"
export { validateCreate, validateUpdate } from "./validation/validate.ts"
export { validateWorkload } from "./validation/workloads.ts"
export { warningsOf } from "./warnings.ts"
