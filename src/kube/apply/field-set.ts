import { byCodeUnit, isObject, type Json, type JsonObject, jsonEqual } from "../../base/index.ts"
import type { Field, Shape, Type } from "../schema/facts-reader.ts"

/**
 * Fields of an object, as `managedFields` has them: `f:name` is a member, `k:{"name":"agent"}` an item by its keys,
 * `v:"text"` an item of a set. What is replaced as a whole has no children.
 */
export type FieldSet = {
	/** The field itself is meant, not only what is in it. */
	readonly self: boolean
	readonly children: ReadonlyMap<string, FieldSet>
}

export const NO_FIELDS: FieldSet = { self: false, children: new Map() }

/** One of a large object's many: shared, as is how it is written. */
const LEAF: FieldSet = { self: true, children: NO_FIELDS.children }
const WRITTEN_LEAF: JsonObject = Object.freeze({})

const ANY: Type = { kind: "any" }
const DEEPEST = 100

/** What stands under one name or key, with what is known of its type. */
type Child = { readonly value: Json; readonly type: Type; readonly field: Field | undefined }

/** Every field that is there, at every level. */
export function everyField(shape: Shape | undefined, object: JsonObject): FieldSet {
	return setOf(rootOf(shape, object), true)
}

/** What whoever applies this object owns: leaves, and the items of keyed lists and of sets. */
export function appliedFields(shape: Shape | undefined, object: JsonObject): FieldSet {
	return setOf(rootOf(shape, object), false)
}

function setOf(child: Child, every: boolean): FieldSet {
	const inside = childrenOf(child)
	if (inside === undefined) return LEAF
	const children = new Map<string, FieldSet>()
	for (const [element, each] of inside) {
		const set = setOf(each, every)
		children.set(element, set.self || element.startsWith("f:") ? set : { ...set, self: true })
	}
	return { self: every, children }
}

/** Fields whose whole value is another one in the two objects; of what only one of them has nothing is said. */
export function modifiedFields(shape: Shape | undefined, before: JsonObject, after: JsonObject): FieldSet {
	return modified(rootOf(shape, before), rootOf(shape, after))
}

function modified(before: Child, after: Child): FieldSet {
	if (before.value === after.value) return NO_FIELDS
	const [old, now] = [before, after].map((child) => childrenOf(child) ?? (isOpen(child) ? NO_CHILDREN : undefined))
	if (old === undefined || now === undefined) return jsonEqual(before.value, after.value) ? NO_FIELDS : LEAF
	const children = new Map<string, FieldSet>()
	for (const [element, child] of now) {
		const other = old.get(element)
		const set = other === undefined ? NO_FIELDS : modified(other, child)
		if (!isEmpty(set)) children.set(element, set)
	}
	return { self: false, children }
}

/** What the server shows of an object before anything is set: no write adds these, though it may change some. */
export function givenFields(shape: Shape | undefined): FieldSet {
	const children = new Map<string, FieldSet>()
	for (const [name, { type, shown, required, keys }] of shape?.fields ?? []) {
		if (type.kind === "object" && shown) {
			children.set(`f:${name}`, type.shape.atomic ? LEAF : givenFields(type.shape))
		} else if ((type.kind === "list" && required && keys !== undefined) || (type.kind === "scalar" && shown)) {
			children.set(`f:${name}`, LEAF)
		}
	}
	return { self: true, children }
}

/** The part of an object that a set names. */
export function pickFields(shape: Shape | undefined, object: JsonObject, fields: FieldSet): JsonObject {
	const picked = pick(rootOf(shape, object), fields)
	return isObject(picked) ? picked : {}
}

function pick(child: Child, fields: FieldSet): Json | undefined {
	const inside = childrenOf(child)
	if (inside === undefined) return fields.self || fields.children.size > 0 ? child.value : undefined
	const kept = [...inside].flatMap(([element, each]) => {
		const set = fields.children.get(element)
		const value = set === undefined ? undefined : pick(each, set)
		return value === undefined ? [] : [[element, value] as const]
	})
	if (Array.isArray(child.value)) return kept.length === 0 ? undefined : kept.map(([, value]) => value)
	if (kept.length === 0 && !fields.self) return undefined
	return Object.fromEntries(kept.map(([element, value]) => [element.slice(2), value]))
}

function rootOf(shape: Shape | undefined, value: JsonObject): Child {
	return { value, type: shape === undefined ? ANY : { kind: "object", shape }, field: undefined }
}

/** By element; undefined where the value counts as a whole. */
function childrenOf({ value, type, field }: Child): ReadonlyMap<string, Child> | undefined {
	if (Array.isArray(value)) return itemsOf(value as readonly Json[], type, field)
	if (!isObject(value) || !isOpen({ value, type, field })) return undefined
	const shape = type.kind === "object" ? type.shape : undefined
	const item = type.kind === "map" ? type.item : ANY
	const children = new Map<string, Child>()
	for (const name of Object.keys(value)) {
		const known = shape?.fields.get(name)
		children.set(`f:${name}`, { value: value[name] as Json, type: known?.type ?? item, field: known })
	}
	return children.size === 0 ? undefined : children
}

