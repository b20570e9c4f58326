import { Document, isScalar, stringify, visit } from "yaml"
import { byCodeUnit, type Json, type JsonObject } from "../../base/index.ts"
import { escapeJson, hasHidden } from "./visible.ts"

/** Rollcall's own lists and records carry a version, as Kubernetes objects do. */
export const API_VERSION = "rollcall.dev/v1"

/** A list of ours: `kind` names the list, not its items. */
export function envelope(kind: string, items: readonly Json[], metadata: JsonObject = {}): JsonObject {
	return { apiVersion: API_VERSION, kind, metadata, items }
}

/** One record of ours. */
export function record(kind: string, content: JsonObject): JsonObject {
	return { apiVersion: API_VERSION, kind, ...content }
}

/** JSON as kubectl indents it, or YAML as it lays it out; ends with a line break. */
export function formatDocument(value: Json, format: "json" | "yaml"): string {
	if (format === "json") return `${escapeJson(JSON.stringify(value, undefined, 4))}\n`
	const options = { indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false, version: "1.1" } as const
	const text = stringify(value, options)
	if (!hasHidden(text)) return text
	// What a terminal might act on can be written as an escape between double quotes alone.
	const document = new Document(value, options)
	visit(document, {
		Scalar: (_, node) => {
			if (isScalar(node) && typeof node.value === "string" && hasHidden(node.value)) node.type = "QUOTE_DOUBLE"
		},
	})
	return escapeJson(document.toString(options))
}

/** The same value with members in the order in which kubectl prints them. */
export function sortMembers(value: Json): Json {
	if (Array.isArray(value)) return value.map((item) => sortMembers(item))
	if (typeof value !== "object" || value === null) return value
	const members = Object.entries(value).filter(([, member]) => member !== undefined)
	return Object.fromEntries(
		members.sort(([a], [b]) => byCodeUnit(a, b)).map(([name, member]) => [name, sortMembers(member)]),
	)
}
