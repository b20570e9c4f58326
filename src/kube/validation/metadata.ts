import type { JsonObject } from "../../base/index.ts"
import {
	byteLength,
	dns1035LabelProblems,
	dnsLabelProblems,
	labelValueProblems,
	qualifiedNameProblems,
	subdomainProblems,
} from "../labels.ts"
import { type FieldErrors, itemsOf, memberOf, textOf, textsOf } from "./errors.ts"

const ANNOTATIONS_BYTES = 262_144
/** Generated names are cut so that five more characters fit into a label. */
const LONGEST_BASE = 58
const STANDARD_FINALIZERS = new Set(["kubernetes", "orphan", "foregroundDeletion"])

/** The form of names, by what the kind allows. */
export type NameRule = (name: string) => readonly string[]

const RULES: ReadonlyMap<string, NameRule> = new Map([
	["/Namespace", dnsLabelProblems],
	["/Service", dns1035LabelProblems],
	...["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"].map((kind): [string, NameRule] => [
		`rbac.authorization.k8s.io/${kind}`,
		pathSegmentProblems,
	]),
])

export function nameRuleOf(group: string, kind: string): NameRule {
	return RULES.get(`${group}/${kind}`) ?? subdomainProblems
}

export function validateMetadata(errors: FieldErrors, metadata: JsonObject, nameRule: NameRule): void {
	const { name, generateName } = { name: textOf(metadata, "name"), generateName: textOf(metadata, "generateName") }
	if (generateName !== "") {
		const shown = generateName.length > 1 && generateName.endsWith("-") ? `${generateName.slice(0, -2)}a` : generateName
		errors.eachInvalid("metadata.generateName", generateName, nameRule(shown))
	}
	if (name !== "") errors.eachInvalid("metadata.name", name, nameRule(name))
	else if (generateName === "") errors.required("metadata.name", "name or generateName is required")
	else errors.eachInvalid("metadata.name", generateName, nameRule(`${generateName.slice(0, LONGEST_BASE)}xxxxx`))
	const namespace = textOf(metadata, "namespace")
	if (namespace !== "") errors.eachInvalid("metadata.namespace", namespace, dnsLabelProblems(namespace))
	errors.notNegative("metadata.generation", metadata["generation"])
	validateLabels(errors, memberOf(metadata, "labels"), "metadata.labels")
	validateAnnotations(errors, memberOf(metadata, "annotations"), "metadata.annotations")
	validateOwners(errors, itemsOf(metadata, "ownerReferences"))
	validateFinalizers(errors, textsOf(metadata, "finalizers"))
}

export function validateLabels(errors: FieldErrors, labels: JsonObject | undefined, field: string): void {
	for (const [key, value] of Object.entries(labels ?? {})) {
		errors.eachInvalid(field, key, qualifiedNameProblems(key))
		errors.eachInvalid(field, String(value), labelValueProblems(String(value)))
	}
}

export function validateAnnotations(errors: FieldErrors, annotations: JsonObject | undefined, field: string): void {
	let size = 0
	for (const [key, value] of Object.entries(annotations ?? {})) {
		errors.eachInvalid(field, key, qualifiedNameProblems(key.toLowerCase()))
		size += byteLength(key) + byteLength(String(value))
	}
	if (size > ANNOTATIONS_BYTES) errors.tooLong(field, ANNOTATIONS_BYTES)
}

function validateOwners(errors: FieldErrors, owners: readonly JsonObject[]): void {
	const field = "metadata.ownerReferences"
	for (const owner of owners) {
		const version = textOf(owner, "apiVersion")
		if (!/^([^/]+\/)?[^/]+$/.test(version)) errors.invalid(`${field}.apiVersion`, version, "version must not be empty")
		for (const name of ["kind", "name", "uid"]) {
			if (textOf(owner, name) === "") errors.invalid(`${field}.${name}`, "", "must not be empty")
		}
		if (version === "v1" && textOf(owner, "kind") === "Event") {
			errors.invalid(field, owner, "/v1, Kind=Event is disallowed from being an owner")
		}
	}
	const [first, ...others] = owners
		.filter((owner) => owner["controller"] === true)
		.map((owner) => textOf(owner, "name"))
	for (const other of others) {
		const found = `Found "true" in references for ${first} and ${other}`
		errors.invalid(field, owners, `Only one reference can have Controller set to true. ${found}`)
	}
}

function validateFinalizers(errors: FieldErrors, finalizers: readonly string[]): void {
	for (const [index, finalizer] of finalizers.entries()) {
		errors.eachInvalid("metadata.finalizers", finalizer, qualifiedNameProblems(finalizer))
		if (!finalizer.includes("/") && !STANDARD_FINALIZERS.has(finalizer)) {
			const detail = "name is neither a standard finalizer name nor is it fully qualified"
			errors.invalid(`metadata.finalizers[${index}]`, finalizer, detail)
		}
	}
	if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
		const detail = "finalizer orphan and foregroundDeletion cannot be both set"
		errors.invalid("metadata.finalizers", finalizers, detail)
	}
}

/** What an update may not touch. */
export function validateMetadataUpdate(errors: FieldErrors, before: JsonObject, after: JsonObject): void {
	for (const name of ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp"]) {
		const given = after[name]
		if (given !== undefined && given !== before[name]) errors.invalid(`metadata.${name}`, given, "field is immutable")
	}
	const old = textsOf(before, "finalizers")
	const added = textsOf(after, "finalizers").filter((finalizer) => !old.includes(finalizer))
	if (before["deletionTimestamp"] !== undefined && added.length > 0) {
		const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`
		errors.forbidden("metadata.finalizers", detail)
	}
}

function pathSegmentProblems(name: string): readonly string[] {
	if (name === "." || name === "..") return [`may not be '${name}'`]
	return ["/", "%"].filter((character) => name.includes(character)).map((character) => `may not contain '${character}'`)
}
