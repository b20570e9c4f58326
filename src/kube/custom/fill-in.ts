import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import { itemSchema, memberSchema, type Schema } from "./schema.ts"

/** The object with the defaults of its schema; null counts as absent where the schema does not allow it. */
export function fillIn(object: JsonObject, schema: Schema): JsonObject {
	const filled = new Map<string, Json>()
	for (const [name, value] of Object.entries(object)) {
		const member = memberSchema(schema, name)
		if (!isObject(member)) filled.set(name, value)
		else if (value !== null || member["nullable"] === true) filled.set(name, fillValue(value, member))
	}
	const properties = isObject(schema["properties"]) ? schema["properties"] : {}
	for (const [name, member] of Object.entries(properties)) {
		if (!isObject(member) || filled.has(name)) continue
		if (member["default"] !== undefined) filled.set(name, fillValue(member["default"], member))
	}
	return Object.fromEntries(filled)
}

function fillValue(value: Json, schema: Schema): Json {
	if (isObject(value)) return fillIn(value, schema)
	const items = itemSchema(schema)
	if (!Array.isArray(value) || items === undefined) return value
	return value.map((item: Json) => fillValue(item, items))
}
