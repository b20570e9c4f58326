import { formatInstant, isObject, type Json } from "../../../base/index.ts"
import type { Edited } from "../../../engine/index.ts"
import {
	type Asked,
	applyManaged,
	checkJson,
	decode,
	findKind,
	jsonPatch,
	type KubeObject,
	mergePatch,
	type Refusal,
	readBody,
	strategicPatch,
} from "../../../kube/index.ts"
import type { Answer, Ask } from "../../ask.ts"
import { badRequest, refused, refusedBy } from "../../refused.ts"
import type { Call } from "../handler.ts"
import { answerWith, decoded, keyOfTarget, shapeIn } from "./perform.ts"
import { tooLarge } from "./size.ts"
import { nextState, notFound } from "./update.ts"
import { fromYaml, textOf, unknownFormat } from "./write-body.ts"
import { invalid, type WriteOptions, writeOptions } from "./write-options.ts"

const JSON_PATCH = "application/json-patch+json"
const TYPES = [
	JSON_PATCH,
	"application/merge-patch+json",
	"application/strategic-merge-patch+json",
	"application/apply-patch+yaml",
]
const MOST_OPERATIONS = 10_000

/** A change of an object, by the content type of the change. */
export async function patch(call: Call): Promise<Answer> {
	const { ask, target } = call
	const { resource } = target
	const options = writeOptions(ask, "PatchOptions")
	if ("refusal" in options) return options.refusal
	const accepted =
		findKind(resource.group, resource.kind) === undefined ? TYPES.filter((type) => !/strategic/.test(type)) : TYPES
	if (!accepted.includes(ask.contentType)) return unknownFormat(accepted)
	if (ask.contentType === "application/apply-patch+yaml") return apply(call, options)
	if (ask.query.has("force")) {
		return invalid("PatchOptions", "force", [
			"FieldValueForbidden",
			"Forbidden: may not be specified for non-apply patch",
		]).refusal
	}
	const read = parsedPatch(ask)
	if ("refusal" in read) return read.refusal
	const { value } = read
	if (Array.isArray(value) && value.length > MOST_OPERATIONS) {
		const message = `Request entity too large: The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${value.length}`
		return refused(413, "RequestEntityTooLarge", message)
	}
	return change(call, options, value)
}

async function change(call: Call, options: WriteOptions, value: Json): Promise<Answer> {
	const { ask, target, cluster } = call
	const { manager, dryRun, validation } = options
	const warnings: string[] = []
	let failed: Answer | undefined
	const edit = (live: KubeObject | undefined): Edited => {
		if (live === undefined) return { refusal: notFound(target) }
		const patched = patchedBy(ask.contentType, live, value)
		if ("error" in patched) {
			if (ask.contentType === JSON_PATCH) failed = rejected()
			return { refusal: unusable(patched.error) }
		}
		const object = meant(patched.object, live)
		if ("problem" in object) return { refusal: unusable(object.problem) }
		const read = decoded(target.resource, object.object, validation, (message) => warnings.push(message))
		if ("refusal" in read) return read
		return nextState(target, live, read.object, { manager, time: formatInstant(cluster.now()) })
	}
	const key = keyOfTarget(target, target.name)
	const answer = await answerWith(call, { verb: "edit", key, as: "patch", edit }, { dryRun, by: manager }, { warnings })
	return failed ?? answer
}

export function patchedBy(
	type: string,
	live: KubeObject,
	value: Json,
): { readonly object: Json } | { readonly error: string } {
	if (type === JSON_PATCH) return jsonPatch(live, value)
	if (!isObject(value)) return { error: "a patch is an object" }
	return { object: type === "application/merge-patch+json" ? mergePatch(live, value) : strategicPatch(live, value) }
}

/** The patched object, where it is still the same one. */
function meant(patched: Json, live: KubeObject): { readonly object: KubeObject } | { readonly problem: string } {
	if (!isObject(patched)) return { problem: "the patched object is none" }
	const { metadata } = patched
	if (!isObject(metadata)) return { problem: "the patched object has no metadata" }
	for (const name of ["apiVersion", "kind"] as const) {
		if (patched[name] !== live[name]) return { problem: `a patch cannot change ${name}` }
	}
	const { name, namespace = "" } = live.metadata
	if (metadata["name"] !== name) {
		const given = metadata["name"] ?? ""
		return {
			problem: `the name of the object (${typeof given === "string" ? given : JSON.stringify(given)}) does not match the name on the URL (${name})`,
		}
	}
	if ((metadata["namespace"] ?? "") !== namespace) {
		return { problem: "the namespace of the provided object does not match the namespace sent on the request" }
	}
	return { object: patched as unknown as KubeObject }
}

