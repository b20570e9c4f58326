import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { apiVersionOf, KINDS } from "../../src/kube/index.ts"

/** One schema of the API's own documents, as far as facts are taken from it. */
type Schema = {
	readonly type?: string
	readonly format?: string
	readonly default?: unknown
	readonly $ref?: string
	readonly allOf?: readonly Schema[]
	readonly oneOf?: readonly Schema[]
	readonly items?: Schema
	readonly additionalProperties?: Schema
	readonly properties?: Readonly<Record<string, Schema>>
	readonly required?: readonly string[]
	readonly "x-kubernetes-list-type"?: string
	readonly "x-kubernetes-list-map-keys"?: readonly string[]
	readonly "x-kubernetes-map-type"?: string
	readonly "x-kubernetes-patch-merge-key"?: string
	readonly "x-kubernetes-patch-strategy"?: string
	readonly "x-kubernetes-group-version-kind"?: readonly { group: string; version: string; kind: string }[]
}
type Schemas = Map<string, Schema>

const SCALARS: Readonly<Record<string, string>> = {
	"meta.v1.Time": "t",
	"meta.v1.MicroTime": "t",
	"meta.v1.FieldsV1": "*",
	"pkg.api.resource.Quantity": "q",
	"pkg.util.intstr.IntOrString": "x",
	"pkg.runtime.RawExtension": "*",
}

/** The text of `src/kube/schema/facts.ts`, from a folder with the API's OpenAPI v3 documents. */
export function generateFacts(folder: string): string {
	const schemas = readSchemas(folder)
	const roots = [...schemas].filter(([, schema]) => isStored(schema)).map(([name]) => name)
	const seen = new Set<string>()
	const waiting = [...roots]
	for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
		if (seen.has(name)) continue
		seen.add(name)
		waiting.push(...references(schemas.get(name) ?? {}))
	}
	const lines = [...seen].sort().map((name) => line(name, schemas.get(name) ?? {}, schemas))
	return [
		"// Made by test/real/schema-facts.test.ts (UPDATE=1) from the API's own OpenAPI documents, Kubernetes v1.34.9.",
		"// The notation is explained in facts-reader.ts.",
		"export const BUILT_IN_FACTS = `",
		...lines,
		"`",
		"",
	].join("\n")
}

function readSchemas(folder: string): Schemas {
	const schemas: Schemas = new Map()
	for (const file of readdirSync(folder).filter((name) => /^apis?_.*\.json\.gz$/.test(name))) {
		const document = JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString("utf8"))
		const own: Record<string, Schema> = document.components?.schemas ?? {}
		for (const [name, schema] of Object.entries(own)) schemas.set(shortName(name), schema)
	}
	return schemas
}

function shortName(name: string): string {
	return name
		.replace("io.k8s.apimachinery.pkg.apis.", "")
		.replace("io.k8s.apimachinery.", "")
		.replace(/^io\.k8s\.(api|apiextensions-apiserver\.pkg\.apis|kube-aggregator\.pkg\.apis)\./, "")
}

function isStored(schema: Schema): boolean {
	const kinds = schema["x-kubernetes-group-version-kind"] ?? []
	return KINDS.some((kind) =>
		kinds.some((own) => own.group === kind.group && own.version === kind.version && own.kind === kind.kind),
	)
}

function references(schema: Schema): readonly string[] {
	const found = [...JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) =>
		shortName(match[1] ?? ""),
	)
	return found.filter((name) => !Object.hasOwn(SCALARS, name))
}

function line(name: string, schema: Schema, schemas: Schemas): string {
	const kind = isStored(schema) ? schema["x-kubernetes-group-version-kind"]?.[0] : undefined
	const title = kind === undefined ? name : `${name} ${apiVersionOf(kind)}/${kind.kind}`
	const atomic = schema["x-kubernetes-map-type"] === "atomic" ? " ~" : ""
	const required = new Set(schema.required)
	const fields = Object.entries(schema.properties ?? {}).map(
		([field, value]) => `${field}:${code(value, schemas)}${required.has(field) ? "!" : ""}${extras(value)}`,
	)
	const plain = schema.properties === undefined ? ` ${code(schema, schemas)}` : ""
	return `${title}${atomic}${plain}: ${fields.join(" ")}`.trimEnd()
}

function code(schema: Schema, schemas: Schemas): string {
	const reference = schema.$ref ?? schema.allOf?.[0]?.$ref
	if (reference !== undefined) {
		const name = shortName(reference.replace("#/components/schemas/", ""))
		return SCALARS[name] ?? `@${name}`
	}
	if (schema.type === "array") return `[${code(schema.items ?? {}, schemas)}`
	if (schema.additionalProperties !== undefined) return `{${code(schema.additionalProperties, schemas)}`
	if (schema.type === "string") return schema.format === "byte" ? "y" : schema.format === "date-time" ? "t" : "s"
	if (schema.type === "integer") return schema.format === "int32" ? "i" : "l"
	return { boolean: "b", number: "d" }[schema.type ?? ""] ?? "*"
}

function extras(schema: Schema): string {
	const parts: string[] = []
	const keys = schema["x-kubernetes-list-map-keys"]
	const patch = schema["x-kubernetes-patch-merge-key"]
	if (schema["x-kubernetes-list-type"] === "set") parts.push("set")
	if (keys !== undefined) parts.push(`keys=${keys.join(",")}`)
	if (schema["x-kubernetes-map-type"] === "atomic") parts.push("atomic")
	if (patch !== undefined) parts.push(`patch=${patch}`)
	else if (schema["x-kubernetes-patch-strategy"]?.includes("merge")) parts.push("patch")
	if (schema["x-kubernetes-patch-strategy"]?.includes("retainKeys")) parts.push("retain")
	if (schema.default !== undefined) {
		const zero = ["", 0, false, "{}"].includes(typeof schema.default === "object" ? "{}" : (schema.default as string))
		parts.push(zero ? "zero" : `default=${String(schema.default)}`)
	}
	return parts.map((part) => `|${part}`).join("")
}
