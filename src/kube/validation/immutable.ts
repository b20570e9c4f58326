import { type JsonObject, jsonEqual } from "../../base/index.ts"
import type { FieldErrors } from "./errors.ts"

const DETAIL = "field is immutable when `immutable` is set"

/** What says that it is immutable keeps these members, and goes on saying so. */
export function validateImmutable(
	errors: FieldErrors,
	before: JsonObject,
	after: JsonObject,
	members: readonly string[],
): void {
	if (before["immutable"] !== true) return
	if (after["immutable"] !== true) errors.forbidden("immutable", DETAIL)
	for (const member of members) {
		if (!jsonEqual(before[member] ?? {}, after[member] ?? {})) errors.forbidden(member, DETAIL)
	}
}

export function validateSecretUpdate(errors: FieldErrors, before: JsonObject, after: JsonObject): void {
	if (before["type"] !== after["type"]) errors.invalid("type", after["type"], "field is immutable")
	validateImmutable(errors, before, after, ["data"])
}
