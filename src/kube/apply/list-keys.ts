import { isObject, type Json } from "../../base/index.ts"
import type { Field, Shape } from "../schema/facts-reader.ts"

/** In a Node's taints git owns the pairs that it wrote, not the list, or `not-ready` would be wiped. */
const TAINT_KEYS: readonly string[] = ["key", "effect"]

/** The members that tell a list's items apart; undefined for lists that are replaced as a whole. */
export function keysOf(shape: Shape, field: Field): readonly string[] | undefined {
	return shape.name === "core.v1.NodeSpec" && field.name === "taints" ? TAINT_KEYS : field.keys
}

/**
 * The items of a keyed list by `name=agent` or `containerPort=80,protocol=TCP`; undefined where a key is missing or
 * stands twice: then the list can only be taken as a whole.
 */
export function itemsByKey(list: readonly Json[], keys: readonly string[], item: Shape): Map<string, Json> | undefined {
	const found = new Map<string, Json>()
	for (const value of list) {
		const key = keyText(value, keys, item)
		if (key === undefined || found.has(key)) return undefined
		found.set(key, value)
	}
	return found
}

function keyText(value: Json, keys: readonly string[], item: Shape): string | undefined {
	if (!isObject(value)) return undefined
	let text = ""
	for (const key of keys) {
		const part = value[key] ?? item.fields.get(key)?.defaultText
		if (part === undefined && keys.length === 1) return undefined
		text += `${text === "" ? "" : ","}${key}=${part ?? ""}`
	}
	return text
}
