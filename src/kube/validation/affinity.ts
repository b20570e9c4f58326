import type { JsonObject } from "../../base/index.ts"
import { dnsLabelProblems, labelValueProblems, qualifiedNameProblems } from "../labels.ts"
import { asStruct, type FieldErrors, itemsOf, memberOf, textOf, textsOf } from "./errors.ts"
import { validateLabelSelector, validateNodeSelector, validateNodeTerm } from "./selectors.ts"

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
const TAINT = ["Key", "Value", "Effect", "TimeAdded"]
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

export function validateAffinity(errors: FieldErrors, affinity: JsonObject | undefined, field: string): void {
	if (affinity === undefined) return
	const node = memberOf(affinity, "nodeAffinity")
	if (node !== undefined) {
		const required = memberOf(node, REQUIRED)
		if (required !== undefined) validateNodeSelector(errors, required, `${field}.nodeAffinity.${REQUIRED}`)
		for (const [index, term] of itemsOf(node, PREFERRED).entries()) {
			const at = `${field}.nodeAffinity.${PREFERRED}[${index}]`
			validateWeight(errors, term, at)
			validateNodeTerm(errors, memberOf(term, "preference") ?? {}, `${at}.preference`, false)
		}
	}
	for (const name of ["podAffinity", "podAntiAffinity"]) {
		const pods = memberOf(affinity, name) ?? {}
		for (const [index, term] of itemsOf(pods, REQUIRED).entries()) {
			validatePodTerm(errors, term, `${field}.${name}.${REQUIRED}[${index}]`)
		}
		for (const [index, term] of itemsOf(pods, PREFERRED).entries()) {
			const at = `${field}.${name}.${PREFERRED}[${index}]`
			validateWeight(errors, term, at)
			validatePodTerm(errors, memberOf(term, "podAffinityTerm") ?? {}, `${at}.podAffinityTerm`)
		}
	}
}

function validateWeight(errors: FieldErrors, term: JsonObject, field: string): void {
	const weight = typeof term["weight"] === "number" ? term["weight"] : 0
	if (weight < 1 || weight > 100) errors.invalid(`${field}.weight`, weight, "must be in the range 1-100")
}

function validatePodTerm(errors: FieldErrors, term: JsonObject, field: string): void {
	validateLabelSelector(errors, memberOf(term, "labelSelector"), `${field}.labelSelector`)
	validateLabelSelector(errors, memberOf(term, "namespaceSelector"), `${field}.namespaceSelector`)
	for (const namespace of textsOf(term, "namespaces")) {
		errors.eachInvalid(`${field}.namespace`, namespace, dnsLabelProblems(namespace))
	}
	validateLabelKeys(errors, term, field)
	validateTopologyKey(errors, term, field)
}

/** Keys whose value is the pod's own: labels of the selector. */
function validateLabelKeys(errors: FieldErrors, term: JsonObject, field: string): void {
	const [matching, mismatching] = [textsOf(term, "matchLabelKeys"), textsOf(term, "mismatchLabelKeys")]
	for (const [name, keys] of [["matchLabelKeys", matching] as const, ["mismatchLabelKeys", mismatching] as const]) {
		if (keys.length > 0 && memberOf(term, "labelSelector") === undefined) {
			errors.forbidden(`${field}.${name}`, "must not be specified when labelSelector is not set")
			continue
		}
		for (const [index, key] of keys.entries())
			errors.eachInvalid(`${field}.${name}[${index}]`, key, qualifiedNameProblems(key))
	}
	for (const [index, key] of matching.entries()) {
		const detail = "exists in both matchLabelKeys and mismatchLabelKeys"
		if (mismatching.includes(key)) errors.invalid(`${field}.matchLabelKeys[${index}]`, key, detail)
	}
}

function validateTopologyKey(errors: FieldErrors, object: JsonObject, field: string): void {
	const key = textOf(object, "topologyKey")
	if (key === "") errors.required(`${field}.topologyKey`, "can not be empty")
	errors.eachInvalid(`${field}.topologyKey`, key, qualifiedNameProblems(key))
}

export function validateTolerations(errors: FieldErrors, tolerations: readonly JsonObject[], field: string): void {
	for (const [index, toleration] of tolerations.entries()) validateToleration(errors, toleration, `${field}[${index}]`)
}

