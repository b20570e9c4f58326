import { type Json, type JsonObject, jsonEqual } from "../../base/index.ts"
import { type FieldErrors, itemsOf, memberOf } from "./errors.ts"

const DETAIL =
	"pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
	"`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
	"`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"

/** A pod is what it was made as: the server binds it, and what else may change is few. */
export function validatePodUpdate(errors: FieldErrors, before: JsonObject, after: JsonObject): void {
	const [old, next] = [memberOf(before, "spec") ?? {}, memberOf(after, "spec") ?? {}]
	for (const list of ["containers", "initContainers"]) {
		if (itemsOf(old, list).length !== itemsOf(next, list).length) {
			errors.forbidden(`spec.${list}`, "pod updates may not add or remove containers")
			return
		}
	}
	const tolerations = itemsOf(next, "tolerations")
	if (itemsOf(old, "tolerations").some((each) => !tolerations.some((other) => covers(other, each)))) {
		const detail = "existing toleration can not be modified except its tolerationSeconds"
		errors.forbidden("spec.tolerations", detail)
		return
	}
	if (!jsonEqual(fixedPart(old), fixedPart(next))) errors.forbidden("spec", DETAIL)
}

function covers(one: JsonObject, other: JsonObject): boolean {
	const { tolerationSeconds: _, ...left } = one
	const { tolerationSeconds: _other, ...right } = other
	return jsonEqual(left, right)
}

/** The spec without what may change. */
function fixedPart(spec: JsonObject): JsonObject {
	const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, ...rest } = spec
	const withoutImages = (list: string): Json => itemsOf(spec, list).map(({ image: _, ...container }) => container)
	return { ...rest, containers: withoutImages("containers"), initContainers: withoutImages("initContainers") }
}
