import type { JsonObject } from "../../base/index.ts"
import { validateFieldReference, validateResourceReference } from "./environment.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"
import { needs } from "./volume-disks.ts"
import { validateLocalPath } from "./volume-paths.ts"

export function checkSecret(errors: FieldErrors, source: JsonObject, field: string): void {
	needs("secretName")(errors, source, field)
	validateMode(errors, source["defaultMode"], `${field}.defaultMode`)
	validateKeys(errors, source, field)
}

export function checkConfigMap(errors: FieldErrors, source: JsonObject, field: string): void {
	needs("name")(errors, source, field)
	validateMode(errors, source["defaultMode"], `${field}.defaultMode`)
	validateKeys(errors, source, field)
}

export function checkDownwardApi(errors: FieldErrors, source: JsonObject, field: string): void {
	validateMode(errors, source["defaultMode"], `${field}.defaultMode`)
	validateFiles(errors, source, field)
}

function validateFiles(errors: FieldErrors, source: JsonObject, field: string): void {
	// The server gives no index here.
	for (const file of itemsOf(source, "items")) {
		const path = textOf(file, "path")
		if (path === "") errors.required(`${field}.path`)
		else validateLocalPath(errors, path, `${field}.path`)
		const [reference, resource] = [memberOf(file, "fieldRef"), memberOf(file, "resourceFieldRef")]
		if (reference !== undefined) validateFieldReference(errors, reference, `${field}.fieldRef`, true)
		if (reference !== undefined && resource !== undefined) {
			errors.invalid(field, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
		} else if (resource !== undefined) validateResourceReference(errors, resource, `${field}.resourceFieldRef`, true)
		else if (reference === undefined) errors.required(field, "one of fieldRef and resourceFieldRef is required")
		validateMode(errors, file["mode"], `${field}.mode`)
	}
}

export function checkProjected(errors: FieldErrors, source: JsonObject, field: string): void {
	validateMode(errors, source["defaultMode"], `${field}.defaultMode`)
	const paths = new Set<string>()
	for (const [index, projection] of itemsOf(source, "sources").entries()) {
		validateProjection(errors, projection, `${field}.sources[${index}]`)
		for (const [path, name] of projectedPaths(projection)) {
			if (path !== "" && paths.has(path)) errors.invalid(field, name, "conflicting duplicate paths")
			paths.add(path)
		}
	}
}

/** Where a projection puts what, with the name that the server blames. */
function projectedPaths(projection: JsonObject): readonly (readonly [string, string])[] {
	const files = ["secret", "configMap", "downwardAPI"].flatMap((kind) => {
		const source = memberOf(projection, kind) ?? {}
		return itemsOf(source, "items").map((item) => {
			const path = textOf(item, "path")
			return [path, kind === "downwardAPI" ? path : textOf(source, "name")] as const
		})
	})
	const token = memberOf(projection, "serviceAccountToken")
	return token === undefined ? files : [...files, [textOf(token, "path"), textOf(token, "path")]]
}

function validateProjection(errors: FieldErrors, projection: JsonObject, field: string): void {
	let count = 0
	for (const name of [
		"secret",
		"configMap",
		"downwardAPI",
		"serviceAccountToken",
		"clusterTrustBundle",
		"podCertificate",
	]) {
		const source = memberOf(projection, name)
		if (source === undefined) continue
		const at = `${field}.${name}`
		if (count++ > 0) errors.forbidden(at, "may not specify more than 1 volume type")
		else if (name === "downwardAPI") validateFiles(errors, source, at)
		else if (name === "serviceAccountToken") validateToken(errors, source, at)
		else if (name === "secret" || name === "configMap") {
			needs("name")(errors, source, at)
			validateKeys(errors, source, at)
		}
	}
	if (count === 0) errors.required(field, "must specify a volume type")
}

function validateToken(errors: FieldErrors, token: JsonObject, field: string): void {
	const seconds = token["expirationSeconds"]
	if (typeof seconds === "number" && seconds < 600) {
		errors.invalid(`${field}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes")
	} else if (typeof seconds === "number" && seconds > 2 ** 32) {
		errors.invalid(`${field}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds")
	}
	const path = textOf(token, "path")
	if (path === "") errors.required(`${field}.path`)
	else validateLocalPath(errors, path, `${field}.path`)
}

function validateMode(errors: FieldErrors, mode: JsonObject[string] | undefined, field: string): void {
	if (typeof mode === "number" && (mode < 0 || mode > 0o777)) {
		errors.invalid(field, mode, "must be a number between 0 and 0777 (octal), both inclusive")
	}
}

function validateKeys(errors: FieldErrors, source: JsonObject, field: string): void {
	for (const [index, item] of itemsOf(source, "items").entries()) {
		const at = `${field}.items[${index}]`
		const [key, path] = [textOf(item, "key"), textOf(item, "path")]
		if (key === "") errors.required(`${at}.key`)
		if (path === "") errors.required(`${at}.path`)
		else validateLocalPath(errors, path, `${at}.path`)
		validateMode(errors, item["mode"], `${at}.mode`)
	}
}
