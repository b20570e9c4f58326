import { isObject, type JsonObject, jsonEqual } from "../../base/index.ts"
import { decode } from "../decode.ts"
import type { KubeObject } from "../object.ts"
import { prepareCreate, prepareUpdate, TEMPLATE_GENERATION } from "../prepare.ts"
import type { Refusal } from "../refusal.ts"
import { type Shape, shapeOf } from "../schema/facts-reader.ts"
import { applyOwned } from "./apply-owned.ts"
import { conflictRefusal, sayOwner } from "./conflicts.ts"
import { ASSIGNED, describedPart } from "./described.ts"
import {
	appliedFields,
	difference,
	everyField,
	type FieldSet,
	givenFields,
	intersection,
	isEmpty,
	modifiedFields,
	NO_FIELDS,
	pathsOf,
	pickFields,
	union,
} from "./field-set.ts"
import { type Managed, managersOf, withManagers } from "./managers.ts"

/** Who writes, and what `managedFields` says of it. */
type Writer = {
	readonly manager: string
	/** `2026-03-02T09:15:17Z` */
	readonly time: string
	readonly subresource?: "status"
	/** Of a custom resource, what its schema says; of all other kinds it is known. */
	readonly shape?: Shape
}

/**
 * An object as it is about to be written, with who owns which of its fields from then on: what the writer changed,
 * defaults included, is taken from all others.
 */
export function updateManaged(live: KubeObject | undefined, object: KubeObject, writer: Writer): KubeObject {
	const shape = shapeFor(object, writer)
	const after = prepared(live, object, writer)
	const [old, now] = [contentOf(live ?? emptyLike(object)), contentOf(after)]
	const [oldFields, nowFields] = [
		live === undefined ? givenFields(shape) : everyField(shape, old),
		everyField(shape, now),
	]
	const changed = union(difference(nowFields, oldFields), modifiedFields(shape, old, now))
	const removed = difference(oldFields, nowFields)
	const before = live === undefined ? [] : managersGiven(live, object)
	if (isEmpty({ ...changed, self: false }) && isEmpty({ ...removed, self: false })) return withManagers(object, before)
	const own: Managed = { ...entryOf(writer, object, "Update"), fields: { ...changed, self: false } }
	const mine = before.find((entry) => isSame(entry, own))
	const others = before.filter((entry) => entry !== mine)
	const left = others.map((entry) => without(without(entry, changed), removed))
	const fields = union(without(mine ?? { ...own, fields: NO_FIELDS }, removed).fields, own.fields)
	const kept = mine !== undefined && isEmpty(own.fields) ? { ...mine, fields } : { ...own, fields }
	return withManagers(object, [...left, kept])
}

/**
 * What a server-side apply comes to: a refusal where it would take fields from others and is not forced, else the
 * object with what the manager sets, without what it set before and sets no longer, and with who owns what.
 */
export function applyManaged(
	live: KubeObject | undefined,
	object: KubeObject,
	writer: Writer & { readonly force: boolean },
): { readonly object: KubeObject } | { readonly refusal: Refusal } {
	if (live === undefined) return { object: appliedBy(undefined, object, object, writer) }
	const own = appliedEntry(object, writer)
	const shape = shapeFor(object, writer)
	const { mine, others } = managersBut(live, own)
	const theirs = others.reduce((all, entry) => union(all, entry.fields), NO_FIELDS)
	const before = pickFields(shape, contentOf(live), difference(mine?.fields ?? NO_FIELDS, theirs))
	const merged = applyOwned({ live, before: objectOf(live, before), after: object, shape })
	const taken = intersection(changedBy(live, merged, writer), own.fields)
	const conflicts = others.flatMap((entry) =>
		pathsOf(intersection(entry.fields, taken)).map((field) => ({ owner: sayOwner(entry), field })),
	)
	if (conflicts.length > 0 && !writer.force) return { refusal: conflictRefusal(conflicts) }
	return { object: appliedBy(live, merged, object, writer) }
}

/** `merged`, which is what applying `object` by force comes to, with who owns what from then on. */
export function appliedBy(
	live: KubeObject | undefined,
	merged: KubeObject,
	object: KubeObject,
	writer: Writer,
): KubeObject {
	const own = appliedEntry(object, writer)
	if (live === undefined) return withManagers(merged, [own])
	const { mine, others } = managersBut(live, own)
	const taken = others.length === 0 ? NO_FIELDS : intersection(changedBy(live, merged, writer), own.fields)
	// The server notes the time of an apply that changes something alone.
	const { time: _, ...untimed } = own
	const unchanged = jsonEqual(contentOf(live), contentOf(merged))
	const kept = unchanged ? { ...untimed, ...(mine?.time === undefined ? {} : { time: mine.time }) } : own
	return withManagers(merged, [...others.map((entry) => without(entry, taken)), kept])
}

