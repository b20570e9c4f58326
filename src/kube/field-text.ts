import { isObject, type Json, type JsonObject } from "../base/index.ts"

/** One requirement of a field selector: that the field at the path has this text, or that it has not. */
export type FieldTerm = { readonly path: string; readonly equal: boolean; readonly value: string }

/** The field as a field selector compares it: one that is not there is empty, a flag is false. */
export function fieldText(object: JsonObject, path: string): string {
	let value: Json | undefined = object
	const members = path === "source" ? ["source", "component"] : path.split(".")
	for (const member of members) value = isObject(value) && Object.hasOwn(value, member) ? value[member] : undefined
	if (value === undefined || value === null) return FLAGS.includes(path) ? "false" : ""
	return typeof value === "object" ? "" : String(value)
}
const FLAGS = ["spec.unschedulable", "spec.hostNetwork"]
