import { jsonEqual } from "../base/index.ts"
import {
	applyDefaults,
	applyOwned,
	fieldChanges,
	IMPLIED_ANNOTATION,
	type KubeObject,
	type ObjectKey,
} from "../kube/index.ts"
import type { Change, Described } from "./contract.ts"
import { inApplyOrder } from "./order.ts"

export type Question = {
	/** The objects that may differ: work follows these, not the size of the repository. */
	readonly keys: Iterable<ObjectKey>
	readonly desired: (key: ObjectKey) => Described | undefined
	/** What git described when it was last applied: only this is ever pruned. */
	readonly applied: (key: ObjectKey) => KubeObject | undefined
	readonly live: (key: ObjectKey) => KubeObject | undefined
}

/**
 * Desired, last applied and live → changes, in apply order. Fields that git does not set are no changes, nor are
 * defaults: what is compared is the live object with what the commit's apply would make of it.
 */
export function compare(question: Question): Change[] {
	const changes: Change[] = []
	for (const key of new Set(question.keys)) {
		const change = compareOne(key, question.desired(key), question.applied(key), question.live(key))
		if (change !== undefined) changes.push(change)
	}
	return inApplyOrder(changes)
}

function compareOne(
	key: ObjectKey,
	desired: Described | undefined,
	before: KubeObject | undefined,
	live: KubeObject | undefined,
): Change | undefined {
	if (desired === undefined) {
		if (before === undefined || isImplied(before)) return undefined
		return { key, action: "delete", before, fields: [] }
	}
	const after = desired.object
	const place = { path: desired.path, line: desired.line, ...(before === undefined ? {} : { before }) }
	if (live === undefined) return { key, action: "create", after, fields: [], ...place }
	const applied = applyOwned({ live, after, ...(before === undefined ? {} : { before }) })
	const fields = fieldChanges(applyDefaults(live), applyDefaults(applied))
	if (fields.length === 0 && jsonEqual(before, after)) return undefined
	return { key, action: "update", after, fields, ...place }
}

/** A namespace that was made because an object needed it may hold what did not come from git: it stays. */
function isImplied({ metadata }: KubeObject): boolean {
	return metadata.annotations?.[IMPLIED_ANNOTATION] !== undefined
}

/** What differs between two commits, whatever the cluster holds: by object and field, defaults aside. */
export function compareStates(
	before: ReadonlyMap<ObjectKey, Described>,
	after: ReadonlyMap<ObjectKey, Described>,
): Change[] {
	const changes: Change[] = []
	for (const [key, { object }] of before) {
		if (!after.has(key)) changes.push({ key, action: "delete", before: object, fields: [] })
	}
	for (const [key, { object, path, line }] of after) {
		const old = before.get(key)?.object
		if (old === undefined) changes.push({ key, action: "create", after: object, fields: [], path, line })
		else if (!jsonEqual(old, object)) {
			const fields = fieldChanges(applyDefaults(old), applyDefaults(object))
			if (fields.length > 0) changes.push({ key, action: "update", before: old, after: object, fields, path, line })
		}
	}
	return inApplyOrder(changes)
}
