import { type JsonObject, jsonEqual } from "../../base/index.ts"
import { type FieldErrors, memberOf, textOf } from "./errors.ts"
import { PREEMPTION_POLICIES } from "./pod-spec.ts"

const LARGEST = 1_000_000_000
const SYSTEM: ReadonlyMap<string, number> = new Map([
	["system-node-critical", 2_000_001_000],
	["system-cluster-critical", 2_000_000_000],
])

export function validatePriorityClass(errors: FieldErrors, object: JsonObject): void {
	const name = textOf(memberOf(object, "metadata") ?? {}, "name")
	const value = typeof object["value"] === "number" ? object["value"] : 0
	if (name.startsWith("system-")) {
		const detail = "priority class names with 'system-' prefix are reserved for system use only"
		if (SYSTEM.get(name) !== value || object["globalDefault"] === true) errors.forbidden("metadata.name", detail)
	} else if (value > LARGEST) {
		errors.forbidden("value", `maximum allowed value of a user defined priority is ${LARGEST}`)
	}
	const policy = object["preemptionPolicy"]
	if (policy !== undefined) errors.oneOf("preemptionPolicy", policy, PREEMPTION_POLICIES)
}

export function validatePriorityClassUpdate(errors: FieldErrors, before: JsonObject, after: JsonObject): void {
	if ((before["value"] ?? 0) !== (after["value"] ?? 0)) errors.forbidden("value", "may not be changed in an update.")
	const policy = after["preemptionPolicy"]
	if (!jsonEqual(before["preemptionPolicy"], policy)) errors.invalid("preemptionPolicy", policy, "field is immutable")
}
