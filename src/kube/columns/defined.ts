import type { Instant, Json, JsonObject } from "../../base/index.ts"
import { parseJsonPath } from "../custom/json-path.ts"
import { ageOf, type Cell, type Column, instantOf, itemsAt, NAME, textAt } from "./column.ts"

const CREATED = ".metadata.creationTimestamp"
const DEFAULT: readonly JsonObject[] = [{ name: "Age", type: "date", jsonPath: CREATED }]

/** The columns of a custom resource: its name, and what its version's `additionalPrinterColumns` say, else its age. */
export function definedColumns(version: JsonObject): readonly Column[] {
	const given = itemsAt(version, "additionalPrinterColumns")
	return [NAME, ...(given.length === 0 ? DEFAULT : given).map(definedColumn)]
}

function definedColumn(given: JsonObject): Column {
	const { type, jsonPath, priority } = {
		type: textAt(given, "type"),
		jsonPath: textAt(given, "jsonPath"),
		priority: given["priority"],
	}
	const find = parseJsonPath(jsonPath)
	return {
		name: textAt(given, "name"),
		type,
		format: textAt(given, "format"),
		description: textAt(given, "description") || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
		priority: typeof priority === "number" ? priority : 0,
		cell: (object, now) => {
			const [value] = find?.(object) ?? []
			return value === undefined || value === null ? null : cellOf(type, value, now)
		},
	}
}

/** The value where it is of the column's type. */
function cellOf(type: string, value: Json, now: Instant): Cell {
	switch (type) {
		case "string":
			return typeof value === "string" ? value : JSON.stringify(value)
		case "integer":
			return typeof value === "number" ? Math.trunc(value) : null
		case "number":
			return typeof value === "number" ? value : null
		case "boolean":
			return typeof value === "boolean" ? value : null
		case "date":
			return typeof value !== "string" ? null : instantOf(value) === undefined ? "<invalid>" : ageOf(value, now)
		default:
			return null
	}
}
