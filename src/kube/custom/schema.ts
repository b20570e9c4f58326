import { isObject, type Json, type JsonObject } from "../../base/index.ts"

/** A structural schema, as a CustomResourceDefinition holds it. */
export type Schema = JsonObject

/** The schema of a member; `true` where anything may stand there, undefined where nothing may. */
export function memberSchema(schema: Schema, name: string): Schema | true | undefined {
	const properties = schema["properties"]
	const own = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined
	if (isObject(own)) return own
	const others = schema["additionalProperties"]
	if (isObject(others)) return others
	return others === true || schema["x-kubernetes-preserve-unknown-fields"] === true ? true : undefined
}

export function itemSchema(schema: Schema): Schema | undefined {
	return isObject(schema["items"]) ? schema["items"] : undefined
}

/** Members of an object's own that the schema of an embedded one does not have to name. */
const RESOURCE_MEMBERS = new Set(["apiVersion", "kind", "metadata"])

export function isOfResource(name: string, schema: Schema, isRoot: boolean): boolean {
	return (isRoot || schema["x-kubernetes-embedded-resource"] === true) && RESOURCE_MEMBERS.has(name)
}

/** `spec.list[2].name` */
export function memberPath(path: string, name: string): string {
	return path === "" ? name : `${path}.${name}`
}

export function schemasIn(schema: Schema, keyword: string): readonly Schema[] {
	const list: Json | undefined = schema[keyword]
	return Array.isArray(list) ? list.filter(isObject) : []
}

/** Whether the schema has rules in CEL, at any depth. */
export function hasRules(schema: Json | undefined): boolean {
	if (Array.isArray(schema)) return schema.some(hasRules)
	if (!isObject(schema)) return false
	return Object.entries(schema).some(
		([name, value]) => (name === "x-kubernetes-validations" && Array.isArray(value)) || hasRules(value),
	)
}
