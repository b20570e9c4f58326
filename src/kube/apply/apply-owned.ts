import { isObject, type Json, type JsonObject, jsonEqual } from "../../base/index.ts"
import { applyDefaults } from "../defaults/apply-defaults.ts"
import type { KubeObject } from "../object.ts"
import { type Field, type Shape, shapeOf, type Type } from "../schema/facts-reader.ts"
import { describedPart } from "./described.ts"
import { itemsByKey, keysOf } from "./list-keys.ts"

export type OwnedApply = {
	/** What the cluster holds. */
	readonly live: KubeObject
	/** What git described last; absent where git takes over an object that it did not make. */
	readonly before?: KubeObject | undefined
	/** What git describes now. */
	readonly after: KubeObject
	/** Where it is not the kind's own. */
	readonly shape?: Shape | undefined
}

/** The same member as it stands in the four objects. */
type Sides = {
	readonly live: Json
	readonly before: Json | undefined
	readonly defaulted: Json | undefined
	readonly after: Json
}

/**
 * A13: a commit as a server-side apply by the manager that git is: what `after` sets is set, what only `before` set goes, all
 * else in `live` stays. Keyed lists merge by key, sets as sets, other lists are replaced. Without a schema, maps merge
 * and lists are replaced. Defaults are not filled in again: that is `applyDefaults`.
 */
export function applyOwned(sides: OwnedApply): KubeObject {
	const { live } = sides
	const after = describedPart(sides.after)
	const before =
		sides.before === undefined ? undefined : sides.before === sides.after ? after : describedPart(sides.before)
	const shape = sides.shape ?? shapeOf(after.apiVersion, after.kind)
	// What the server added around a member of git's goes with that member.
	const defaulted = before === undefined || before === after ? before : applyDefaults(before)
	return mergeObject(shape, { live, before, defaulted, after }) as KubeObject
}

function mergeObject(shape: Shape | undefined, sides: Sides): JsonObject {
	const after = sides.after as JsonObject
	const live = isObject(sides.live) ? sides.live : {}
	const before = isObject(sides.before) ? sides.before : {}
	const defaulted = isObject(sides.defaulted) ? sides.defaulted : {}
	const result = entries(live)
	for (const name of Object.keys(after)) {
		const value = after[name]
		if (value === null || value === undefined) continue
		const inside = {
			live: own(live, name) ?? null,
			before: own(before, name),
			defaulted: own(defaulted, name),
			after: value,
		}
		result.set(name, mergeMember(shape, name, inside))
	}
	for (const name of Object.keys(before)) {
		if ((own(after, name) ?? null) !== null || before[name] === null || !result.has(name)) continue
		const rest = withoutOwned(result.get(name) as Json, before[name] as Json, own(defaulted, name))
		if (rest === undefined) result.delete(name)
		else result.set(name, rest)
	}
	return Object.fromEntries(result)
}

function mergeMember(shape: Shape | undefined, name: string, sides: Sides): Json {
	const field = shape?.fields.get(name)
	if (shape === undefined || field === undefined)
		return isObject(sides.after) ? mergeObject(undefined, sides) : sides.after
	if (field.atomic) return sides.after
	if (Array.isArray(sides.after)) return mergeList(shape, field, sides)
	return mergeTyped(field.type, sides)
}

function mergeTyped(type: Type, sides: Sides): Json {
	if (!isObject(sides.after)) return sides.after
	if (type.kind === "object") return type.shape.atomic ? sides.after : mergeObject(type.shape, sides)
	if (type.kind === "map" || type.kind === "any") return mergeObject(undefined, sides)
	return sides.after
}

function mergeList(shape: Shape, field: Field, sides: Sides): Json {
	const after = sides.after as readonly Json[]
	const live = listOf(sides.live)
	if (field.set) {
		const before = listOf(sides.before)
		const kept = live.filter((item) => after.includes(item) || !before.includes(item))
		return [...kept, ...after.filter((item) => !kept.includes(item))]
	}
	const keys = keysOf(shape, field)
	const item = field.type.kind === "list" ? field.type.item : undefined
	if (keys === undefined || item?.kind !== "object") return after
	const index = (list: readonly Json[]) => itemsByKey(list, keys, item.shape)
	const [liveItems, afterItems] = [index(live), index(after)]
	if (liveItems === undefined || afterItems === undefined) return after
	const beforeItems = index(listOf(sides.before)) ?? new Map<string, Json>()
	const defaultedItems = index(listOf(sides.defaulted)) ?? beforeItems
	const merged = (key: string, value: Json) =>
		mergeTyped(item, {
			live: liveItems.get(key) ?? null,
			before: beforeItems.get(key),
			defaulted: defaultedItems.get(key),
			after: value,
		})
	return interleave([...liveItems], [...afterItems], {
		merged,
		stays: (key) => !beforeItems.has(key),
		wanted: (key) => afterItems.has(key),
	})
}

type Interleaving = {
	readonly merged: (key: string, value: Json) => Json
	readonly stays: (key: string) => boolean
	readonly wanted: (key: string) => boolean
}
type Items = readonly (readonly [string, Json])[]

/** What git sets comes in git's order; what others added stays where it stood between. */
function interleave(live: Items, after: Items, { merged, stays, wanted }: Interleaving): readonly Json[] {
	const result: Json[] = []
	const taken = new Set<string>()
	let next = 0
	for (const [key, value] of live) {
		if (!wanted(key)) {
			if (stays(key)) result.push(value)
			continue
		}
		while (!taken.has(key)) {
			const [name, item] = after[next++] as readonly [string, Json]
			taken.add(name)
			result.push(merged(name, item))
		}
	}
	for (const [name, item] of after.slice(next)) result.push(merged(name, item))
	return result
}

/** What is left of a member that git no longer sets; undefined where nothing is. */
function withoutOwned(live: Json, before: Json, defaulted: Json | undefined): Json | undefined {
	if (!isObject(live) || !isObject(before))
		return Array.isArray(live) ? withoutItems(live, before, defaulted) : undefined
	const result = entries(live)
	for (const [name, value] of Object.entries(live)) {
		const owned = own(before, name)
		const added = isObject(defaulted) ? own(defaulted, name) : undefined
		if (owned === undefined) {
			if (added !== undefined && jsonEqual(added, value)) result.delete(name)
			continue
		}
		const rest = withoutOwned(value, owned, added)
		if (rest === undefined) result.delete(name)
		else result.set(name, rest)
	}
	return result.size === 0 ? undefined : Object.fromEntries(result)
}

function withoutItems(live: readonly Json[], before: Json, defaulted: Json | undefined): Json | undefined {
	const names = new Set([...listOf(before), ...listOf(defaulted)].map(identity))
	const rest = live.filter((item) => !names.has(identity(item)))
	return rest.length === 0 ? undefined : rest
}

/** Good enough to tell the items of one list apart: their usual keys, or the whole value. */
function identity(item: Json): string {
	if (!isObject(item)) return JSON.stringify(item)
	const key = item["name"] ?? item["key"] ?? item["containerPort"] ?? item["mountPath"] ?? item["type"]
	return key === undefined ? JSON.stringify(item) : JSON.stringify([key, item["effect"], item["protocol"] ?? "TCP"])
}

function entries(object: JsonObject): Map<string, Json> {
	return new Map(Object.entries(object))
}

function own(object: JsonObject, name: string): Json | undefined {
	return Object.hasOwn(object, name) ? object[name] : undefined
}

function listOf(value: Json | undefined): readonly Json[] {
	return Array.isArray(value) ? (value as readonly Json[]) : []
}
