import { isObject, type Json, type JsonObject } from "../base/index.ts"
import { decode, decodingError } from "./decode.ts"
import { checkJson } from "./json-text.ts"
import { apiVersionOf, findKind } from "./kinds.ts"
import { groupOf, type KubeObject } from "./object.ts"
import type { Refusal } from "./refusal.ts"

/** What a request is for: the kind of its resource, and the namespace of its path where it has one. */
export type Asked = { readonly apiVersion: string; readonly kind: string; readonly namespace?: string }

/** The query parameter `fieldValidation`. */
export type FieldValidation = "Strict" | "Warn" | "Ignore"

export type Body =
	| { readonly object: KubeObject; readonly warnings: readonly string[]; readonly refusal?: never }
	| { readonly refusal: Refusal }

/** A2: an object out of the text of a request, as the server decodes it before it looks at values. */
export function readBody(text: string, asked: Asked, validation: FieldValidation = "Strict"): Body {
	const checked = checkJson(text)
	if ("error" in checked) return unrecognized(text, asked, `json parse error: ${checked.error}`)
	const value = JSON.parse(text) as Json
	if (value !== null && !isObject(value)) return unrecognized(text, asked, `json parse error: ${noObject(value)}`)
	return readParsed(text, value ?? {}, checked.duplicates, asked, validation)
}

function readParsed(
	text: string,
	value: JsonObject,
	duplicates: readonly string[],
	asked: Asked,
	validation: FieldValidation,
): Body {
	for (const name of ["apiVersion", "kind"]) {
		const given = value[name] ?? ""
		if (typeof given === "string") continue
		const problem = `cannot unmarshal ${jsonKind(given)} into Go struct field .${name} of type string`
		return unrecognized(text, asked, `json parse error: json: ${problem}`)
	}
	const { apiVersion, kind } = {
		apiVersion: value["apiVersion"] || asked.apiVersion,
		kind: value["kind"] || asked.kind,
	}
	const object = { ...value, metadata: value["metadata"] ?? {}, apiVersion, kind } as unknown as KubeObject
	const foreign = foreignProblem(object, asked)
	if (foreign !== undefined) return refused(foreign)
	const { problems } = decode(object)
	const wrong = problems.filter((problem) => problem.kind === "type")
	const strict = [
		...problems.filter((problem) => problem.kind === "unknown"),
		...duplicates.map((path) => ({ kind: "unknown" as const, path, message: `duplicate field "${path}"` })),
	]
	const failed = wrong.length > 0 ? wrong : validation === "Strict" ? strict : []
	const error = decodingError(asked.kind, versionOf(asked.apiVersion), failed)
	if (error !== undefined) return refused(error)
	const placed = inNamespace(object, asked)
	if (placed === undefined) return refused(OTHER_NAMESPACE)
	return { object: placed, warnings: validation === "Warn" ? strict.map(({ message }) => message) : [] }
}

const OTHER_NAMESPACE = "the namespace of the provided object does not match the namespace sent on the request"

/** An object of another kind or version than the path's. */
function foreignProblem({ apiVersion, kind }: KubeObject, asked: Asked): string | undefined {
	if (apiVersion === asked.apiVersion && kind === asked.kind) return undefined
	const handled = `${kind} in version ${JSON.stringify(versionOf(apiVersion))} cannot be handled as a ${asked.kind}`
	const served = findKind(groupOf(apiVersion), kind)
	if (kind === asked.kind && (served !== undefined || OLD_VERSIONS.has(apiVersion))) {
		return `the API version in the data (${apiVersion}) does not match the expected API version (${asked.apiVersion})`
	}
	if (served === undefined || apiVersionOf(served) !== apiVersion) {
		return `${handled}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`
	}
	const to = groupOf(asked.apiVersion) || "core"
	return `${handled}: converting (${versionOf(apiVersion)}.${kind}) to (${to}.${asked.kind}): unknown conversion`
}

/** Read by the server still, though no longer served. */
const OLD_VERSIONS = new Set(["extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"])

/** In the namespace of the path; undefined where it says another one. */
function inNamespace(object: KubeObject, { apiVersion, kind, namespace = "" }: Asked): KubeObject | undefined {
	const given = object.metadata.namespace ?? ""
	if (given === namespace) return object
	const { namespace: _, ...metadata } = object.metadata
	if (findKind(groupOf(apiVersion), kind)?.namespaced === false || namespace === "") return { ...object, metadata }
	return given === "" ? { ...object, metadata: { ...metadata, namespace } } : undefined
}

function noObject(value: Json): string {
	const type = `struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`
	return `json: cannot unmarshal ${jsonKind(value)} into Go value of type ${type}`
}

function jsonKind(value: Json): string {
	if (typeof value === "boolean") return "bool"
	return Array.isArray(value) ? "array" : typeof value
}

function versionOf(apiVersion: string): string {
	return apiVersion.slice(apiVersion.indexOf("/") + 1)
}

/** A body of which not even the kind can be told: its beginning is shown. */
function unrecognized(text: string, { kind }: Asked, problem: string): Body {
	const why = `couldn't get version/kind; ${problem}`
	return refused(`the object provided is unrecognized (must be of type ${kind}): ${why} (${beginning(text)})`)
}

const SHOWN = 30

function beginning(text: string): string {
	if (text === "") return "<empty>"
	const bytes = new TextEncoder().encode(text)
	const first = bytes.slice(0, SHOWN)
	const shown = text.startsWith("{")
		? new TextDecoder().decode(first)
		: [...first].map((byte) => byte.toString(16).padStart(2, "0")).join("")
	return bytes.length > SHOWN ? `${shown} ...` : shown
}

function refused(message: string): Body {
	return { refusal: { reason: "BadRequest", message, causes: [] } }
}