/** The object, of whose status a part of the control plane has changed these members, with who owns what. */
export function statusManaged(object: KubeObject, writer: Writer, members: readonly string[]): KubeObject {
	const status = isObject(object["status"]) ? object["status"] : {}
	const left = statusFields(members.filter((name) => Object.hasOwn(status, name)))
	const gone = statusFields(members.filter((name) => !Object.hasOwn(status, name)))
	const own: Managed = { ...entryOf({ ...writer, subresource: "status" }, object, "Update"), fields: left }
	const { mine, others } = managersBut(object, own)
	const changed = union(left, gone)
	const fields = union(difference(mine?.fields ?? NO_FIELDS, gone), left)
	return withManagers(object, [...others.map((entry) => without(entry, changed)), { ...own, fields }])
}

function statusFields(members: readonly string[]): FieldSet {
	if (members.length === 0) return NO_FIELDS
	const leaf: FieldSet = { self: true, children: new Map() }
	const status: FieldSet = { self: false, children: new Map(members.map((name) => [`f:${name}`, leaf])) }
	return { self: false, children: new Map([["f:status", status]]) }
}

function appliedEntry(object: KubeObject, writer: Writer): Managed {
	const shape = shapeFor(object, writer)
	return { ...entryOf(writer, object, "Apply"), fields: appliedFields(shape, contentOf(describedPart(object))) }
}

function shapeFor({ apiVersion, kind }: KubeObject, { shape }: Writer): Shape | undefined {
	return shape ?? shapeOf(apiVersion, kind)
}

function managersBut(live: KubeObject, own: Managed) {
	const managers = managersOf(live)
	const mine = managers.find((entry) => isSame(entry, own))
	return { mine, others: managers.filter((entry) => entry !== mine) }
}

/** What the server begins with where there is nothing yet. */
function emptyLike({ apiVersion, kind }: KubeObject): KubeObject {
	return decode({ apiVersion, kind, metadata: {} }).object as KubeObject
}

function prepared(live: KubeObject | undefined, object: KubeObject, { subresource }: Writer): KubeObject {
	if (live === undefined) {
		const { status: _, ...created } = prepareCreate(object)
		return created as KubeObject
	}
	const next = prepareUpdate(live, object, subresource ?? "spec")
	if (next.metadata.annotations?.[TEMPLATE_GENERATION] === undefined || subresource !== undefined) return next
	// Raised after the server looked; who leaves it out writes it anew.
	const given = object.metadata.annotations?.[TEMPLATE_GENERATION] ?? "0"
	return {
		...next,
		metadata: { ...next.metadata, annotations: { ...next.metadata.annotations, [TEMPLATE_GENERATION]: given } },
	}
}

/** Those that the written object says, where it does: kubectl hands fields over from one manager to another so. */
function managersGiven(live: KubeObject, object: KubeObject): readonly Managed[] {
	const { managedFields } = object.metadata
	if (managedFields?.length === 1 && jsonEqual(managedFields[0] ?? null, {})) return []
	const given = managersOf(object)
	return given.length > 0 ? given : managersOf(live)
}

/** What the merged object has that the live one has not, or has another value of. */
function changedBy(live: KubeObject, merged: KubeObject, writer: Writer): FieldSet {
	const shape = shapeFor(merged, writer)
	const [old, now] = [contentOf(live), contentOf(merged)]
	const added = difference(everyField(shape, now), everyField(shape, old))
	return union(added, modifiedFields(shape, old, now))
}

const NAMING: ReadonlySet<string> = new Set([...ASSIGNED, "name", "namespace", "selfLink"])

/** All but what names the object and what only the server says of it. */
export function contentOf({ apiVersion: _version, kind: _kind, metadata, ...rest }: KubeObject): JsonObject {
	const kept = Object.entries(metadata).filter(([name]) => !NAMING.has(name))
	return { ...rest, ...(kept.length === 0 ? {} : { metadata: Object.fromEntries(kept) as JsonObject }) }
}

function objectOf({ apiVersion, kind, metadata }: KubeObject, content: JsonObject): KubeObject {
	const { name, namespace } = metadata
	const inside = isObject(content["metadata"]) ? content["metadata"] : {}
	return {
		...content,
		apiVersion,
		kind,
		metadata: { ...inside, name, ...(namespace === undefined ? {} : { namespace }) },
	}
}

function entryOf({ manager, time, subresource }: Writer, { apiVersion }: KubeObject, operation: Managed["operation"]) {
	return { manager, operation, apiVersion, time, ...(subresource === undefined ? {} : { subresource }) }
}

function isSame(one: Managed, other: Managed): boolean {
	return (
		one.manager === other.manager &&
		one.operation === other.operation &&
		one.apiVersion === other.apiVersion &&
		(one.subresource ?? "") === (other.subresource ?? "")
	)
}

function without(entry: Managed, fields: FieldSet): Managed {
	return { ...entry, fields: difference(entry.fields, fields) }
}
