import type { Json, JsonObject } from "../../src/base/index.ts"
import {
	applyOwned,
	checkPreconditions,
	decode,
	decodingError,
	type FieldError,
	jsonPatch,
	type KubeObject,
	mergePatch,
	prepareUpdate,
	strategicPatch,
	validateUpdate,
} from "../../src/kube/index.ts"
import { difference } from "../conformance/cases.ts"
import { causesOf, comparable, type Recording, recordingSuite, typed } from "./recordings.ts"

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
	const object = typed(given.resource, body as JsonObject)
	const { problems } = decode(object)
	if (problems.length > 0 && given.method !== "PUT") return { causes: ["FieldValueInvalid patch"] }
	if (problems.length > 0) return { message: decodingError(object.kind, "v1", problems) }
	const refused = checkPreconditions(given.stored, object)
	if (refused !== undefined) return { message: refused.message }
	const next = prepareUpdate(given.stored, object, given.subresource === "/status" ? "status" : "spec")
	const errors = validateUpdate(given.stored, next)
	return errors.length > 0 ? { causes: causes(errors) } : { object: comparable(next) }
}

function causes(errors: readonly FieldError[]): readonly string[] {
	return [...new Set(errors.map(({ type, field }) => `FieldValue${type} ${field}`))].sort()
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
