import { byCodeUnit, isObject, type Json, type JsonObject } from "../../base/index.ts"
import { isOfResource, itemSchema, memberPath, memberSchema, type Schema } from "./schema.ts"

/** The object without members that its schema does not know; their paths, in order. */
export function prune(
	object: JsonObject,
	schema: Schema,
): { readonly object: JsonObject; readonly unknown: readonly string[] } {
	const unknown: string[] = []
	const pruned = pruneObject(object, schema, "", unknown)
	return { object: pruned, unknown: unknown.sort(byCodeUnit) }
}

function pruneObject(object: JsonObject, schema: Schema, path: string, unknown: string[]): JsonObject {
	const kept: [string, Json][] = []
	for (const [name, value] of Object.entries(object)) {
		const at = memberPath(path, name)
		const member = memberSchema(schema, name)
		if (isOfResource(name, schema, path === "") || member === true) kept.push([name, value])
		else if (member === undefined) unknown.push(at)
		else kept.push([name, pruneValue(value, member, at, unknown)])
	}
	return Object.fromEntries(kept)
}

function pruneValue(value: Json, schema: Schema, path: string, unknown: string[]): Json {
	if (isObject(value)) return pruneObject(value, schema, path, unknown)
	const items = itemSchema(schema)
	if (!Array.isArray(value) || items === undefined) return value
	return value.map((item: Json, index) => pruneValue(item, items, `${path}[${index}]`, unknown))
}
