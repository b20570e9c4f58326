import { formatAge, type Instant, isObject, type Json, type JsonObject, parseInstant } from "../../base/index.ts"
import type { KubeObject, StringMap } from "../object.ts"
import type { LabelSelector } from "../types.ts"

/** What stands in a row; null where there is nothing. */
export type Cell = string | number | boolean | null

/** One of a Table's columns; kubectl shows its name in capitals. */
export type Column = {
	readonly name: string
	/** As the server declares it; the cells of some kinds are of another type. */
	readonly type: string
	readonly format: string
	readonly description?: string
	/** Above 0, it is shown with `-o wide` alone. */
	readonly priority: number
	readonly cell: (object: KubeObject, now: Instant) => Cell
}

/** A path is written with dots, `status.readyReplicas`; where there is nothing, the cell is `absent`. */
type Source = string | Column["cell"]

export function text(name: string, source: Source, absent: Cell = ""): Column {
	return { name, type: "string", format: "", priority: 0, cell: cellOf(source, absent) }
}

export function count(name: string, source: Source, absent: Cell = 0): Column {
	return { ...text(name, source, absent), type: "integer" }
}

export function flag(name: string, source: Source, absent: Cell = false): Column {
	return { ...text(name, source, absent), type: "boolean" }
}

export function wide(column: Column): Column {
	return { ...column, priority: 1 }
}

export const NAME: Column = { ...text("Name", (object) => object.metadata.name), format: "name" }
export const AGE: Column = text("Age", (object, now) => ageOf(object.metadata.creationTimestamp, now))
export const NONE = "<none>"
export const UNSET = "<unset>"

function cellOf(source: Source, absent: Cell): Column["cell"] {
	if (typeof source !== "string") return source
	const path = source.split(".")
	return (object) => {
		const value = follow(object, path)
		if (value === undefined || value === null || value === "") return absent
		return typeof value === "object" ? JSON.stringify(value) : value
	}
}

/** How long ago a timestamp was, as kubectl writes it. */
export function ageOf(timestamp: Json | undefined, now: Instant): string {
	const at = instantOf(timestamp)
	return at === undefined ? "<unknown>" : formatAge(now - at)
}

export function instantOf(timestamp: Json | undefined): Instant | undefined {
	return typeof timestamp === "string" ? parseInstant(timestamp.replace(/(\.\d{3})\d+/, "$1")) : undefined
}

/** What stands at a path. */
export function valueAt(object: JsonObject, path: string): Json | undefined {
	return follow(object, path.split("."))
}

/** The text at a path; empty where there is none. */
export function textAt(object: JsonObject, path: string): string {
	const value = valueAt(object, path)
	return value === undefined || value === null || typeof value === "object" ? "" : String(value)
}

/** The objects of the list at a path. */
export function itemsAt(object: JsonObject, path: string): readonly JsonObject[] {
	const value = valueAt(object, path)
	return Array.isArray(value) ? value.filter(isObject) : []
}

/** How many items or members stand at a path. */
export function sizeAt(object: JsonObject, path: string): number {
	const value = valueAt(object, path)
	return Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0
}

/** The status of a condition; undefined where there is none of that type. */
export function conditionOf(object: JsonObject, type: string): JsonObject | undefined {
	return itemsAt(object, "status.conditions").find((condition) => condition["type"] === type)
}

/** `a,b,c + 2 more...` */
export function firstOf(items: readonly string[], most: number, separator = ","): string {
	const shown = items.slice(0, most).join(separator)
	return items.length > most ? `${shown} + ${items.length - most} more...` : shown
}

export function orNone(text: string): string {
	return text === "" ? NONE : text
}

/** `a=b,c=d`, in order of key. */
export function labelText(labels: StringMap | undefined): string {
	return Object.entries(labels ?? {})
		.map(([key, value]) => `${key}=${value}`)
		.sort()
		.join(",")
}

/** A label selector as kubectl writes it: `app=web,tier in (a,b),!old`. */
export function selectorText(selector: LabelSelector | undefined): string {
	const terms = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
	for (const { key, operator, values } of selector?.matchExpressions ?? []) {
		if (operator === "Exists") terms.push(key)
		else if (operator === "DoesNotExist") terms.push(`!${key}`)
		else terms.push(`${key} ${operator.toLowerCase()} (${[...(values ?? [])].sort().join(",")})`)
	}
	return terms.sort().join(",")
}

function follow(object: JsonObject, path: readonly string[]): Json | undefined {
	let value: Json | undefined = object
	for (const member of path) value = isObject(value) && Object.hasOwn(value, member) ? value[member] : undefined
	return value
}
