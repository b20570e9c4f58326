export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [member: string]: Json }

export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** True where both are the same JSON value; the order of members does not matter, that of lists does. */
export function jsonEqual(a: Json | undefined, b: Json | undefined): boolean {
	if (a === b) return true
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
	if (Array.isArray(a) || Array.isArray(b)) {
		if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
		return a.every((item, index) => jsonEqual(item, b[index]))
	}
	const left = a as JsonObject
	const right = b as JsonObject
	const members = Object.keys(left)
	if (members.length !== Object.keys(right).length) return false
	return members.every((member) => Object.hasOwn(right, member) && jsonEqual(left[member], right[member]))
}

/** Freezes a JSON value all the way down and returns it. */
export function deepFreeze<T>(value: T): T {
	if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
	for (const member of Object.values(value)) deepFreeze(member)
	return Object.freeze(value)
}
