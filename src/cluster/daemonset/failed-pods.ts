import type { Instant } from "../../base/index.ts"

/** How long failed pods of one DaemonSet generation on one node are left alone, and since when. Plain data. */
export type BackOff = { readonly delayMs: number; readonly since: Instant }

/** Keyed by `backOffKey`. */
export type BackOffs = ReadonlyMap<string, BackOff>

const INITIAL_MS = 1_000
const MAX_MS = 900_000
const FORGET_AFTER_MS = 2 * MAX_MS

/** M3: a new observed generation begins anew. */
export function backOffKey(uid: string, observedGeneration: number, nodeName: string): string {
	return `${uid}/${observedGeneration}/${nodeName}`
}

/** M3: true where a failed pod is not deleted yet; the key then comes back after the whole delay. */
export function isBackingOff(entry: BackOff | undefined, now: Instant): entry is BackOff {
	return entry !== undefined && !isForgotten(entry, now) && now - entry.since < entry.delayMs
}

/** M3: the entry after a failed pod is deleted at `now`: 1 s, doubling to 15 min. */
export function nextBackOff(entry: BackOff | undefined, now: Instant): BackOff {
	if (entry === undefined || isForgotten(entry, now)) return { delayMs: INITIAL_MS, since: now }
	return { delayMs: Math.min(entry.delayMs * 2, MAX_MS), since: now }
}

/** M3: more than 30 minutes without a deletion: as if it had never been. */
export function isForgotten(entry: BackOff, now: Instant): boolean {
	return now - entry.since > FORGET_AFTER_MS
}
