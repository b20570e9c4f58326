import type { Json, JsonObject } from "../../base/index.ts"
import { byteLength, qualifiedNameProblems, subdomainProblems } from "../labels.ts"
import { formatQuantity, quantityOf } from "../quantity.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"

const OF_ENVIRONMENT = new Set(
	"metadata.name metadata.namespace metadata.uid spec.nodeName spec.serviceAccountName status.hostIP status.hostIPs status.podIP status.podIPs".split(
		" ",
	),
)
const OF_FILES = new Set([
	"metadata.name",
	"metadata.namespace",
	"metadata.labels",
	"metadata.annotations",
	"metadata.uid",
])
const CONVERTIBLE = new Set([
	...OF_ENVIRONMENT,
	...OF_FILES,
	"spec.restartPolicy",
	"spec.schedulerName",
	"status.phase",
	"spec.host",
])
const RESOURCES = ["limits", "requests"].flatMap((side) =>
	["cpu", "memory", "ephemeral-storage"].map((name) => `${side}.${name}`),
)

export function validateEnvironment(errors: FieldErrors, container: JsonObject, path: string): void {
	for (const [index, variable] of itemsOf(container, "env").entries()) {
		const field = `${path}.env[${index}]`
		const name = textOf(variable, "name")
		if (name === "") errors.required(`${field}.name`)
		else errors.eachInvalid(`${field}.name`, name, variableNameProblems(name))
		const source = memberOf(variable, "valueFrom")
		if (source !== undefined) validateSource(errors, source, textOf(variable, "value"), `${field}.valueFrom`)
	}
	for (const [index, source] of itemsOf(container, "envFrom").entries()) {
		validateBulkSource(errors, source, `${path}.envFrom`, index)
	}
}

function validateSource(errors: FieldErrors, source: JsonObject, value: string, field: string): void {
	let count = 0
	for (const name of Object.keys(source)) {
		const reference = memberOf(source, name)
		if (reference === undefined) continue
		count++
		const at = `${field}.${name}`
		if (name === "fieldRef") validateFieldReference(errors, reference, at, false)
		else if (name === "resourceFieldRef") validateResourceReference(errors, reference, at, false)
		else if (name === "configMapKeyRef" || name === "secretKeyRef") validateKeyReference(errors, reference, at)
	}
	if (count === 0) {
		errors.invalid(
			field,
			"",
			"must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
		)
	}
	if (value !== "" && count > 0) errors.invalid(field, "", "may not be specified when `value` is not empty")
	else if (value === "" && count > 1) errors.invalid(field, "", "may not have more than one field specified at a time")
}

function validateBulkSource(errors: FieldErrors, source: JsonObject, list: string, index: number): void {
	const field = `${list}[${index}]`
	const prefix = textOf(source, "prefix")
	if (prefix !== "") errors.eachInvalid(`${field}.prefix`, prefix, variableNameProblems(prefix))
	const names = ["configMapRef", "secretRef"].filter((name) => memberOf(source, name) !== undefined)
	for (const name of names) {
		const reference = textOf(memberOf(source, name) ?? {}, "name")
		if (reference === "") errors.required(`${field}.${name}.name`)
		else errors.eachInvalid(`${field}.${name}.name`, reference, subdomainProblems(reference))
	}
	// The server names the list here, not the item.
	if (names.length === 0) errors.invalid(list, "", "must specify one of: `configMapRef` or `secretRef`")
	if (names.length > 1) errors.invalid(list, "", "may not have more than one field specified at a time")
}

/** The downward API: fields of the pod, by what the place can hold. */
export function validateFieldReference(
	errors: FieldErrors,
	reference: JsonObject,
	field: string,
	inFile: boolean,
): void {
	const path = textOf(reference, "fieldPath")
	if (textOf(reference, "apiVersion") === "") errors.required(`${field}.apiVersion`)
	if (path === "") {
		errors.required(`${field}.fieldPath`)
		return
	}
	const subscript = /^([^[]+)\['(.*)'\]$/.exec(path)
	const base = subscript?.[1] ?? path
	if (!CONVERTIBLE.has(base)) {
		errors.invalid(`${field}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)
	} else if (subscript !== null) {
		const key = subscript[2] ?? ""
		if (base === "metadata.annotations") errors.eachInvalid(field, key, qualifiedNameProblems(key.toLowerCase()))
		else if (base === "metadata.labels") errors.eachInvalid(field, key, qualifiedNameProblems(key))
		else errors.invalid(field, base, "does not support subscript")
	} else {
		const known = inFile ? OF_FILES : OF_ENVIRONMENT
		const shown = base === "spec.host" ? "spec.nodeName" : base
		if (!known.has(shown)) errors.notSupported(`${field}.fieldPath`, shown, [...known])
	}
}

export function validateResourceReference(
	errors: FieldErrors,
	reference: JsonObject,
	field: string,
	inFile: boolean,
): void {
	const resource = textOf(reference, "resource")
	if (inFile && textOf(reference, "containerName") === "") errors.required(`${field}.containerName`)
	else if (resource === "") errors.required(`${field}.resource`)
	else if (!RESOURCES.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource)) {
		errors.notSupported(`${field}.resource`, resource, RESOURCES)
	}
	validateDivisor(errors, resource, reference["divisor"], `${field}.divisor`)
}

const BYTES = "1 1k 1M 1G 1T 1P 1E 1Ki 1Mi 1Gi 1Ti 1Pi 1Ei".split(" ")
const DIVISORS: readonly (readonly [RegExp, readonly string[], string])[] = [
	[/\.cpu$/, ["1m", "1"], "the cpu resource"],
	[/\.memory$/, BYTES, "the memory resource"],
	[/\.ephemeral-storage$/, BYTES, "the local ephemeral storage resource"],
	[/\.hugepages-/, BYTES, "the hugepages resource"],
]

function validateDivisor(errors: FieldErrors, resource: string, divisor: Json | undefined, field: string): void {
	const quantity = quantityOf(divisor)
	const rule = DIVISORS.find(([pattern]) => pattern.test(resource))
	if (quantity === undefined || quantity.nano === 0n || rule === undefined) return
	const [, known, what] = rule
	if (known.includes(formatQuantity(quantity))) return
	const list = known === BYTES ? known.join(", ") : known.join(" and ")
	errors.invalid(field, resource, `only divisor's values ${list} are supported with ${what}`)
}

function validateKeyReference(errors: FieldErrors, reference: JsonObject, field: string): void {
	const name = textOf(reference, "name")
	errors.eachInvalid(`${field}.name`, name, subdomainProblems(name))
	const key = textOf(reference, "key")
	if (key === "") errors.required(`${field}.key`)
	else errors.eachInvalid(`${field}.key`, key, configKeyProblems(key))
}

const NO_CONFIG_KEY =
	"a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
	"(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

/** What is wrong with the key of a ConfigMap or Secret. */
export function configKeyProblems(key: string): readonly string[] {
	const problems: string[] = []
	if (byteLength(key) > 253) problems.push("must be no more than 253 characters")
	if (!/^[-._a-zA-Z0-9]+$/.test(key)) problems.push(NO_CONFIG_KEY)
	if (key === "." || key === "..") problems.push(`must not be '${key}'`)
	else if (key.startsWith("..")) problems.push("must not start with '..'")
	return problems
}

function variableNameProblems(name: string): readonly string[] {
	if (/^[ -<>-~]+$/.test(name)) return []
	return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}
