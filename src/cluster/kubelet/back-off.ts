const FIRST_MS = 10_000
export const LONGEST_BACKOFF_MS = 300_000
// 10 s doubles to 5 min in five steps; a larger shift would overflow.
const DOUBLINGS = 5

/** L12: a container starts again at once after its first crash, then after 10 s, 20 s … 5 min. `crash` counts from 1. */
export function crashDelayMs(crash: number, ranMs: number): number {
	if (ranMs >= HEALTHY_MS || crash <= 1) return 0
	return doubled(crash - 2)
}

/** L8: a failed pull is tried again after 10 s, 20 s … 5 min. `failure` counts from 1. */
export function pullDelayMs(failure: number): number {
	return doubled(failure - 1)
}

/** L12: a container that ran this long has its back-off forgotten. */
export const HEALTHY_MS = 600_000

/** L13: how many whole cycles of a loop at its longest back-off have passed; nothing of it stands on the timeline. */
export function cyclesAt(restingSince: number, cycleMs: number, now: number): number {
	return cycleMs <= 0 || now < restingSince ? 0 : Math.floor((now - restingSince) / cycleMs)
}

function doubled(times: number): number {
	return Math.min(FIRST_MS * 2 ** Math.min(times, DOUBLINGS), LONGEST_BACKOFF_MS)
}
