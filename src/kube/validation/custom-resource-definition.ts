import { isObject, type Json, type JsonObject, jsonEqual } from "../../base/index.ts"
import { dns1035LabelProblems } from "../labels.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"

const VERSION = "apiextensions.k8s.io/v1"
const COLUMN_TYPES = ["integer", "number", "string", "boolean", "date"]

/** What must hold for a kind to be served at all. Of schemas: that every part says its type. */
export function validateDefinition(errors: FieldErrors, object: JsonObject): void {
	if (object["apiVersion"] !== VERSION) return
	const spec = memberOf(object, "spec") ?? {}
	const names = memberOf(spec, "names") ?? {}
	const [group, plural, name] = [
		textOf(spec, "group"),
		textOf(names, "plural"),
		textOf(memberOf(object, "metadata") ?? {}, "name"),
	]
	if (name !== `${plural}.${group}`) errors.invalid("metadata.name", name, 'must be spec.names.plural+"."+spec.group')
	if (group === "") errors.required("spec.group")
	if (textOf(spec, "scope") === "") errors.required("spec.scope")
	else errors.oneOf("spec.scope", spec["scope"], ["Cluster", "Namespaced"])
	if (spec["preserveUnknownFields"] === true) {
		const instead = "set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
		errors.invalid("spec.preserveUnknownFields", true, `cannot set to true, ${instead}`)
	}
	validateVersions(errors, itemsOf(spec, "versions"))
	validateNames(errors, names)
}

/** What objects are stored by may not change. */
export function validateDefinitionUpdate(errors: FieldErrors, before: JsonObject, after: JsonObject): void {
	if (after["apiVersion"] !== VERSION) return
	const [was, is] = [memberOf(before, "spec") ?? {}, memberOf(after, "spec") ?? {}]
	const fixed = (field: string, old: Json | undefined, next: Json | undefined) => {
		if (old !== undefined && !jsonEqual(old, next ?? null)) errors.invalid(field, next, "field is immutable")
	}
	fixed("spec.scope", was["scope"], is["scope"])
	fixed("spec.names.kind", memberOf(was, "names")?.["kind"], memberOf(is, "names")?.["kind"])
}

function validateNames(errors: FieldErrors, names: JsonObject): void {
	const isSame = textOf(names, "kind") !== "" && names["kind"] === names["listKind"]
	for (const member of ["plural", "singular", "kind", "listKind"]) {
		const [field, text] = [`spec.names.${member}`, textOf(names, member)]
		const mixed = member === "kind" || member === "listKind"
		if (text === "") errors.required(field)
		else {
			for (const problem of dns1035LabelProblems(mixed ? text.toLowerCase() : text)) {
				errors.invalid(field, text, mixed ? `may have mixed case, but should otherwise match: ${problem}` : problem)
			}
		}
	}
	if (isSame) errors.invalid("spec.names.listKind", names["listKind"], "kind and listKind may not be the same")
}

function validateVersions(errors: FieldErrors, versions: readonly JsonObject[]): void {
	// The server shows the versions whole, which nobody wants to read.
	const names = versions.map((version) => textOf(version, "name"))
	if (new Set(names).size !== names.length) errors.invalid("spec.versions", names, "must contain unique version names")
	if (versions.filter(({ storage }) => storage === true).length !== 1) {
		errors.invalid("spec.versions", names, "must have exactly one version marked as storage version")
	}
	for (const [index, version] of versions.entries()) {
		const path = `spec.versions[${index}]`
		errors.eachInvalid(`${path}.name`, textOf(version, "name"), dns1035LabelProblems(textOf(version, "name")))
		const schema = memberOf(memberOf(version, "schema") ?? {}, "openAPIV3Schema")
		if (schema === undefined) errors.required(`${path}.schema.openAPIV3Schema`, "schemas are required")
		else validateRoot(errors, schema, `${path}.schema.openAPIV3Schema`)
		for (const [at, column] of itemsOf(version, "additionalPrinterColumns").entries()) {
			validateColumn(errors, column, `${path}.additionalPrinterColumns[${at}]`)
		}
	}
}

function validateColumn(errors: FieldErrors, column: JsonObject, path: string): void {
	if (textOf(column, "name") === "") errors.required(`${path}.name`)
	if (textOf(column, "type") === "") errors.required(`${path}.type`)
	else errors.oneOf(`${path}.type`, column["type"], COLUMN_TYPES)
	if (textOf(column, "jsonPath") === "") errors.required(`${path}.JSONPath`)
}

function validateRoot(errors: FieldErrors, schema: JsonObject, path: string): void {
	const type = textOf(schema, "type")
	if (type === "") errors.required(`${path}.type`, "must not be empty at the root")
	else if (type !== "object") errors.invalid(`${path}.type`, type, "must be object at the root")
	validateParts(errors, schema, path)
}

function validateParts(errors: FieldErrors, schema: JsonObject, path: string): void {
	const part = (value: Json | undefined, at: string, what: string) => {
		if (!isObject(value)) return
		if (!hasType(value)) errors.required(`${at}.type`, `must not be empty for specified ${what}`)
		validateParts(errors, value, at)
	}
	for (const [name, property] of Object.entries(memberOf(schema, "properties") ?? {})) {
		part(property, `${path}.properties[${name}]`, "object fields")
	}
	part(schema["items"], `${path}.items`, "array items")
	part(schema["additionalProperties"], `${path}.additionalProperties`, "object fields")
}

function hasType(schema: JsonObject): boolean {
	return (
		textOf(schema, "type") !== "" ||
		schema["x-kubernetes-int-or-string"] === true ||
		schema["x-kubernetes-preserve-unknown-fields"] === true
	)
}
