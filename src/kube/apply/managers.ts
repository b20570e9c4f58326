import { byCodeUnit, isObject, type Json } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"
import { decodeFields, encodeFields, type FieldSet } from "./field-set.ts"

/** One entry of `managedFields`. */
export type Managed = {
	readonly manager: string
	readonly operation: "Apply" | "Update"
	readonly apiVersion: string
	readonly subresource?: string
	readonly time?: string
	readonly fields: FieldSet
}

export function managersOf({ metadata }: KubeObject): readonly Managed[] {
	return (metadata.managedFields ?? []).flatMap((entry) => {
		const { manager, operation, apiVersion, subresource, time, fieldsV1 } = isObject(entry) ? entry : {}
		if (!isText(manager) || !isText(apiVersion) || (operation !== "Apply" && operation !== "Update")) return []
		const more = { ...(isText(subresource) ? { subresource } : {}), ...(isText(time) ? { time } : {}) }
		return [{ manager, operation, apiVersion, ...more, fields: { ...decodeFields(fieldsV1), self: false } }]
	})
}

function isText(value: Json | undefined): value is string {
	return typeof value === "string" && value !== ""
}

export function withManagers(object: KubeObject, entries: readonly Managed[]): KubeObject {
	const { managedFields: _, ...metadata } = object.metadata
	const managedFields = entries
		.filter(({ fields }) => fields.children.size > 0)
		.sort(inOrder)
		.map(({ fields, ...entry }) => ({ ...entry, fieldsType: "FieldsV1", fieldsV1: encodeFields(fields) }))
	return { ...object, metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields } }
}

/** As the server lists them: who applies first, then by time. */
function inOrder(one: Managed, other: Managed): number {
	const by = (entry: Managed): readonly string[] => [
		entry.operation,
		entry.time ?? "",
		entry.manager,
		entry.subresource ?? "",
	]
	const [left, right] = [by(one), by(other)]
	return left.map((text, index) => byCodeUnit(text, right[index] ?? "")).find((order) => order !== 0) ?? 0
}
