import { isObject, type Json, type JsonObject, jsonEqual } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"
import type { Refusal } from "../refusal.ts"
import { type Field, type Shape, shapeOf, type Type } from "../schema/facts-reader.ts"
import { describedPart } from "./described.ts"

/** Who owns which fields of an object, as `managedFields` tells it; paths as `ownedFields` spells them. */
export type FieldManager = {
	readonly manager: string
	readonly operation: "Apply" | "Update"
	readonly apiVersion: string
	readonly fields: ReadonlySet<string>
}

/**
 * The fields that whoever writes this object owns, with their values: leaves, and whatever is replaced as a whole, by
 * paths such as `.spec.template.spec.containers[name="agent"].image`.
 */
export function ownedFields(object: KubeObject): ReadonlyMap<string, Json> {
	const { apiVersion, kind, metadata, ...rest } = describedPart(object)
	const { name: _name, namespace: _namespace, ...described } = metadata
	const found = new Map<string, Json>()
	collect({ shape: shapeOf(apiVersion, kind), path: "", found }, { metadata: described as JsonObject, ...rest })
	return found
}

/** What an apply without force would take from others: fields of theirs whose value it changes. */
export function applyConflicts(
	live: KubeObject,
	next: KubeObject,
	others: readonly FieldManager[],
): readonly FieldConflict[] {
	const [before, after] = [ownedFields(live), ownedFields(next)]
	return others.flatMap((owner) =>
		[...owner.fields]
			.filter((field) => {
				const value = after.get(field)
				return value !== undefined && !jsonEqual(value, before.get(field))
			})
			.sort()
			.map((field) => ({ owner: sayOwner(owner), field })),
	)
}
export type FieldConflict = { readonly owner: string; readonly field: string }

/** The server's answer to an apply that would take fields from others. */
export function conflictRefusal(conflicts: readonly FieldConflict[]): Refusal {
	return {
		reason: "Conflict",
		message: conflictMessage(conflicts),
		causes: conflicts.map(({ owner, field }) => ({
			type: "ManagerConflict",
			field,
			message: `conflict with ${owner}`,
		})),
	}
}

function conflictMessage(conflicts: readonly FieldConflict[]): string {
	const [first] = conflicts
	if (conflicts.length === 1 && first !== undefined) {
		return `Apply failed with 1 conflict: conflict with ${first.owner}: ${first.field}`
	}
	const owners = [...new Set(conflicts.map(({ owner }) => owner))].sort()
	const lines = owners.flatMap((owner) => [
		`conflicts with ${owner}:`,
		...conflicts.filter((each) => each.owner === owner).map(({ field }) => `- ${field}`),
	])
	return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`
}

function sayOwner({ manager, operation, apiVersion }: FieldManager): string {
	return operation === "Update" ? `${JSON.stringify(manager)} using ${apiVersion}` : JSON.stringify(manager)
}

type Place = { readonly shape: Shape | undefined; readonly path: string; readonly found: Map<string, Json> }

function collect({ shape, path, found }: Place, object: JsonObject): void {
	for (const [name, value] of Object.entries(object)) {
		const field = shape?.fields.get(name)
		const at = `${path}.${name}`
		if (Array.isArray(value)) collectList(at, field, value, found)
		else if (isObject(value) && !isWhole(field, value)) collect({ shape: shapeIn(field?.type), path: at, found }, value)
		else found.set(at, value)
	}
}

/** Replaced as a whole, or with nothing in it. */
function isWhole(field: Field | undefined, value: JsonObject): boolean {
	if (Object.keys(value).length === 0 || field?.atomic === true) return true
	return field?.type.kind === "object" && field.type.shape.atomic
}

function shapeIn(type: Type | undefined): Shape | undefined {
	return type?.kind === "object" ? type.shape : undefined
}

function collectList(path: string, field: Field | undefined, list: readonly Json[], found: Map<string, Json>): void {
	const item = field?.type.kind === "list" ? field.type.item : undefined
	if (field?.set === true) for (const value of list) found.set(`${path}[=${JSON.stringify(value)}]`, value)
	else if (field?.keys === undefined || item?.kind !== "object") found.set(path, list)
	else for (const each of list) if (isObject(each)) collect({ ...placeOf(path, field.keys, item, each), found }, each)
}

function placeOf(path: string, keys: readonly string[], item: Type & { kind: "object" }, value: JsonObject) {
	const texts = [...keys].sort().map((key) => `${key}=${JSON.stringify(value[key] ?? null)}`)
	return { shape: item.shape, path: `${path}[${texts.join(",")}]` }
}