const NO_CHILDREN: ReadonlyMap<string, Child> = new Map()

/** An object whose members count each by itself. */
function isOpen({ value, type, field }: Child): boolean {
	// A member that may hold anything, as a ControllerRevision's data, counts as a whole.
	const whole = field?.atomic === true || (field !== undefined && type.kind === "any")
	return isObject(value) && !whole && !(type.kind === "object" && type.shape.atomic)
}

function itemsOf(list: readonly Json[], type: Type, field: Field | undefined): ReadonlyMap<string, Child> | undefined {
	if (list.length === 0) return undefined
	const item = type.kind === "list" ? type.item : ANY
	const children = new Map<string, Child>()
	for (const value of list) {
		const element = field === undefined ? undefined : elementOf(value, item, field)
		if (element === undefined || children.has(element)) return undefined
		children.set(element, { value, type: item, field: undefined })
	}
	return children
}

function elementOf(value: Json, item: Type, { set, keys }: Field): string | undefined {
	if (set) return isObject(value) || Array.isArray(value) ? undefined : `v:${JSON.stringify(value)}`
	if (keys === undefined || item.kind !== "object" || !isObject(value)) return undefined
	const pairs = [...keys].sort(byCodeUnit).flatMap((key) => {
		const part = value[key] ?? item.shape.fields.get(key)?.defaultText
		return part === undefined ? [] : [[key, part] as const]
	})
	return pairs.length === 0 ? undefined : `k:${JSON.stringify(Object.fromEntries(pairs))}`
}

export function isEmpty(set: FieldSet): boolean {
	return !set.self && set.children.size === 0
}

export function union(one: FieldSet, other: FieldSet): FieldSet {
	if (other.children.size === 0) return other.self && !one.self ? { self: true, children: one.children } : one
	if (one.children.size === 0) return one.self && !other.self ? { self: true, children: other.children } : other
	const children = new Map(one.children)
	for (const [element, set] of other.children) {
		const known = children.get(element)
		children.set(element, known === undefined ? set : union(known, set))
	}
	return { self: one.self || other.self, children }
}

export function difference(one: FieldSet, other: FieldSet): FieldSet {
	if (one === other) return NO_FIELDS
	if (other.children.size === 0 && !(one.self && other.self)) return one
	return filtered(one, (element) => other.children.get(element), one.self && !other.self, difference)
}

export function intersection(one: FieldSet, other: FieldSet): FieldSet {
	const both = (set: FieldSet, known: FieldSet | undefined) => intersection(set, known ?? NO_FIELDS)
	return filtered(one, (element) => other.children.get(element) ?? NO_FIELDS, one.self && other.self, both)
}

function filtered(
	one: FieldSet,
	otherOf: (element: string) => FieldSet | undefined,
	self: boolean,
	combine: (set: FieldSet, other: FieldSet) => FieldSet,
): FieldSet {
	const children = new Map<string, FieldSet>()
	for (const [element, set] of one.children) {
		const other = otherOf(element)
		const left = other === undefined ? set : combine(set, other)
		if (!isEmpty(left)) children.set(element, left)
	}
	return { self, children }
}

/** `.spec.template.spec.containers[name="agent"].image`, in order. */
export function pathsOf(set: FieldSet, path = ""): readonly string[] {
	const inside = [...set.children].sort(([a], [b]) => byCodeUnit(a, b))
	return [
		...(set.self ? [path] : []),
		...inside.flatMap(([element, child]) => pathsOf(child, path + sayElement(element))),
	]
}

function sayElement(element: string): string {
	const rest = element.slice(2)
	if (element.startsWith("f:")) return `.${rest}`
	if (element.startsWith("v:")) return `[=${rest}]`
	const keys = Object.entries(JSON.parse(rest) as JsonObject)
	return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`
}

/** As `fieldsV1` has it. */
export function encodeFields(set: FieldSet): JsonObject {
	if (set.children.size === 0) return WRITTEN_LEAF
	// No element is a name that objects have of themselves: each begins with its sort.
	const written: Record<string, Json> = set.self ? { ".": WRITTEN_LEAF } : {}
	for (const element of [...set.children.keys()].sort()) {
		written[element] = encodeFields(set.children.get(element) ?? NO_FIELDS)
	}
	return written
}

/** What cannot be read names no field. */
export function decodeFields(value: Json | undefined, depth = 0): FieldSet {
	if (!isObject(value) || depth > DEEPEST) return NO_FIELDS
	const children = new Map<string, FieldSet>()
	for (const element of Object.keys(value)) {
		if (isElement(element)) children.set(element, decodeFields(value[element], depth + 1))
	}
	return children.size === 0 ? LEAF : { self: Object.hasOwn(value, "."), children }
}

function isElement(element: string): boolean {
	if (element.startsWith("f:") || element.startsWith("v:")) return true
	if (!element.startsWith("k:")) return false
	try {
		return isObject(JSON.parse(element.slice(2)) as Json)
	} catch {
		return false
	}
}
