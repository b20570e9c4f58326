import type { OwnerReference } from "../../kube/index.ts"

export type Propagation = "Background" | "Foreground" | "Orphan"

export const FOREGROUND = "foregroundDeletion"
export const ORPHAN = "orphan"

/** An object as the collector sees it. `id` is whatever its holder calls it by. */
export type Owned<Id> = {
	readonly id: Id
	readonly uid: string
	readonly terminating: boolean
	readonly finalizers: readonly string[]
	readonly owners: readonly OwnerReference[]
}

/** What the collector asks about the others. `dependents` are in the holder's own fixed order. */
export type OwnerIndex<Id> = {
	readonly exists: (uid: string) => boolean
	/** True while that owner waits for its dependents (it has the foreground finalizer and is terminating). */
	readonly waits: (uid: string) => boolean
	readonly dependents: (uid: string) => Iterable<Owned<Id>>
}

export type OwnerAction<Id> =
	| { readonly kind: "delete"; readonly id: Id; readonly propagation: Propagation }
	/** Takes the owner references to these uids away. */
	| { readonly kind: "release"; readonly id: Id; readonly uids: readonly string[] }
	| { readonly kind: "remove-finalizer"; readonly id: Id; readonly finalizer: string }

/**
 * G8: what a delete does first: with finalizers the object stays, marked as terminating; foreground and orphan deletion
 * add one of their own (and raise generation, N13). `gone` where nothing holds it.
 */
export function beginDelete(
	finalizers: readonly string[],
	propagation: Propagation,
): { readonly gone: boolean; readonly finalizers: readonly string[] } {
	const others = finalizers.filter((name) => name !== FOREGROUND && name !== ORPHAN)
	const own = propagation === "Foreground" ? [FOREGROUND] : propagation === "Orphan" ? [ORPHAN] : []
	const all = [...others, ...own]
	return { gone: all.length === 0, finalizers: all }
}

/**
 * G9: what the collector does next about an object whose owners may be gone. With no owner left it is deleted; with some
 * left, references to those that are gone or wait go; where all that are left wait and it has dependents itself,
 * it waits for those as well.
 */
export function judgeDependent<Id>(object: Owned<Id>, index: OwnerIndex<Id>): OwnerAction<Id> | undefined {
	if (object.owners.length === 0 || object.terminating) return undefined
	const solid: OwnerReference[] = []
	const waiting: OwnerReference[] = []
	const dangling: OwnerReference[] = []
	for (const owner of object.owners) {
		if (!index.exists(owner.uid)) dangling.push(owner)
		else if (index.waits(owner.uid)) waiting.push(owner)
		else solid.push(owner)
	}
	if (solid.length > 0) {
		const uids = [...dangling, ...waiting].map((owner) => owner.uid)
		return uids.length === 0 ? undefined : { kind: "release", id: object.id, uids }
	}
	if (waiting.length > 0 && !isEmpty(index.dependents(object.uid))) {
		return { kind: "delete", id: object.id, propagation: "Foreground" }
	}
	return { kind: "delete", id: object.id, propagation: ownPropagation(object) }
}

/**
 * G10: what the collector does next about a terminating owner. Foreground: its dependents are deleted, and its finalizer
 * goes once none is left that blocks it. Orphan: its dependents are released, then its finalizer goes.
 */
export function judgeOwner<Id>(owner: Owned<Id>, index: OwnerIndex<Id>): readonly OwnerAction<Id>[] {
	if (!owner.terminating) return []
	if (owner.finalizers.includes(ORPHAN)) {
		const released = [...index.dependents(owner.uid)].map(
			(dependent): OwnerAction<Id> => ({ kind: "release", id: dependent.id, uids: [owner.uid] }),
		)
		return [...released, { kind: "remove-finalizer", id: owner.id, finalizer: ORPHAN }]
	}
	if (!owner.finalizers.includes(FOREGROUND)) return []
	const dependents = [...index.dependents(owner.uid)]
	if (!dependents.some((dependent) => blocks(dependent, owner.uid))) {
		return [{ kind: "remove-finalizer", id: owner.id, finalizer: FOREGROUND }]
	}
	return dependents.flatMap((dependent) => judgeDependent(dependent, index) ?? [])
}

/** Whether removing this object lets the owners that wait for it go on; the collector then asks `judgeOwner` about them. */
export function blocks<Id>(dependent: Owned<Id>, ownerUid: string): boolean {
	return dependent.owners.some((owner) => owner.uid === ownerUid && owner.blockOwnerDeletion === true)
}

function ownPropagation<Id>(object: Owned<Id>): Propagation {
	if (object.finalizers.includes(ORPHAN)) return "Orphan"
	return object.finalizers.includes(FOREGROUND) ? "Foreground" : "Background"
}

function isEmpty(items: Iterable<unknown>): boolean {
	for (const _ of items) return false
	return true
}
