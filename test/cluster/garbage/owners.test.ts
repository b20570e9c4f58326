import { describe, expect, it } from "vitest"
import {
	beginDelete,
	blocks,
	FOREGROUND,
	judgeDependent,
	judgeOwner,
	ORPHAN,
	type Owned,
	type OwnerIndex,
	type Propagation,
} from "../../../src/cluster/garbage/index.ts"
import type { OwnerReference } from "../../../src/kube/index.ts"

type Thing = Owned<string>

function owner(uid: string, blockOwnerDeletion = true): OwnerReference {
	return { apiVersion: "v1", kind: "Thing", name: uid, uid, blockOwnerDeletion }
}

function thing(uid: string, more: Partial<Thing> = {}): Thing {
	return { id: uid, uid, terminating: false, finalizers: [], owners: [], ...more }
}

function indexOf(things: readonly Thing[]): OwnerIndex<string> {
	const waits = (thing: Thing): boolean => thing.terminating && thing.finalizers.includes(FOREGROUND)
	return {
		exists: (uid) => things.some((thing) => thing.uid === uid),
		waits: (uid) => things.some((thing) => thing.uid === uid && waits(thing)),
		dependents: (uid) => things.filter((thing) => thing.owners.some((reference) => reference.uid === uid)),
	}
}

/** Deletes `uid` and lets the collector work until nothing is left to do: what remains, and in which order things went. */
function cascade(start: readonly Thing[], uid: string, propagation: Propagation) {
	let things = [...start]
	const gone: string[] = []
	const replace = (id: string, change: (thing: Thing) => Thing): void => {
		things = things.map((thing) => (thing.id === id ? change(thing) : thing))
	}
	const remove = (id: string, how: Propagation): void => {
		const target = things.find((thing) => thing.id === id)
		if (target === undefined) return
		const begun = beginDelete(target.finalizers, how)
		replace(id, (thing) => ({ ...thing, terminating: true, finalizers: begun.finalizers }))
		settle(id)
	}
	const settle = (id: string): void => {
		const target = things.find((thing) => thing.id === id)
		if (target === undefined || !target.terminating || target.finalizers.length > 0) return
		things = things.filter((thing) => thing.id !== id)
		gone.push(id)
	}
	remove(uid, propagation)
	for (let round = 0; round < 20; round++) {
		const index = indexOf(things)
		const actions = things.flatMap((thing) => [
			...judgeOwner(thing, index),
			...[judgeDependent(thing, index) ?? []].flat(),
		])
		for (const action of actions) {
			if (action.kind === "delete") remove(action.id, action.propagation)
			if (action.kind === "release") {
				replace(action.id, (thing) => ({
					...thing,
					owners: thing.owners.filter((reference) => !action.uids.includes(reference.uid)),
				}))
			}
			if (action.kind === "remove-finalizer") {
				replace(action.id, (thing) => ({
					...thing,
					finalizers: thing.finalizers.filter((name) => name !== action.finalizer),
				}))
				settle(action.id)
			}
		}
		if (actions.length === 0) return { gone, left: things }
	}
	throw new Error("the cascade does not end")
}

const FAMILY = [thing("ds"), thing("pod", { owners: [owner("ds")] }), thing("lease", { owners: [owner("pod", false)] })]

describe("cascading deletion", () => {
	it("[G9] in the background takes the owner first, then whatever it leaves behind", () => {
		expect(cascade(FAMILY, "ds", "Background")).toEqual({ gone: ["ds", "pod", "lease"], left: [] })
	})

	it("[G10] in the foreground waits for its dependents", () => {
		expect(cascade(FAMILY, "ds", "Foreground").gone).toEqual(["pod", "lease", "ds"])
		const strict = [...FAMILY.slice(0, 2), thing("lease", { owners: [owner("pod")] })]
		expect(cascade(strict, "ds", "Foreground").gone).toEqual(["lease", "pod", "ds"])
	})

	it("[G10] in the foreground does not wait for one that does not block", () => {
		const loose = [thing("ds"), thing("pod", { owners: [owner("ds", false)] })]
		expect(cascade(loose, "ds", "Foreground").gone).toEqual(["ds", "pod"])
	})

	it("[G10] as orphans releases the dependents", () => {
		const { gone, left } = cascade(FAMILY, "ds", "Orphan")
		expect(gone).toEqual(["ds"])
		expect(left).toEqual([thing("pod"), thing("lease", { owners: [owner("pod", false)] })])
	})

	it("[G8] is held up by a finalizer of somebody else", () => {
		const held = [thing("ds"), thing("pod", { owners: [owner("ds")], finalizers: ["example.com/hold"] })]
		const { gone, left } = cascade(held, "ds", "Foreground")
		expect(gone).toEqual([])
		expect(left.map(({ uid, terminating }) => [uid, terminating])).toEqual([
			["ds", true],
			["pod", true],
		])
	})

	it("[G9] releases a dependent that still has another owner", () => {
		const shared = [thing("a"), thing("b"), thing("pod", { owners: [owner("a"), owner("b")] })]
		expect(cascade(shared, "a", "Background")).toEqual({
			gone: ["a"],
			left: [thing("b"), thing("pod", { owners: [owner("b")] })],
		})
	})
})

describe("beginDelete", () => {
	const cases: readonly [readonly string[], Propagation, boolean, readonly string[]][] = [
		[[], "Background", true, []],
		[["x"], "Background", false, ["x"]],
		[[], "Foreground", false, [FOREGROUND]],
		[["x", ORPHAN], "Foreground", false, ["x", FOREGROUND]],
		[[FOREGROUND], "Orphan", false, [ORPHAN]],
	]
	for (const [finalizers, propagation, gone, want] of cases) {
		it(`[G8] ${propagation} with [${finalizers}] leaves [${want}]`, () => {
			expect(beginDelete(finalizers, propagation)).toEqual({ gone, finalizers: want })
		})
	}
})

describe("blocks", () => {
	it("[G10] is about that very owner", () => {
		const dependent = thing("pod", { owners: [owner("a"), owner("b", false)] })
		expect([blocks(dependent, "a"), blocks(dependent, "b"), blocks(dependent, "c")]).toEqual([true, false, false])
	})
})
