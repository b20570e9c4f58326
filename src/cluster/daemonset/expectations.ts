import type { Instant } from "../../base/index.ts"

/** S4: creations and deletions of a pass that the watch has not delivered yet. Plain data, one per DaemonSet key. */
export type Expectations = { readonly creations: number; readonly deletions: number; readonly since: Instant }

const TIMEOUT_MS = 300_000

/** Set when a pass begins its writes. */
export function expect(creations: number, deletions: number, now: Instant): Expectations {
	return { creations, deletions, since: now }
}

/** Lowered by what the watch delivers, by failed calls, and by creations never tried. They may fall below zero. */
export function lower(
	expectations: Expectations | undefined,
	by: { readonly creations?: number; readonly deletions?: number },
): Expectations | undefined {
	if (expectations === undefined) return undefined
	return {
		creations: expectations.creations - (by.creations ?? 0),
		deletions: expectations.deletions - (by.deletions ?? 0),
		since: expectations.since,
	}
}

/** R1, S4: nothing is waited for, or it was for more than five minutes. */
export function areFulfilled(expectations: Expectations | undefined, now: Instant): boolean {
	if (expectations === undefined) return true
	if (expectations.creations <= 0 && expectations.deletions <= 0) return true
	return now - expectations.since > TIMEOUT_MS
}
