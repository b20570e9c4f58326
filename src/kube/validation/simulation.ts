import { isObject, type Json, type JsonObject, parseDuration } from "../../base/index.ts"
import { validateTaints } from "./affinity.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"
import { validateLabels } from "./metadata.ts"
import { validateQuantity, validateResourceName } from "./resources.ts"
import { validateLabelSelector } from "./selectors.ts"

const MOST_NODES = 1_000_000
const FAILURES = ["ImagePull", "CrashLoop", "NeverReady", "OutOfMemory", "NodeDown", "Failed", "Succeeded"]
const FAULTS = ["Down", "Up", "Cordon", "Uncordon", "MemoryPressure", "DiskPressure", "PidPressure", "SlowPulls"]

export function validateNodePool(errors: FieldErrors, object: JsonObject): void {
	const spec = memberOf(object, "spec") ?? {}
	errors.between("spec.replicas", spec["replicas"], 0, MOST_NODES)
	const template = memberOf(spec, "template") ?? {}
	validateLabels(errors, memberOf(memberOf(template, "metadata") ?? {}, "labels"), "spec.template.metadata.labels")
	validateTaints(errors, itemsOf(memberOf(template, "spec") ?? {}, "taints"), "spec.template.spec.taints")
	const status = memberOf(template, "status") ?? {}
	const lists = [
		["spec.template.status.capacity", memberOf(status, "capacity")],
		["spec.template.status.allocatable", memberOf(status, "allocatable")],
		["spec.used", memberOf(spec, "used")],
	] as const
	for (const [field, list] of lists) {
		for (const [name, amount] of Object.entries(list ?? {})) {
			validateResourceName(errors, name, `${field}[${name}]`)
			validateQuantity(errors, name, amount, `${field}[${name}]`)
		}
	}
}

export function validatePodBehavior(errors: FieldErrors, object: JsonObject): void {
	const spec = memberOf(object, "spec") ?? {}
	const match = memberOf(spec, "match") ?? {}
	validateLabelSelector(errors, memberOf(match, "labels"), "spec.match.labels")
	validateLabelSelector(errors, memberOf(match, "nodes"), "spec.match.nodes")
	for (const stage of ["pull", "start", "ready", "stop"]) validateSpread(errors, spec[stage], `spec.${stage}`)
	for (const [index, failure] of itemsOf(spec, "failures").entries()) {
		const field = `spec.failures[${index}]`
		errors.oneOf(`${field}.kind`, textOf(failure, "kind"), FAILURES)
		validateShare(errors, failure["share"], `${field}.share`)
		if (failure["after"] !== undefined) validateDuration(errors, failure["after"], `${field}.after`)
		errors.notNegative(`${field}.times`, failure["times"])
	}
}

export function validateScenario(errors: FieldErrors, object: JsonObject): void {
	const steps = itemsOf(memberOf(object, "spec") ?? {}, "steps")
	for (const [index, step] of steps.entries()) {
		const field = `spec.steps[${index}]`
		validateDuration(errors, step["at"] ?? "", `${field}.at`)
		if (step["for"] !== undefined) validateDuration(errors, step["for"], `${field}.for`)
		errors.oneOf(`${field}.fault`, textOf(step, "fault"), FAULTS)
		const nodes = memberOf(step, "nodes")
		if (nodes === undefined) errors.required(`${field}.nodes`)
		else validateLabelSelector(errors, memberOf(nodes, "selector"), `${field}.nodes.selector`)
		errors.notNegative(`${field}.nodes.count`, nodes?.["count"])
		const { factor } = step
		if (typeof factor === "number" && factor <= 0)
			errors.invalid(`${field}.factor`, factor, "must be greater than zero")
	}
}

function validateSpread(errors: FieldErrors, value: Json | undefined, field: string): void {
	if (value === undefined) return
	if (!isObject(value)) {
		validateDuration(errors, value, field)
		return
	}
	if (value["p50"] === undefined) errors.required(`${field}.p50`)
	for (const [name, quantile] of Object.entries(value)) {
		if (["p50", "p90", "p99"].includes(name)) validateDuration(errors, quantile, `${field}.${name}`)
		else errors.notSupported(`${field}.${name}`, name, ["p50", "p90", "p99"])
	}
}

function validateDuration(errors: FieldErrors, value: Json, field: string): void {
	if (typeof value !== "string" || parseDuration(value) === undefined) {
		errors.invalid(field, value, "must be a duration, such as 500ms, 3s or 1m30s")
	}
}

function validateShare(errors: FieldErrors, value: Json | undefined, field: string): void {
	if (value === undefined) return
	const share = typeof value === "string" && /^\d+(\.\d+)?%$/.test(value) ? Number(value.slice(0, -1)) / 100 : value
	if (typeof share !== "number" || share < 0 || share > 1)
		errors.invalid(field, value, "must be a percentage, such as 3%, or a number from 0 to 1")
}
