import type { Json, JsonObject } from "../../src/base/index.ts"
import {
	applyManaged,
	causeReason,
	checkPreconditions,
	decode,
	type FieldError,
	jsonPatch,
	type KubeObject,
	mergePatch,
	prepareUpdate,
	readBody,
	strategicPatch,
	updateManaged,
	validateUpdate,
} from "../../src/kube/index.ts"
import { difference } from "../conformance/cases.ts"
import { causesOf, comparable, type Recording, recordingSuite, TYPES, typed } from "./recordings.ts"

type Update = Recording & {
	readonly method: "PUT" | "merge" | "strategic" | "json" | "apply"
	readonly subresource?: string
	readonly before: JsonObject
	readonly stored: KubeObject
	readonly after: JsonObject
}
type Outcome = {
	readonly message?: string | undefined
	readonly causes?: readonly string[]
	readonly object?: KubeObject
}

function written(given: Update): { readonly object: Json } | { readonly refused: Outcome } {
	const { method, stored, after } = given
	if (method === "merge") return { object: mergePatch(stored, after) }
	if (method === "strategic") return { object: strategicPatch(stored, after) }
	if (method === "apply") return applied(given)
	if (method === "PUT") return { object: typed(given.resource, after) }
	const patched = jsonPatch(stored, after as Json)
	if ("object" in patched) return patched
	return { refused: { message: "the server rejected our request due to an error in our request" } }
}

function outcome(given: Update): Outcome {
	const body = written(given)
	if ("refused" in body) return body.refused
	const object = given.method === "PUT" ? replacement(given) : typed(given.resource, body.object as JsonObject)
	if (typeof object === "string") return { message: object }
	if (decode(object).problems.length > 0) return { causes: ["FieldValueInvalid patch"] }
	const refused = checkPreconditions(given.stored, object)
	if (refused !== undefined) return { message: refused.message }
	const next = prepareUpdate(given.stored, object, given.subresource === "/status" ? "status" : "spec")
	const errors = validateUpdate(given.stored, next)
	return errors.length > 0 ? { causes: causes(errors) } : { object: comparable(next) }
}

function replacement({ resource, after }: Update): KubeObject | string {
	const body = readBody(JSON.stringify(after), TYPES[resource])
	return body.refusal === undefined ? body.object : body.refusal.message
}

/** Whoever created the object is recorded as `ref`; it owns all that it wrote and the server's defaults with it. */
function applied({ resource, description, before, stored, after }: Update): ReturnType<typeof written> {
	const time = "2026-03-02T09:15:17Z"
	const { managedFields } = updateManaged(undefined, typed(resource, before), { manager: "ref", time }).metadata
	const live: KubeObject = { ...stored, metadata: { ...stored.metadata, ...(managedFields && { managedFields }) } }
	const writer = { manager: "test", time, force: /forced/.test(description) }
	const answer = applyManaged(live, typed(resource, after), writer)
	return "object" in answer ? answer : { refused: { causes: causes(answer.refusal.causes) } }
}

function causes(errors: readonly FieldError[]): readonly string[] {
	return [...new Set(errors.map((error) => `${causeReason(error)} ${error.field}`))].sort()
}

function recorded({ object, status }: Update): Outcome {
	if (object !== undefined) return { object: comparable(object) }
	if (causesOf(status).length > 0) return { causes: causesOf(status) }
	// The storage's own words about the key and code of a failed precondition are left out.
	return { message: status?.message.replace(/StorageError: .*AdditionalErrorMsg: /, "") }
}

recordingSuite<Update>(
	"validation-update",
	"[A3] [A8] [A10] changes are taken or refused as a real server did",
	(given) => difference(outcome(given), recorded(given)),
)
