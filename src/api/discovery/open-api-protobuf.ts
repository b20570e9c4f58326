import { isObject, type Json, type JsonObject } from "../../base/index.ts"

/** How clients ask for it: with an `@` before Kubernetes 1.22. */
const PROTOBUF = /^application\/com\.github\.proto-openapi\.spec\.v2[.@]v1\.0\+protobuf$/
export const OPEN_API_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

/** Whether an `Accept` header wishes for `/openapi/v2` so, before it wishes for JSON. */
export function wantsProtobuf(accept: string): boolean {
	const types = accept.split(",").map((wish) => (wish.split(";")[0] ?? "").trim().toLowerCase())
	return PROTOBUF.test(
		types.find((type) => PROTOBUF.test(type) || /^(application\/(json|\*)|\*\/\*)$/.test(type)) ?? "",
	)
}

/**
 * An OpenAPI v2 document as clients before Kubernetes 1.27 read it, and know no other: the schemas, and of the paths the
 * parameters of a patch, by which they tell whether a dry run is understood. Numbers are those of gnostic's OpenAPIv2.proto.
 */
export function openApiProtobuf({ swagger, info, paths, definitions }: JsonObject): Uint8Array {
	const { title, version } = objectOf(info)
	return Buffer.concat([
		text(1, swagger),
		message(2, text(1, title), text(2, version)),
		message(8, ...named(2, paths, pathItem)),
		message(9, ...named(1, definitions, schema)),
	])
}

function pathItem(item: JsonObject): Buffer[] {
	const patch = item["patch"]
	return isObject(patch)
		? [message(8, ...listOf(patch["parameters"]).map(queryParameter), ...extensions(13, patch))]
		: []
}

function queryParameter(parameter: Json): Buffer {
	const { name, in: place } = objectOf(parameter)
	// A ParametersItem that is a Parameter that is no body, but of the query.
	return message(8, message(1, message(2, message(3, text(3, place), text(4, name)))))
}

function schema(of: JsonObject): Buffer[] {
	const [only] = listOf(of["allOf"])
	// Version 2 knows a reference by itself alone.
	const { $ref: reference } = objectOf(only ?? of)
	if (typeof reference === "string") return [text(1, reference), ...extensions(31, of)]
	const { type, items, properties, additionalProperties } = of
	// A list of what nobody described would make the whole document unreadable; an object of that may be any value.
	const isDescribed =
		type === "array" ? isObject(items) : type !== "object" || isObject(properties) || isObject(additionalProperties)
	return [
		text(2, of["format"]),
		text(4, of["description"]),
		...listOf(of["required"]).map((name) => text(19, name)),
		...(isObject(additionalProperties) ? [message(21, message(1, ...schema(additionalProperties)))] : []),
		...(typeof type === "string" && isDescribed ? [message(22, text(1, type))] : []),
		...(isObject(items) ? [message(23, message(1, ...schema(items)))] : []),
		...(isObject(properties) ? [message(25, ...named(1, properties, schema))] : []),
		...extensions(31, of),
	]
}

/** Members whose names begin with `x-`, their values as YAML: JSON is that. */
function extensions(field: number, of: JsonObject): Buffer[] {
	return Object.entries(of)
		.filter(([name]) => name.startsWith("x-"))
		.map(([name, value]) => message(field, text(1, name), message(2, text(2, JSON.stringify(value)))))
}

/** A map, as a list of names and values. */
function named(field: number, map: Json | undefined, encode: (value: JsonObject) => Buffer[]): Buffer[] {
	return Object.entries(objectOf(map)).map(([name, value]) =>
		message(field, text(1, name), message(2, ...encode(objectOf(value)))),
	)
}

function text(field: number, value: Json | undefined): Buffer {
	return typeof value === "string" ? delimited(field, Buffer.from(value)) : Buffer.alloc(0)
}

function message(field: number, ...parts: readonly Buffer[]): Buffer {
	return delimited(field, Buffer.concat(parts))
}

function delimited(field: number, content: Buffer): Buffer {
	return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

function varint(value: number): Buffer {
	const bytes: number[] = []
	for (let rest = value; ; rest >>>= 7) {
		if (rest < 0x80) return Buffer.from([...bytes, rest])
		bytes.push((rest & 0x7f) | 0x80)
	}
}

function objectOf(value: Json | undefined): JsonObject {
	return isObject(value) ? value : {}
}

function listOf(value: Json | undefined): readonly Json[] {
	return Array.isArray(value) ? value : []
}
