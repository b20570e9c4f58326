import type { JsonObject } from "../../base/index.ts"
import { byteLength } from "../labels.ts"
import { configKeyProblems } from "./environment.ts"
import { type FieldErrors, memberOf } from "./errors.ts"

const MOST_DATA = 1024 * 1024
/** A text about each of 100,000 keys helps nobody. */
const MOST_TOLD = 20

/** What a ConfigMap holds: keys that can be files' names, each in one place, and 1 MiB of values. */
export function validateConfigMap(errors: FieldErrors, object: JsonObject): void {
	const { data = {}, binaryData = {} } = { data: memberOf(object, "data"), binaryData: memberOf(object, "binaryData") }
	validateKeys(errors, data, "data")
	for (const key of Object.keys(data)) {
		if (Object.hasOwn(binaryData, key)) {
			errors.invalid(`data[${key}]`, key, "duplicate of key present in binaryData")
			break
		}
	}
	validateKeys(errors, binaryData, "binaryData")
	// Of the whole object the server says `[]`.
	if (textBytes(data) + decodedBytes(binaryData) > MOST_DATA) errors.tooLong("[]", MOST_DATA)
}

export function validateSecret(errors: FieldErrors, object: JsonObject): void {
	const data = memberOf(object, "data") ?? {}
	validateKeys(errors, data, "data")
	if (decodedBytes(data) > MOST_DATA) errors.tooLong("data", MOST_DATA)
}

function validateKeys(errors: FieldErrors, data: JsonObject, field: string): void {
	let told = 0
	for (const key of Object.keys(data)) {
		const problems = configKeyProblems(key)
		if (problems.length === 0) continue
		errors.eachInvalid(`${field}[${key}]`, key, problems)
		if (++told === MOST_TOLD) return
	}
}

function textBytes(data: JsonObject): number {
	return Object.values(data).reduce<number>((bytes, value) => bytes + byteLength(String(value)), 0)
}

/** Of base64. */
function decodedBytes(data: JsonObject): number {
	return Object.values(data).reduce<number>((bytes, value) => {
		const text = String(value)
		const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0
		return bytes + Math.floor((text.length * 3) / 4) - padding
	}, 0)
}
