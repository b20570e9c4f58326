/** K17: a pod that found no place is tried again when something changed, but not before this: 1 s doubling to 10 s. */
export function retryDelayMs(attempts: number): number {
	return Math.min(INITIAL_MS * 2 ** Math.min(Math.max(attempts, 1) - 1, 4), LONGEST_MS)
}

const INITIAL_MS = 1_000
const LONGEST_MS = 10_000
