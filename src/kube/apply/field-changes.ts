import { isObject, type Json, type JsonObject, jsonEqual } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"
import { type Field, type Shape, shapeOf, type Type } from "../schema/facts-reader.ts"
import { describedPart } from "./described.ts"
import { itemsByKey, keysOf } from "./list-keys.ts"

/** A leaf that differs; `path` reads `spec.template.spec.containers[name=agent].image`. */
export type LeafChange = { readonly path: string; readonly before?: Json; readonly after?: Json }

const HIDDEN = "(hidden)"
const ANY: Type = { kind: "any" }

/**
 * All differences between two states of an object, leaf by leaf, in the order of the fields. What only the server
 * assigns is no difference (A12), and a Secret's values never show.
 */
export function fieldChanges(before: KubeObject | undefined, after: KubeObject | undefined): readonly LeafChange[] {
	const object = after ?? before
	if (object === undefined) return []
	const found: LeafChange[] = []
	const shape = shapeOf(object.apiVersion, object.kind)
	const [left, right] = [before, after].map((side) => (side === undefined ? {} : describedPart(side)))
	compareObjects({ shape, path: "", found }, left ?? {}, right ?? {})
	return object.kind === "Secret" && object.apiVersion === "v1" ? found.map(hidden) : found
}

type Place = { readonly shape: Shape | undefined; readonly path: string; readonly found: LeafChange[] }

function compareObjects({ shape, path, found }: Place, before: JsonObject, after: JsonObject): void {
	const names = new Set([...Object.keys(before), ...Object.keys(after)])
	for (const name of names) {
		const left = Object.hasOwn(before, name) ? before[name] : undefined
		const right = Object.hasOwn(after, name) ? after[name] : undefined
		if (left === right) continue
		const field = shape?.fields.get(name)
		compare({ shape, path: join(path, name), found }, field, left, right)
	}
}

function compare(place: Place, field: Field | undefined, left: Json | undefined, right: Json | undefined): void {
	if (left !== undefined && right !== undefined && jsonEqual(left, right)) return
	const type = field?.type ?? ANY
	if (Array.isArray(left) || Array.isArray(right)) {
		compareLists(place, field, left, right)
		return
	}
	const known = { ...place, shape: type.kind === "object" ? type.shape : undefined }
	if (isFull(left) && isFull(right)) {
		compareObjects(known, left, right)
		return
	}
	if ((isBare(left) && isFull(right)) || (isBare(right) && isFull(left))) {
		compareObjects(known, isObject(left) ? left : {}, isObject(right) ? right : {})
		return
	}
	add(place, left, right)
}

function compareLists(place: Place, field: Field | undefined, left: Json | undefined, right: Json | undefined): void {
	const [old, now] = [listOf(left), listOf(right)]
	if (old === undefined || now === undefined) {
		add(place, left, right)
		return
	}
	const item = field?.type.kind === "list" ? field.type.item : ANY
	const keys = place.shape === undefined || field === undefined ? undefined : keysOf(place.shape, field)
	if (keys !== undefined && item.kind === "object") {
		const [byOld, byNow] = [itemsByKey(old, keys, item.shape), itemsByKey(now, keys, item.shape)]
		if (byOld !== undefined && byNow !== undefined) {
			compareItems(place, item.shape, byOld, byNow)
			return
		}
	}
	if (![...old, ...now].every(isObject)) {
		add(place, left, right)
		return
	}
	comparePositions({ ...place, shape: item.kind === "object" ? item.shape : undefined }, old, now)
}

type Items = ReadonlyMap<string, Json>

function compareItems({ path, found }: Place, shape: Shape, old: Items, now: Items): void {
	const count = found.length
	for (const key of new Set([...old.keys(), ...now.keys()])) {
		const [left, right] = [old.get(key), now.get(key)]
		const place = { shape, path: `${path}[${key}]`, found }
		if (isObject(left) && isObject(right)) compareObjects(place, left, right)
		else add(place, left, right)
	}
	// The same items in another order: the order is the difference.
	if (found.length === count) found.push({ path, before: [...old.keys()], after: [...now.keys()] })
}

/** Items without keys: what stands the same at both ends is passed over, the middle is compared by position. */
function comparePositions(place: Place, old: readonly Json[], now: readonly Json[]): void {
	const shorter = Math.min(old.length, now.length)
	let head = 0
	while (head < shorter && jsonEqual(old[head], now[head])) head++
	let tail = 0
	while (tail < shorter - head && jsonEqual(old[old.length - 1 - tail], now[now.length - 1 - tail])) tail++
	const middle = Math.max(old.length, now.length) - head - tail
	for (let index = head; index < head + middle; index++) {
		const left = index < old.length - tail ? old[index] : undefined
		const right = index < now.length - tail ? now[index] : undefined
		const at = { ...place, path: `${place.path}[${index}]` }
		if (isObject(left) && isObject(right)) compareObjects(at, left, right)
		else add(at, left, right)
	}
}

function add({ path, found }: Place, before: Json | undefined, after: Json | undefined): void {
	found.push({ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) })
}

function isFull(value: Json | undefined): value is JsonObject {
	return isObject(value) && Object.keys(value).length > 0
}

function isBare(value: Json | undefined): boolean {
	return value === undefined || (isObject(value) && !isFull(value))
}

function listOf(value: Json | undefined): readonly Json[] | undefined {
	if (value === undefined) return []
	return Array.isArray(value) ? (value as readonly Json[]) : undefined
}

function join(path: string, name: string): string {
	if (!/^[A-Za-z0-9_-]+$/.test(name)) return `${path}[${name}]`
	return path === "" ? name : `${path}.${name}`
}

function hidden(change: LeafChange): LeafChange {
	if (!/^(data|stringData)\b/.test(change.path)) return change
	return {
		path: change.path,
		...(change.before === undefined ? {} : { before: HIDDEN }),
		...(change.after === undefined ? {} : { after: HIDDEN }),
	}
}
