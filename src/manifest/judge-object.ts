import { deepFreeze, isObject, type Json, type JsonObject } from "../base/index.ts"
import {
	isNamespaced,
	type KubeObject,
	keyOf,
	MAX_UNAVAILABLE_ANNOTATION,
	maxUnavailableProblem,
	type ObjectKey,
} from "../kube/index.ts"
import { isPatch } from "./kustomize.ts"
import { placeholderField } from "./placeholder.ts"
import { apiProblems, currentVersion, type Problem } from "./rules.ts"
import { isSecret, isSopsEncrypted, withoutSecrets } from "./secret.ts"

/** What one mapping of a manifest turned out to be. Problems name fields from the object's own root. */
export type Judged =
	| { readonly kind: "object"; readonly object: KubeObject; readonly problems: readonly Problem[] }
	| { readonly kind: "refused"; readonly key: ObjectKey | undefined; readonly problems: readonly Problem[] }
	| { readonly kind: "template" | "patch"; readonly key: ObjectKey | undefined; readonly field: string | undefined }
	| { readonly kind: "list"; readonly items: readonly Json[] }
	/** Does not say that it is an object: Helm values, settings of some program. */
	| { readonly kind: "other" }

/** Judges a mapping that stands in a manifest. Nothing secret leaves: neither in the object nor in a message. */
export function judgeObject(value: JsonObject, options: JudgeOptions): Judged {
	const isManifest = Object.hasOwn(value, "apiVersion") || (Object.hasOwn(value, "kind") && isObject(value["metadata"]))
	if (!isManifest) return { kind: "other" }
	const items = listItems(value)
	if (items !== undefined) return { kind: "list", items }
	const placeholder = placeholderField(value)
	if (placeholder !== undefined) return { kind: "template", key: likelyKey(value), field: placeholder }
	const identity = identityProblems(value)
	if (identity.length > 0) return { kind: "refused", key: likelyKey(value), problems: identity }
	if (isPatch(value)) return { kind: "patch", key: likelyKey(value), field: undefined }
	return judgeNamed(value as KubeObject, options)
}

export type JudgeOptions = {
	readonly secretKey: string
	/** True for what a real cluster has accepted already: its values are not looked at. */
	readonly accepted?: boolean
}

function judgeNamed(written: KubeObject, { secretKey, accepted = false }: JudgeOptions): Judged {
	const encrypted = isSopsEncrypted(written)
	const { sops: _record, ...plain } = written as JsonObject
	const current = currentVersion((encrypted ? plain : written) as KubeObject)
	const placed = inNamespace(current.object)
	const problems: Problem[] = [...current.problems, ...placed.problems]
	if (encrypted) problems.push(SOPS)
	else if (isSecret(written)) problems.push(PLAIN_SECRET, ...apiProblems(placed.object).map(withoutValue))
	else if (!accepted) problems.push(...apiProblems(placed.object))
	if (problems.some((problem) => problem.severity === "error")) {
		return { kind: "refused", key: keyOf(placed.object), problems }
	}
	problems.push(...annotationProblems(placed.object))
	return { kind: "object", object: deepFreeze(withoutSecrets(placed.object, secretKey)), problems }
}

/** Of Rollcall's own annotations, which the API server takes as they come. */
function annotationProblems(object: KubeObject): readonly Problem[] {
	const wrong = maxUnavailableProblem(object)
	if (wrong === undefined) return []
	const field = `metadata.annotations[${MAX_UNAVAILABLE_ANNOTATION}]`
	return [{ code: "max-unavailable", severity: "warning", message: `${MAX_UNAVAILABLE_ANNOTATION} ${wrong}`, field }]
}

const SOPS: Problem = {
	code: "sops-encrypted",
	severity: "info",
	message: "encrypted with SOPS: Rollcall has no key, so its values are stored as they stand or as a digest",
	field: "sops",
}
const PLAIN_SECRET: Problem = {
	code: "plain-secret",
	severity: "info",
	message: "a Secret in plain text: Rollcall keeps only a keyed digest of its values",
	field: "kind",
}

/** A Secret's values must not stand in a message about it. */
function withoutValue(problem: Problem): Problem {
	if (problem.field === undefined || !/^(data|stringData|metadata\.annotations)/.test(problem.field)) return problem
	return { ...problem, message: `the value of ${problem.field} is not valid` }
}

/** `kind: List` and the typed lists (`DaemonSetList`), whose items may leave out what the list says. */
function listItems(value: JsonObject): readonly Json[] | undefined {
	const { apiVersion, kind, items } = value
	if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) return undefined
	if (kind === "List") return items
	return items.map((item: Json) => (isObject(item) ? { apiVersion, kind: kind.slice(0, -4), ...item } : item)) as Json[]
}

function identityProblems(value: JsonObject): Problem[] {
	const problems: Problem[] = []
	const required = (field: string, given: Json | undefined) => {
		if (typeof given === "string" && given !== "") return
		const is = given === undefined || given === "" ? "is missing" : `must be a string, not ${typeName(given)}`
		problems.push({ code: "identity", severity: "error", message: `${field} ${is}`, field })
	}
	required("apiVersion", value["apiVersion"])
	required("kind", value["kind"])
	const metadata = value["metadata"]
	if (!isObject(metadata)) {
		required("metadata.name", undefined)
		return problems
	}
	required("metadata.name", metadata["name"])
	const namespace = metadata["namespace"]
	if (namespace !== undefined && namespace !== null) {
		if (typeof namespace !== "string") required("metadata.namespace", namespace)
	}
	return problems
}

function typeName(value: Json): string {
	return value === null
		? "null"
		: Array.isArray(value)
			? "a list"
			: typeof value === "object"
				? "a map"
				: `a ${typeof value}`
}

/** The namespace that the API server would put it in: `default` where none is given, none for cluster-wide kinds. */
function inNamespace(object: KubeObject): { object: KubeObject; problems: readonly Problem[] } {
	const { namespace, ...metadata } = object.metadata
	const namespaced = isNamespaced(object.apiVersion, object.kind)
	const given = typeof namespace === "string" && namespace !== ""
	if (namespaced === true && !given) {
		return { object: { ...object, metadata: { ...metadata, namespace: "default" } }, problems: [] }
	}
	if (given && namespaced !== false) return { object, problems: [] }
	if (namespace === undefined) return { object, problems: [] }
	const problem: Problem = {
		code: "namespace-ignored",
		severity: "warning",
		message: `a ${object.kind} is of the whole cluster: its namespace is ignored`,
		field: "metadata.namespace",
	}
	return { object: { ...object, metadata }, problems: given ? [problem] : [] }
}

/** The key of what cannot be used, as far as it says who it is. */
function likelyKey(value: JsonObject): ObjectKey | undefined {
	const { apiVersion, kind, metadata } = value
	if (typeof apiVersion !== "string" || typeof kind !== "string" || !isObject(metadata)) return undefined
	const { name, namespace } = metadata
	if (typeof name !== "string" || name === "") return undefined
	const keyed = { apiVersion, kind, metadata: { name, ...(typeof namespace === "string" ? { namespace } : {}) } }
	return keyOf(inNamespace(keyed as KubeObject).object)
}
