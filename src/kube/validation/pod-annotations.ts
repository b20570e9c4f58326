import type { JsonObject } from "../../base/index.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"

const MIRROR = "kubernetes.io/config.mirror"
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"

/** Annotations of a pod, or of a pod template, that mean something to the server; their form has been looked at. */
export function validatePodAnnotations(
	errors: FieldErrors,
	annotations: JsonObject | undefined,
	spec: JsonObject,
	field: string,
): void {
	if (annotations === undefined) return
	const mirror = annotations[MIRROR]
	if (mirror !== undefined && textOf(spec, "nodeName") === "") {
		errors.invalid(`${field}[${MIRROR}]`, mirror, "must set spec.nodeName if mirror pod annotation is set")
	}
	const cost = annotations[DELETION_COST]
	if (typeof cost === "string" && !isCost(cost)) {
		errors.invalid(`${field}[${DELETION_COST}]`, cost, "must be a 32bit integer")
	}
	for (const [name, profile] of Object.entries(annotations)) {
		if (name.startsWith(APP_ARMOR)) validateAppArmor(errors, name, String(profile), spec, `${field}[${name}]`)
	}
}

function isCost(text: string): boolean {
	if (!/^(0|-?[1-9]\d{0,9})$/.test(text)) return false
	return Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31
}

function validateAppArmor(errors: FieldErrors, key: string, profile: string, spec: JsonObject, field: string): void {
	const name = key.slice(APP_ARMOR.length)
	const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((list) => itemsOf(spec, list))
	if (!containers.some((container) => textOf(container, "name") === name)) {
		errors.invalid(field, name, "container not found")
	}
	const known = profile === "" || profile === "runtime/default" || profile === "unconfined"
	if (!known && !profile.startsWith("localhost/")) {
		errors.invalid(field, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)
	}
}

export function annotationsOf(object: JsonObject): JsonObject | undefined {
	return memberOf(memberOf(object, "metadata") ?? {}, "annotations")
}
