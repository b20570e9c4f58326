export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [member: string]: Json }

export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value)
}

/**
 * True where both are the same JSON value, as `canonicalJson` has it: the order of members does not matter, nor one that is
 * undefined; that of lists does.
 */
export function jsonEqual(a: Json | undefined, b: Json | undefined): boolean {
	if (a === b) return true
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
	if (Array.isArray(a) || Array.isArray(b)) {
		if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
		return a.every((item, index) => jsonEqual(item, b[index]))
	}
	return hasMembersOf(a as JsonObject, b as JsonObject) && countOf(a as JsonObject) === countOf(b as JsonObject)
}

function hasMembersOf(a: JsonObject, b: JsonObject): boolean {
	for (const name of Object.keys(b)) {
		const wanted = b[name]
		if (wanted !== undefined && !(Object.hasOwn(a, name) && jsonEqual(a[name], wanted))) return false
	}
	return true
}

function countOf(value: JsonObject): number {
	let count = 0
	for (const name of Object.keys(value)) if (value[name] !== undefined) count++
	return count
}

/** Freezes a JSON value all the way down and returns it. */
export function deepFreeze<T>(value: T): T {
	if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
	for (const member of Object.values(value)) deepFreeze(member)
	return Object.freeze(value)
}