function unusable(message: string): Refusal {
	return { reason: "BadRequest", message, causes: [] }
}

/** As the server puts it, which does not say what failed. */
function rejected(): Answer {
	return refused(422, "Invalid", "the server rejected our request due to an error in our request", {})
}

export function parsedPatch({ body, contentType }: Ask): { readonly value: Json } | { readonly refusal: Answer } {
	const text = textOf(body)
	const checked = checkJson(text)
	if ("error" in checked) return { refusal: badRequest(`error decoding patch: ${checked.error}`) }
	const value = JSON.parse(text) as Json
	if (contentType === JSON_PATCH && !Array.isArray(value)) {
		return { refusal: badRequest("error decoding patch: a JSON patch is a list of operations") }
	}
	return { value }
}

/** Server-side apply. */
async function apply(call: Call, options: WriteOptions): Promise<Answer> {
	const { ask, target, cluster } = call
	const { resource, namespace, name, subresource } = target
	if ((ask.query.get("fieldManager") ?? "") === "") {
		const required = "Required value: is required for apply patch"
		return invalid("PatchOptions", "fieldManager", ["FieldValueRequired", required]).refusal
	}
	const text = fromYaml(textOf(ask.body))
	if ("refusal" in text) return text.refusal
	const { group, version, kind } = resource
	const asked = { apiVersion: group === "" ? version : `${group}/${version}`, kind, namespace }
	const body = readBody(text.text, asked, options.validation)
	const large = body.refusal === undefined ? tooLarge(body.object) : undefined
	if (large !== undefined) return refusedBy(large, resource, name)
	const undeclared = undeclaredIn(text.text, asked, name)
	if (undeclared !== undefined) return badRequest(undeclared)
	if (body.refusal !== undefined) return refusedBy(body.refusal, resource, name)
	// Decoding fills in what nobody applied, so that comes after.
	const object = named(body.object, name)
	if (object.metadata.managedFields !== undefined) return badRequest("metadata.managedFields must be nil")
	if (object.metadata.name !== name) {
		return badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`)
	}
	const { manager, force, dryRun } = options
	const key = keyOfTarget(target, name)
	const part = subresource === "status" ? { subresource: "status" as const } : {}
	let isNew = false
	const edit = (live: KubeObject | undefined): Edited => {
		isNew = live === undefined
		if (live === undefined && subresource !== "") return { refusal: notFound(target) }
		const writer = { manager, force, time: formatInstant(cluster.now()), ...part, ...shapeIn(resource) }
		const applied = applyManaged(live, object, writer)
		const read = "refusal" in applied ? applied : decoded(resource, applied.object, options.validation, () => {})
		if ("refusal" in read) return read
		const write = { key, object: read.object }
		return { write: live === undefined ? { verb: "create", ...write } : { verb: "update", ...write, ...part } }
	}
	const status = (): number => (isNew ? 201 : 200)
	const doing = { dryRun, by: manager }
	return answerWith(call, { verb: "edit", key, as: "apply", edit }, doing, { status, warnings: body.warnings })
}

/** What nobody could own is refused, whatever the validation. */
function undeclaredIn(text: string, asked: Asked, name: string): string | undefined {
	const body = readBody(text, asked, "Ignore")
	if (body.refusal !== undefined) return undefined
	const unknown = decode(body.object).problems.filter(({ kind }) => kind === "unknown")
	if (unknown.length === 0) return undefined
	const texts = unknown.map(({ path }) => `.${path}: field not declared in schema`)
	const { apiVersion, kind, namespace = "" } = asked
	const what = `${namespace}/${name}; ${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`
	const all = texts.length === 1 ? texts[0] : ["errors:", ...texts].join("\n  ")
	return `failed to create typed patch object (${what}): ${all}`
}

function named(object: KubeObject, name: string): KubeObject {
	return (object.metadata.name ?? "") === "" ? { ...object, metadata: { ...object.metadata, name } } : object
}
