import { isObject } from "../../base/index.ts"
import { type Field, metadataShape, type Shape, type Type } from "../schema/facts-reader.ts"
import { itemSchema, type Schema } from "./schema.ts"

const known = new WeakMap<Schema, Shape>()

/** The shape of a custom resource, by which fields have owners: lists are replaced whole unless the schema says more. */
export function customShape(schema: Schema): Shape {
	const before = known.get(schema)
	if (before !== undefined) return before
	const { fields, ...shape } = shapeOf(schema)
	const metadata: Type = { kind: "object", shape: metadataShape() }
	const own: readonly Field[] = [
		fieldOf("apiVersion", {}, { kind: "scalar", code: "s" }),
		fieldOf("kind", {}, { kind: "scalar", code: "s" }),
		{ ...fieldOf("metadata", {}, metadata), shown: true },
	]
	const made = { ...shape, fields: new Map([...fields, ...own.map((field) => [field.name, field] as const)]) }
	known.set(schema, made)
	return made
}

function shapeOf(schema: Schema): Shape {
	const properties = isObject(schema["properties"]) ? schema["properties"] : {}
	const fields = Object.entries(properties).flatMap(([name, property]) =>
		isObject(property) ? [[name, fieldOf(name, property, typeOf(property))] as const] : [],
	)
	return { name: "custom", atomic: schema["x-kubernetes-map-type"] === "atomic", fields: new Map(fields) }
}

function fieldOf(name: string, schema: Schema, type: Type): Field {
	const listType = schema["x-kubernetes-list-type"]
	const keys = schema["x-kubernetes-list-map-keys"]
	const given = schema["default"]
	return {
		name,
		type,
		required: false,
		shown: false,
		atomic: schema["x-kubernetes-map-type"] === "atomic",
		set: listType === "set",
		keys: listType === "map" && Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : undefined,
		patchKey: undefined,
		patchMerges: false,
		retainKeys: false,
		defaultText: typeof given === "string" ? given : undefined,
	}
}

const CODES: { readonly [type: string]: string } = { string: "s", boolean: "b", integer: "l", number: "d" }

function typeOf(schema: Schema): Type {
	const { type, properties, additionalProperties } = schema
	const items = itemSchema(schema)
	if (type === "array") return { kind: "list", item: items === undefined ? { kind: "any" } : typeOf(items) }
	if (isObject(additionalProperties)) return { kind: "map", item: typeOf(additionalProperties) }
	if (type === "object" && isObject(properties)) return { kind: "object", shape: shapeOf(schema) }
	// Members that nobody names count each by itself, as those of a map do.
	if (type === "object") return { kind: "map", item: { kind: "any" } }
	return { kind: "scalar", code: typeof type === "string" && Object.hasOwn(CODES, type) ? (CODES[type] ?? "s") : "x" }
}
