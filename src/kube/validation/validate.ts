import { isObject, type JsonObject } from "../../base/index.ts"
import { SIMULATION_GROUP } from "../kinds.ts"
import { groupOf, type KubeObject } from "../object.ts"
import type { FieldError } from "../refusal.ts"
import { validateDefinition, validateDefinitionUpdate } from "./custom-resource-definition.ts"
import { validateDaemonSet, validateDaemonSetUpdate } from "./daemon-set.ts"
import { validateConfigMap, validateSecret } from "./data.ts"
import { FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"
import { validateImmutable, validateSecretUpdate } from "./immutable.ts"
import { nameRuleOf, validateMetadata, validateMetadataUpdate } from "./metadata.ts"
import { validateNode, validateNodeUpdate } from "./node.ts"
import { annotationsOf, validatePodAnnotations } from "./pod-annotations.ts"
import { validatePodSpec } from "./pod-spec.ts"
import { validatePodUpdate } from "./pod-update.ts"
import { validatePriorityClass, validatePriorityClassUpdate } from "./priority-class.ts"
import { validateNodePool, validatePodBehavior, validateScenario } from "./simulation.ts"

type Check = (errors: FieldErrors, object: JsonObject) => void
type UpdateCheck = (errors: FieldErrors, before: JsonObject, after: JsonObject) => void

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
	["apps/DaemonSet", validateDaemonSet],
	["/ConfigMap", validateConfigMap],
	["/Event", validateEvent],
	["/Node", validateNode],
	["/Pod", validatePod],
	["/Secret", validateSecret],
	["apiextensions.k8s.io/CustomResourceDefinition", validateDefinition],
	["scheduling.k8s.io/PriorityClass", validatePriorityClass],
	[`${SIMULATION_GROUP}/NodePool`, validateNodePool],
	[`${SIMULATION_GROUP}/PodBehavior`, validatePodBehavior],
	[`${SIMULATION_GROUP}/Scenario`, validateScenario],
])

const UPDATE_CHECKS: ReadonlyMap<string, UpdateCheck> = new Map<string, UpdateCheck>([
	["apps/DaemonSet", validateDaemonSetUpdate],
	["/ConfigMap", (errors, before, after) => validateImmutable(errors, before, after, ["data", "binaryData"])],
	["/Node", validateNodeUpdate],
	["/Pod", validatePodUpdate],
	["/Secret", validateSecretUpdate],
	["apiextensions.k8s.io/CustomResourceDefinition", validateDefinitionUpdate],
	["scheduling.k8s.io/PriorityClass", validatePriorityClassUpdate],
])

/** A3: what the server refuses in a new object; give it what `prepareCreate` made. Empty where it is accepted. */
export function validateCreate(object: KubeObject): readonly FieldError[] {
	const errors = new FieldErrors()
	validateObject(errors, object)
	return errors.list
}

/** A3: what the server refuses in a change of a stored object; give it what `prepareUpdate` made. */
export function validateUpdate(before: KubeObject, after: KubeObject): readonly FieldError[] {
	const errors = new FieldErrors()
	validateMetadataUpdate(errors, before.metadata, after.metadata)
	// What may not change is told first.
	UPDATE_CHECKS.get(keyOfKind(after))?.(errors, before, after)
	validateObject(errors, after)
	return errors.list
}

function validateObject(errors: FieldErrors, object: KubeObject): void {
	const metadata = isObject(object.metadata) ? object.metadata : {}
	validateMetadata(errors, metadata, nameRuleOf(groupOf(object.apiVersion), object.kind))
	CHECKS.get(keyOfKind(object))?.(errors, object)
}

function keyOfKind({ apiVersion, kind }: KubeObject): string {
	return `${groupOf(apiVersion)}/${kind}`
}

/** An Event is where what it is about is; in default, where that has no namespace. */
function validateEvent(errors: FieldErrors, object: JsonObject): void {
	const about = textOf(memberOf(object, "involvedObject") ?? {}, "namespace")
	const namespace = textOf(memberOf(object, "metadata") ?? {}, "namespace")
	if (about === namespace || (about === "" && namespace === "default")) return
	errors.invalid("involvedObject.namespace", about, "does not match event.namespace")
}

function validatePod(errors: FieldErrors, object: JsonObject): void {
	const spec = memberOf(object, "spec") ?? {}
	validatePodAnnotations(errors, annotationsOf(object), spec, "metadata.annotations")
	validatePodSpec(errors, spec, "spec")
	for (const list of ["containers", "initContainers"]) {
		for (const [index, container] of itemsOf(spec, list).entries()) {
			const image = textOf(container, "image")
			if (image !== image.trim()) {
				errors.invalid(`spec.${list}[${index}].image`, image, "must not have leading or trailing whitespace")
			}
		}
	}
	if (spec["ephemeralContainers"] !== undefined) {
		errors.forbidden("spec.ephemeralContainers", "cannot be set on create")
	}
}
