import type { JsonObject } from "../../base/index.ts"
import { labelValueProblems, qualifiedNameProblems, subdomainProblems } from "../labels.ts"
import { type FieldErrors, itemsOf, memberOf, textOf, textsOf } from "./errors.ts"
import { validateLabels } from "./metadata.ts"

const SETS = ["In", "NotIn"]
const PRESENCE = ["Exists", "DoesNotExist"]

export function validateLabelSelector(errors: FieldErrors, selector: JsonObject | undefined, field: string): void {
	if (selector === undefined) return
	validateLabels(errors, memberOf(selector, "matchLabels"), `${field}.matchLabels`)
	for (const [index, requirement] of itemsOf(selector, "matchExpressions").entries()) {
		const at = `${field}.matchExpressions[${index}]`
		validateRequirement(errors, requirement, at, false)
		validateValues(errors, requirement, at)
	}
}

/** P3: at least one term; an empty term is fine. */
export function validateNodeSelector(errors: FieldErrors, selector: JsonObject, field: string): void {
	const terms = itemsOf(selector, "nodeSelectorTerms")
	if (terms.length === 0) errors.required(`${field}.nodeSelectorTerms`, "must have at least one node selector term")
	for (const [index, term] of terms.entries()) validateNodeTerm(errors, term, `${field}.nodeSelectorTerms[${index}]`)
}

/** `required`: of what is only preferred the values of labels are not looked at. */
export function validateNodeTerm(errors: FieldErrors, term: JsonObject, field: string, required = true): void {
	for (const [index, requirement] of itemsOf(term, "matchExpressions").entries()) {
		const at = `${field}.matchExpressions[${index}]`
		validateRequirement(errors, requirement, at, true)
		if (required) validateValues(errors, requirement, at)
	}
	for (const [index, requirement] of itemsOf(term, "matchFields").entries()) {
		validateNodeField(errors, requirement, `${field}.matchFields[${index}]`)
	}
}

function validateRequirement(errors: FieldErrors, requirement: JsonObject, field: string, ofNode: boolean): void {
	const operator = textOf(requirement, "operator")
	const values = textsOf(requirement, "values")
	if (SETS.includes(operator)) {
		if (values.length === 0) errors.required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")
	} else if (PRESENCE.includes(operator)) {
		const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
		if (values.length > 0) errors.forbidden(`${field}.values`, detail)
	} else if (ofNode && (operator === "Gt" || operator === "Lt")) {
		const detail = "must be specified single value when `operator` is 'Lt' or 'Gt'"
		if (values.length !== 1) errors.required(`${field}.values`, detail)
	} else errors.invalid(`${field}.operator`, operator, "not a valid selector operator")
	const key = textOf(requirement, "key")
	errors.eachInvalid(`${field}.key`, key, qualifiedNameProblems(key))
}

function validateValues(errors: FieldErrors, requirement: JsonObject, field: string): void {
	for (const [index, value] of textsOf(requirement, "values").entries()) {
		errors.eachInvalid(`${field}.values[${index}]`, value, labelValueProblems(value))
	}
}

function validateNodeField(errors: FieldErrors, requirement: JsonObject, field: string): void {
	const { operator, key, values } = {
		operator: textOf(requirement, "operator"),
		key: textOf(requirement, "key"),
		values: textsOf(requirement, "values"),
	}
	if (!SETS.includes(operator)) errors.invalid(`${field}.operator`, operator, "not a valid selector operator")
	else if (values.length !== 1) {
		const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
		errors.required(`${field}.values`, detail)
	}
	if (key !== "metadata.name") {
		errors.invalid(`${field}.key`, key, "not a valid field selector key")
		return
	}
	for (const [index, value] of values.entries())
		errors.eachInvalid(`${field}.values[${index}]`, value, subdomainProblems(value))
}
