import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"
import { type Field, type Shape, shapeOf, type Type } from "../schema/facts-reader.ts"
import { mergePatch } from "./merge-patch.ts"

const ANY: Type = { kind: "any" }

/** kubectl's patches: like a merge patch, but lists with a merge key merge by it; kinds without a schema know no such lists. */
export function strategicPatch(target: KubeObject, patch: JsonObject): Json {
	const shape = shapeOf(target.apiVersion, target.kind)
	return shape === undefined ? mergePatch(target, patch) : patchObject(shape, target, patch)
}

function patchObject(shape: Shape | undefined, target: JsonObject, patch: JsonObject): JsonObject {
	const directive = patch["$patch"]
	if (directive === "replace") return withoutDirectives(patch)
	if (directive === "delete") return {}
	const kept = patch["$retainKeys"]
	const base = Object.entries(target).filter(([name]) => !Array.isArray(kept) || kept.includes(name))
	const result = new Map<string, Json>(base)
	for (const [name, value] of Object.entries(patch)) {
		if (name.startsWith("$")) continue
		if (value === null) result.delete(name)
		else result.set(name, patchMember(shape?.fields.get(name), result.get(name), value))
	}
	for (const [name, value] of Object.entries(patch)) listDirective(shape, result, name, value)
	return Object.fromEntries(result)
}

function patchMember(field: Field | undefined, target: Json | undefined, patch: Json): Json {
	const type = field?.type ?? ANY
	if (isObject(patch))
		return patchObject(type.kind === "object" ? type.shape : undefined, isObject(target) ? target : {}, patch)
	if (!Array.isArray(patch) || field === undefined || type.kind !== "list") return patch
	const list = Array.isArray(target) ? (target as readonly Json[]) : []
	if (field.patchKey !== undefined && type.item.kind === "object")
		return patchList(type.item.shape, field.patchKey, list, patch)
	return field.patchMerges ? [...list, ...patch.filter((item) => !list.includes(item))] : patch
}

function patchList(shape: Shape, key: string, list: readonly Json[], patch: readonly Json[]): readonly Json[] {
	const items = patch.filter(isObject)
	if (items.some((item) => item["$patch"] === "replace")) {
		return items.filter((item) => item["$patch"] !== "replace").map(withoutDirectives)
	}
	const placeOf = (item: JsonObject) => list.findIndex((other) => isObject(other) && other[key] === item[key])
	const patched: (readonly [number, Json])[] = []
	const touched = new Set<number>()
	for (const item of items) {
		const place = placeOf(item)
		const found = list[place]
		touched.add(place)
		if (item["$patch"] !== "delete") patched.push([place, patchObject(shape, isObject(found) ? found : {}, item)])
	}
	const rest = [...list.entries()].filter(([place]) => !touched.has(place))
	return inOrder(patched, rest)
}

/** The server's order: what it had keeps its place, what is new comes before the rest. */
function inOrder(
	patched: readonly (readonly [number, Json])[],
	rest: readonly (readonly [number, Json])[],
): readonly Json[] {
	const result: Json[] = []
	let next = 0
	for (const [place, item] of patched) {
		for (let other = rest[next]; other !== undefined && other[0] < place; other = rest[++next]) result.push(other[1])
		result.push(item)
	}
	return [...result, ...rest.slice(next).map(([, item]) => item)]
}

/** `$deleteFromPrimitiveList/finalizers` and `$setElementOrder/containers`, which stand beside the lists they are about. */
function listDirective(shape: Shape | undefined, result: Map<string, Json>, name: string, value: Json): void {
	const [directive, list = ""] = name.split("/")
	const current = result.get(list)
	if (!Array.isArray(current) || !Array.isArray(value)) return
	if (directive === "$deleteFromPrimitiveList") {
		const gone = new Set<Json>(value)
		result.set(
			list,
			current.filter((item) => !gone.has(item)),
		)
	}
	if (directive !== "$setElementOrder") return
	const key = shape?.fields.get(list)?.patchKey
	const identity = (item: Json) => (key !== undefined && isObject(item) ? item[key] : item)
	const ranks = new Map<Json | undefined, number>()
	for (const item of value) if (!ranks.has(identity(item))) ranks.set(identity(item), ranks.size)
	const rankOf = (item: Json) => ranks.get(identity(item)) ?? ranks.size
	// Sorting keeps the order of what it does not tell apart: those that are not named come last, as they were.
	result.set(
		list,
		[...current].sort((a, b) => rankOf(a) - rankOf(b)),
	)
}

function withoutDirectives(object: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(object).filter(([name]) => !name.startsWith("$")))
}
