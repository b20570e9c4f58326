import type { Instant } from "../../base/index.ts"
import { type Census, excessPods, Flag, failedPods, type NodeHandle, type PodHandle } from "./census.ts"
import { type BackOff, type BackOffs, backOffKey, isBackingOff, nextBackOff } from "./failed-pods.ts"

/** What a pass wants done. At most `limit` of each; what is left comes up again in a later pass (rule S5). */
export type PassOutcome = {
	readonly create: readonly NodeHandle[]
	readonly remove: readonly PodHandle[]
}

export type ManageOutcome = PassOutcome & {
	/** Those of `remove` that failed; each is worth an event. */
	readonly failed: readonly PodHandle[]
	/** Back-offs that changed, by key. */
	readonly backOffs: BackOffs
	/** M3: when the key has to come back because a failed pod waits. */
	readonly retryAfterMs?: number
}

/** Whose failed pods these are (the key of rule M3), and how they have fared. */
export type FailedPodsOf = { readonly uid: string; readonly observedGeneration: number; readonly backOffs: BackOffs }

/** The placement pass: rules M1 to M7, and with `hard` R11. Failed pods are deleted first, then by node name. */
export function manage(census: Census, failing: FailedPodsOf, limit: number, hard = false): ManageOutcome {
	const { failed, backOffs, retryAfterMs } = removeFailed(census, failing, census.now)
	const remove = failed.slice(0, limit)
	for (const node of remove.length < limit ? census.inOrder(Flag.Excess) : []) {
		remove.push(...excessPods(census.entry(node), census.settings, census.now, hard))
		if (remove.length >= limit) break
	}
	return {
		create: take(census.inOrder(Flag.Create), limit),
		remove: remove.slice(0, limit),
		failed: failed.slice(0, limit),
		backOffs,
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	}
}

/** The first `count` of a sequence, without asking for more. */
export function take<T>(items: Iterable<T>, count: number): T[] {
	const taken: T[] = []
	if (count <= 0) return taken
	for (const item of items) {
		taken.push(item)
		if (taken.length >= count) break
	}
	return taken
}

// M2, M3: the back-off is asked for every failed pod, so a second one on the node waits for the first one's delay.
function removeFailed(census: Census, failing: FailedPodsOf, now: Instant) {
	const failed: PodHandle[] = []
	const backOffs = new Map<string, BackOff>()
	let retryAfterMs: number | undefined
	for (const node of census.inOrder(Flag.Failed)) {
		const key = backOffKey(failing.uid, failing.observedGeneration, census.nodeName(node))
		for (const pod of failedPods(census.entry(node))) {
			const entry = backOffs.get(key) ?? failing.backOffs.get(key)
			if (isBackingOff(entry, now)) {
				retryAfterMs = Math.min(retryAfterMs ?? entry.delayMs, entry.delayMs)
				continue
			}
			backOffs.set(key, nextBackOff(entry, now))
			failed.push(pod)
		}
	}
	return { failed, backOffs, retryAfterMs }
}
