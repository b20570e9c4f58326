import { type JsonObject, jsonEqual } from "../../base/index.ts"
import { applyDefaults } from "../defaults/apply-defaults.ts"
import { groupOf, type KubeObject, type StringMap } from "../object.ts"
import type { FieldError } from "../refusal.ts"
import { compileSelector } from "../selectors.ts"
import type { LabelSelector } from "../types.ts"
import { FieldErrors, memberOf, textOf } from "./errors.ts"
import { validatePodSpec } from "./pod-spec.ts"
import { validateLabelSelector } from "./selectors.ts"

type Check = (errors: FieldErrors, spec: JsonObject, before: JsonObject | undefined) => void

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
	["apps/Deployment", replicated("deployment")],
	// The server says so of both.
	["apps/ReplicaSet", replicated("deployment")],
	["apps/StatefulSet", replicated("statefulset")],
	["batch/Job", (errors, spec) => validateJob(errors, spec, "spec")],
	["batch/CronJob", validateCronJob],
])

/** What the server refuses in a workload that is kept and not run, as far as its selector and its pods go. */
export function validateWorkload(object: KubeObject, before: KubeObject | undefined): readonly FieldError[] {
	const errors = new FieldErrors()
	const check = CHECKS.get(`${groupOf(object.apiVersion)}/${object.kind}`)
	check?.(errors, memberOf(applyDefaults(object), "spec") ?? {}, before && memberOf(before, "spec"))
	return errors.list
}

function replicated(kind: string): Check {
	return (errors, spec, before) => {
		const selector = memberOf(spec, "selector")
		const template = memberOf(spec, "template") ?? {}
		if (before?.["selector"] !== undefined && !jsonEqual(before["selector"], selector ?? null)) {
			errors.invalid("spec.selector", selector, "field is immutable")
		}
		errors.notNegative("spec.replicas", spec["replicas"])
		if (selector === undefined) errors.required("spec.selector")
		else validateSelector(errors, selector, memberOf(memberOf(template, "metadata") ?? {}, "labels"), kind)
		const pod = memberOf(template, "spec") ?? {}
		validatePodSpec(errors, pod, "spec.template.spec")
		errors.oneOf("spec.template.spec.restartPolicy", pod["restartPolicy"], ["Always"])
	}
}

function validateSelector(
	errors: FieldErrors,
	selector: JsonObject,
	labels: JsonObject | undefined,
	kind: string,
): void {
	validateLabelSelector(errors, selector, "spec.selector")
	const compiled = compileSelector(selector as LabelSelector)
	if ("error" in compiled) return
	if (compiled.empty) errors.invalid("spec.selector", selector, `empty selector is invalid for ${kind}`)
	if (!compiled.matches(labels as StringMap | undefined)) {
		errors.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
	}
}

function validateJob(errors: FieldErrors, spec: JsonObject, path: string): void {
	for (const name of ["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds"]) {
		errors.notNegative(`${path}.${name}`, spec[name])
	}
	const pod = memberOf(memberOf(spec, "template") ?? {}, "spec") ?? {}
	validatePodSpec(errors, pod, `${path}.template.spec`)
	if (pod["restartPolicy"] === "Always") {
		errors.required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')
	}
}

function validateCronJob(errors: FieldErrors, spec: JsonObject): void {
	if (textOf(spec, "schedule") === "") errors.required("spec.schedule")
	errors.oneOf("spec.concurrencyPolicy", spec["concurrencyPolicy"], ["Allow", "Forbid", "Replace"])
	validateJob(errors, memberOf(memberOf(spec, "jobTemplate") ?? {}, "spec") ?? {}, "spec.jobTemplate.spec")
}
