import type { Json, JsonObject } from "../../src/base/index.ts"
import {
	applyConflicts,
	applyOwned,
	causeReason,
	checkPreconditions,
	conflictRefusal,
	decode,
	type FieldError,
	jsonPatch,
	type KubeObject,
	mergePatch,
	ownedFields,
	prepareCreate,
	prepareUpdate,
	type Refusal,
	readBody,
	strategicPatch,
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

function written(given: Update): Json | undefined {
	const { method, stored, after } = given
	if (method === "merge") return mergePatch(stored, after)
	if (method === "strategic") return strategicPatch(stored, after)
	if (method === "apply") return applyOwned({ live: stored, after: typed(given.resource, after) })
	if (method === "PUT") return typed(given.resource, after)
	const patched = jsonPatch(stored, after as Json)
	return "object" in patched ? patched.object : undefined
}

function outcome(given: Update): Outcome {
	const body = written(given)
	if (body === undefined) return { message: "the server rejected our request due to an error in our request" }
	const object = given.method === "PUT" ? replacement(given) : typed(given.resource, body as JsonObject)
	if (typeof object === "string") return { message: object }
	if (decode(object).problems.length > 0) return { causes: ["FieldValueInvalid patch"] }
	const refused = conflict(given, object) ?? checkPreconditions(given.stored, object)
	if (refused !== undefined)
		return refused.causes.length > 0 ? { causes: causes(refused.causes) } : { message: refused.message }
	const next = prepareUpdate(given.stored, object, given.subresource === "/status" ? "status" : "spec")
	const errors = validateUpdate(given.stored, next)
	return errors.length > 0 ? { causes: causes(errors) } : { object: comparable(next) }
}

function replacement({ resource, after }: Update): KubeObject | string {
	const body = readBody(JSON.stringify(after), TYPES[resource])
	return body.refusal === undefined ? body.object : body.refusal.message
}

/** Whoever created the object is recorded as `ref`; it owns all that it wrote and the server's defaults with it. */
function conflict({ method, description, resource, before, stored }: Update, next: KubeObject): Refusal | undefined {
	if (method !== "apply" || /forced/.test(description)) return undefined
	const { apiVersion } = TYPES[resource]
	const fields = new Set(ownedFields(prepareCreate(typed(resource, before))).keys())
	const conflicts = applyConflicts(stored, next, [{ manager: "ref", operation: "Update", apiVersion, fields }])
	return conflicts.length === 0 ? undefined : conflictRefusal(conflicts)
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
