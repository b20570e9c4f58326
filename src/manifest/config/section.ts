import { isObject, type Json, type JsonObject } from "../../base/index.ts"

/** Says what is wrong with the field at `path`: `drift.ignore[0].fields`. */
export type Report = (path: string, message: string, severity?: "error" | "warning") => void

/** Reads one section of the file; what is wrong is reported, and stands for nothing. */
export type Section<T> = (value: Json, path: string, report: Report) => T

/** The members of a map; one that is not among `known` is told. */
export function membersOf(value: Json, path: string, known: readonly string[], report: Report): JsonObject {
	if (!isObject(value)) {
		report(path, "must be a map")
		return {}
	}
	for (const name of Object.keys(value)) {
		if (!known.includes(name)) report(`${path}.${name}`, `is not known here; there are ${known.join(", ")}`)
	}
	return value
}

export function listOf(value: Json | undefined, path: string, report: Report): readonly Json[] {
	if (value === undefined) return []
	if (Array.isArray(value)) return value as readonly Json[]
	report(path, "must be a list")
	return []
}

/** Undefined where there is none, or it is no text. */
export function textOf(value: Json | undefined, path: string, report: Report): string | undefined {
	if (value === undefined) return undefined
	if (typeof value === "string" && value !== "") return value
	report(path, "must be a text")
	return undefined
}
