import { isObject, type Json, type JsonObject, jsonEqual } from "../../base/index.ts"
import { validateFailurePolicy } from "../failure-policy.ts"
import type { StringMap } from "../object.ts"
import { compileSelector } from "../selectors.ts"
import type { LabelSelector } from "../types.ts"
import { asStruct, type FieldErrors, memberOf } from "./errors.ts"
import { validateAnnotations, validateLabels } from "./metadata.ts"
import { annotationsOf, validatePodAnnotations } from "./pod-annotations.ts"
import { validatePodSpec } from "./pod-spec.ts"
import { validateLabelSelector } from "./selectors.ts"

const TYPES = ["RollingUpdate", "OnDelete"]

/** A1, N15: the whole DaemonSet but its metadata. */
export function validateDaemonSet(errors: FieldErrors, object: JsonObject): void {
	validateFailurePolicy(errors, memberOf(memberOf(object, "metadata") ?? {}, "annotations") ?? {})
	const spec = memberOf(object, "spec") ?? {}
	const template = memberOf(spec, "template") ?? {}
	const metadata = memberOf(template, "metadata") ?? {}
	validateSelector(errors, memberOf(spec, "selector"), memberOf(metadata, "labels"))
	// The server leaves `metadata` out of these two paths.
	validateLabels(errors, memberOf(metadata, "labels"), "spec.template.labels")
	validateAnnotations(errors, memberOf(metadata, "annotations"), "spec.template.annotations")
	const pod = memberOf(template, "spec") ?? {}
	validatePodAnnotations(errors, annotationsOf(template), pod, "spec.template.annotations")
	validateDaemonPod(errors, pod)
	errors.notNegative("spec.minReadySeconds", spec["minReadySeconds"])
	validateStrategy(errors, memberOf(spec, "updateStrategy") ?? {})
	errors.notNegative("spec.revisionHistoryLimit", spec["revisionHistoryLimit"])
}

export function validateDaemonSetUpdate(errors: FieldErrors, before: JsonObject, after: JsonObject): void {
	const [old, now] = [before, after].map((object) => memberOf(object, "spec")?.["selector"])
	if (!jsonEqual(old, now)) errors.invalid("spec.selector", now, "field is immutable")
	const status = memberOf(after, "status") ?? {}
	for (const [name, value] of Object.entries(status)) errors.notNegative(`status.${name}`, value)
}

function validateSelector(errors: FieldErrors, selector: JsonObject | undefined, labels: JsonObject | undefined): void {
	validateLabelSelector(errors, selector, "spec.selector")
	const compiled = compileSelector(selector as LabelSelector | undefined)
	if ("matches" in compiled && !compiled.matches(labels as StringMap | undefined)) {
		errors.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
	}
	if ("empty" in compiled && compiled.empty)
		errors.invalid("spec.selector", selector, "empty selector is invalid for daemonset")
}

function validateDaemonPod(errors: FieldErrors, pod: JsonObject): void {
	const field = "spec.template.spec"
	validatePodSpec(errors, pod, field)
	if (pod["ephemeralContainers"] !== undefined) {
		errors.forbidden(`${field}.ephemeralContainers`, "ephemeral containers not allowed in pod template")
	}
	errors.oneOf(`${field}.restartPolicy`, pod["restartPolicy"], ["Always"])
	if (pod["activeDeadlineSeconds"] !== undefined) {
		errors.forbidden(`${field}.activeDeadlineSeconds`, "activeDeadlineSeconds in DaemonSet is not Supported")
	}
}

function validateStrategy(errors: FieldErrors, strategy: JsonObject): void {
	const { type } = strategy
	if (typeof type !== "string" || !TYPES.includes(type))
		errors.notSupported("spec.updateStrategy", asStruct(strategy, ["Type", "RollingUpdate"]), TYPES)
	if (type === "RollingUpdate") validateNumbers(errors, memberOf(strategy, "rollingUpdate") ?? {})
}

/** A1: exactly one of the two must come to something. */
function validateNumbers(errors: FieldErrors, { maxUnavailable, maxSurge }: JsonObject): void {
	const field = "spec.updateStrategy.rollingUpdate"
	validateCountOrPercent(errors, maxUnavailable, `${field}.maxUnavailable`)
	validateCountOrPercent(errors, maxSurge, `${field}.maxSurge`)
	const [unavailable, surge] = [roughValue(maxUnavailable), roughValue(maxSurge)]
	if (unavailable !== 0 && surge !== 0) {
		errors.invalid(`${field}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero")
	} else if (unavailable === 0 && surge === 0) {
		errors.required(`${field}.maxUnavailable`, "cannot be 0 when maxSurge is 0")
	}
}

function validateCountOrPercent(errors: FieldErrors, value: Json | undefined, field: string): void {
	if (typeof value !== "string") errors.notNegative(field, value)
	else if (!/^\d+%$/.test(value)) {
		const detail =
			"a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
		errors.invalid(field, value, detail)
	} else if (Number(value.slice(0, -1)) > 100) errors.invalid(field, value, "must not be greater than 100%")
}

/** As the server weighs them: a percentage by its number, any other text as an integer, or 0. */
function roughValue(value: Json | undefined): number {
	if (typeof value === "number") return value
	if (typeof value !== "string" || isObject(value)) return 0
	return /^\d+%$/.test(value) ? Number(value.slice(0, -1)) : /^[+-]?\d+$/.test(value) ? Number(value) : 0
}
