import type { JsonObject } from "../../base/index.ts"
import { apiVersionOf, type Kind } from "../kinds.ts"
import { type Field, metadataShape, type Shape, shapeOf, type Type } from "./facts-reader.ts"

const COMPONENTS = "#/components/schemas/"

/** Changes whenever documents of the same facts come out otherwise than before. */
export const OPEN_API_FORMAT = 2

/** A kind with the schema that its CustomResourceDefinition gives it, if any. */
export type DescribedKind = Kind & { readonly schema?: JsonObject }

/**
 * What clients learn of the kinds of one group and version: an OpenAPI v3 document with fields, types, defaults and
 * merge keys, and of the paths as much as says which parameters are understood. Descriptions have no place in it.
 */
export function openApiOf(kinds: readonly DescribedKind[]): JsonObject {
	const found = new Map<string, Shape>()
	const schemas: Record<string, JsonObject> = { ...SCALARS }
	collect(metadataShape(), found)
	for (const kind of kinds) {
		const shape = shapeOf(apiVersionOf(kind), kind.kind)
		if (shape !== undefined) collect(shape, found)
		else schemas[nameOf(kind)] = { ...metadataWithin(kind.schema), [GVK]: [gvkOf(kind)] }
	}
	for (const shape of found.values()) schemas[longName(shape.name)] = schemaOf(shape)
	for (const kind of kinds) {
		const name = nameOf(kind)
		schemas[name] = { ...schemas[name], [GVK]: [gvkOf(kind)] }
	}
	return {
		openapi: "3.0.0",
		info: { title: "Kubernetes", version: "v1.34.9" },
		paths: Object.assign({}, ...kinds.map(pathsOf)) as JsonObject,
		components: { schemas },
	}
}

const GVK = "x-kubernetes-group-version-kind"
const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
const INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
const TIME = "io.k8s.apimachinery.pkg.apis.meta.v1.Time"

const SCALARS: { readonly [name: string]: JsonObject } = {
	[QUANTITY]: { oneOf: [{ type: "string" }, { type: "number" }] },
	[INT_OR_STRING]: { format: "int-or-string", oneOf: [{ type: "integer" }, { type: "string" }] },
	[TIME]: { type: "string", format: "date-time" },
}

function collect(shape: Shape, found: Map<string, Shape>): void {
	if (found.has(shape.name)) return
	found.set(shape.name, shape)
	for (const { type } of shape.fields.values()) collectType(type, found)
}

function collectType(type: Type, found: Map<string, Shape>): void {
	if (type.kind === "object") collect(type.shape, found)
	if (type.kind === "list" || type.kind === "map") collectType(type.item, found)
}

function schemaOf(shape: Shape): JsonObject {
	const fields = [...shape.fields.values()]
	const required = fields.filter((field) => field.required).map(({ name }) => name)
	return {
		type: "object",
		...(required.length === 0 ? {} : { required }),
		properties: Object.fromEntries(fields.map((field) => [field.name, propertyOf(field)])),
		...(shape.atomic ? { "x-kubernetes-map-type": "atomic" } : {}),
	}
}

function propertyOf(field: Field): JsonObject {
	const { type, keys, set, atomic, patchKey, patchMerges, retainKeys } = field
	const strategies = [...(patchMerges ? ["merge"] : []), ...(retainKeys ? ["retainKeys"] : [])].join(",")
	const listType = keys !== undefined ? "map" : set ? "set" : atomic ? "atomic" : undefined
	return {
		...typeOf(type),
		...(type.kind === "list" && listType !== undefined ? { "x-kubernetes-list-type": listType } : {}),
		...(type.kind !== "list" && atomic ? { "x-kubernetes-map-type": "atomic" } : {}),
		...(keys === undefined ? {} : { "x-kubernetes-list-map-keys": keys }),
		...(patchKey === undefined ? {} : { "x-kubernetes-patch-merge-key": patchKey }),
		...(strategies === "" ? {} : { "x-kubernetes-patch-strategy": strategies }),
	}
}

const SCALAR_TYPES: { readonly [code: string]: JsonObject } = {
	s: { type: "string" },
	b: { type: "boolean" },
	i: { type: "integer", format: "int32" },
	l: { type: "integer", format: "int64" },
	d: { type: "number", format: "double" },
	y: { type: "string", format: "byte" },
	q: { $ref: COMPONENTS + QUANTITY },
	x: { $ref: COMPONENTS + INT_OR_STRING },
	t: { $ref: COMPONENTS + TIME },
}

function typeOf(type: Type): JsonObject {
	switch (type.kind) {
		case "scalar":
			return SCALAR_TYPES[type.code] ?? {}
		case "any":
			return { type: "object" }
		case "object":
			return { allOf: [{ $ref: COMPONENTS + longName(type.shape.name) }] }
		case "list":
			return { type: "array", items: typeOf(type.item) }
		case "map":
			return { type: "object", additionalProperties: typeOf(type.item) }
	}
}

/** A custom resource's own schema says nothing of its metadata. */
function metadataWithin(schema: JsonObject | undefined): JsonObject {
	const properties = schema?.["properties"]
	const metadata = { $ref: COMPONENTS + longName(metadataShape().name) }
	const own = typeof properties === "object" && properties !== null && !Array.isArray(properties) ? properties : {}
	return {
		type: "object",
		...schema,
		properties: { apiVersion: { type: "string" }, kind: { type: "string" }, ...own, metadata },
	}
}

function pathsOf(kind: DescribedKind): JsonObject {
	const { group, version, plural, namespaced } = kind
	const base = `${group === "" ? `/api/${version}` : `/apis/${group}/${version}`}${namespaced ? "/namespaces/{namespace}" : ""}/${plural}`
	const schema = { $ref: COMPONENTS + nameOf(kind) }
	const responses = { "200": { description: "OK", content: { "application/json": { schema } } } }
	const operation = (action: string, ...parameters: readonly string[]): JsonObject => ({
		parameters: parameters.map((name) => ({
			name,
			in: "query",
			schema: { type: name === "force" ? "boolean" : "string", uniqueItems: true },
		})),
		responses,
		"x-kubernetes-action": action,
		[GVK]: gvkOf(kind),
	})
	const written = ["dryRun", "fieldManager", "fieldValidation"]
	return {
		[base]: { get: operation("list"), post: operation("post", ...written) },
		[`${base}/{name}`]: {
			get: operation("get"),
			put: operation("put", ...written),
			patch: { ...operation("patch", ...written, "force"), requestBody: patchesOf(kind) },
			delete: operation("delete", "dryRun"),
		},
	}
}

/** What is a list of a custom resource's own nobody knows, so it takes no strategic patch. */
function patchesOf({ schema }: DescribedKind): JsonObject {
	const types = schema === undefined ? [...PATCHES, "application/strategic-merge-patch+json"] : PATCHES
	return { content: Object.fromEntries(types.map((type) => [type, { schema: { type: "object" } }])), required: true }
}
const PATCHES = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"]

function gvkOf({ group, version, kind }: Kind): JsonObject {
	return { group, version, kind }
}

function nameOf(kind: Kind): string {
	const shape = shapeOf(apiVersionOf(kind), kind.kind)
	return shape === undefined
		? `${kind.group.split(".").reverse().join(".")}.${kind.version}.${kind.kind}`
		: longName(shape.name)
}

function longName(name: string): string {
	return name.startsWith("meta.") ? `io.k8s.apimachinery.pkg.apis.${name}` : `io.k8s.api.${name}`
}