function validateToleration(errors: FieldErrors, toleration: JsonObject, field: string): void {
	const [key, operator, value, effect] = ["key", "operator", "value", "effect"].map((name) =>
		textOf(toleration, name),
	) as [string, string, string, string]
	if (key !== "") errors.eachInvalid(`${field}.key`, key, qualifiedNameProblems(key))
	else if (operator !== "Exists") {
		const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
		errors.invalid(`${field}.operator`, operator, detail)
	}
	if (toleration["tolerationSeconds"] !== undefined && effect !== "NoExecute") {
		errors.invalid(`${field}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
	}
	if (operator === "Exists") {
		if (value !== "") errors.invalid(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'")
	} else if (operator === "" || operator === "Equal") {
		const problems = labelValueProblems(value)
		if (problems.length > 0) errors.invalid(`${field}.operator`, value, problems.join(";"))
	} else errors.notSupported(`${field}.operator`, operator, ["Equal", "Exists"])
	if (effect !== "") errors.oneOf(`${field}.effect`, effect, EFFECTS)
}

/** N15: the server names a node's taints under metadata. */
export function validateTaints(errors: FieldErrors, taints: readonly JsonObject[], field: string): void {
	const seen = new Set<string>()
	for (const [index, taint] of taints.entries()) {
		const at = `${field}[${index}]`
		const [key, effect] = [textOf(taint, "key"), textOf(taint, "effect")]
		errors.eachInvalid(`${at}.key`, key, qualifiedNameProblems(key))
		const problems = labelValueProblems(textOf(taint, "value"))
		if (problems.length > 0) errors.invalid(`${at}.value`, textOf(taint, "value"), problems.join(";"))
		if (effect === "") errors.required(`${at}.effect`)
		else errors.oneOf(`${at}.effect`, effect, EFFECTS)
		const pair = `${key}:${effect}`
		if (seen.has(pair)) errors.duplicate(at, asStruct(taint, TAINT), "taints must be unique by key and effect pair")
		seen.add(pair)
	}
}

export function validateSpreadConstraints(
	errors: FieldErrors,
	constraints: readonly JsonObject[],
	field: string,
): void {
	const pairs = constraints.map(
		(constraint) => `${textOf(constraint, "topologyKey")} ${textOf(constraint, "whenUnsatisfiable")}`,
	)
	for (const [index, constraint] of constraints.entries()) {
		const at = `${field}[${index}]`
		const skew = typeof constraint["maxSkew"] === "number" ? constraint["maxSkew"] : 0
		if (skew <= 0) errors.invalid(`${at}.maxSkew`, skew, "must be greater than zero")
		if (textOf(constraint, "topologyKey") === "") errors.required(`${at}.topologyKey`, "can not be empty")
		errors.oneOf(`${at}.whenUnsatisfiable`, constraint["whenUnsatisfiable"], ["DoNotSchedule", "ScheduleAnyway"])
		// The server tells of the earlier one.
		const pair = pairs[index] ?? ""
		if (pairs.indexOf(pair, index + 1) >= 0) errors.duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair)
		validateMinDomains(errors, constraint, at)
		for (const policy of ["nodeAffinityPolicy", "nodeTaintsPolicy"]) {
			if (constraint[policy] !== undefined) errors.oneOf(`${at}.${policy}`, constraint[policy], ["Honor", "Ignore"])
		}
		validateSpreadKeys(errors, constraint, `${at}.matchLabelKeys`)
		validateLabelSelector(errors, memberOf(constraint, "labelSelector"), `${at}.labelSelector`)
	}
}

function validateSpreadKeys(errors: FieldErrors, constraint: JsonObject, field: string): void {
	const keys = textsOf(constraint, "matchLabelKeys")
	if (keys.length === 0) return
	const selector = memberOf(constraint, "labelSelector")
	if (selector === undefined) errors.forbidden(field, "must not be specified when labelSelector is not set")
	const selected = new Set([
		...Object.keys(memberOf(selector ?? {}, "matchLabels") ?? {}),
		...itemsOf(selector ?? {}, "matchExpressions").map((requirement) => textOf(requirement, "key")),
	])
	for (const [index, key] of keys.entries()) {
		errors.eachInvalid(`${field}[${index}]`, key, qualifiedNameProblems(key))
		if (selected.has(key)) errors.invalid(`${field}[${index}]`, key, "exists in both matchLabelKeys and labelSelector")
	}
}

function validateMinDomains(errors: FieldErrors, constraint: JsonObject, field: string): void {
	const domains = constraint["minDomains"]
	if (typeof domains !== "number") return
	if (domains <= 0) errors.invalid(`${field}.minDomains`, domains, "must be greater than zero")
	if (textOf(constraint, "whenUnsatisfiable") !== "DoNotSchedule") {
		errors.invalid(`${field}.minDomains`, domains, "can only use minDomains if whenUnsatisfiable=DoNotSchedule")
	}
}
