/** A node that dies so soon after its new pod was made may have died of it (rule V2). */
export const KILL_WINDOW_MS = 300_000

/** Nodes that were seen to die, and for how long nodes were watched, in whole seconds of all of them together. */
export type Deaths = { readonly deaths: number; readonly seconds: number }

const LEAST_ODDS = 100n

/**
 * V2: were the exposed nodes no worse off than the others, so many deaths would come in one case of a hundred at the
 * most. By Markov's inequality the chance of `deaths` or more is at most what is expected, divided by `deaths`; expected
 * is the others' rate, as if one more of them had died, so that a fleet in which nobody ever died has a rate as well.
 */
export function isMoreThanChance(exposed: Deaths, others: Deaths): boolean {
	if (exposed.deaths === 0 || others.seconds <= 0) return false
	const expected = BigInt(exposed.seconds) * BigInt(others.deaths + 1)
	return BigInt(exposed.deaths) * BigInt(others.seconds) >= LEAST_ODDS * expected
}
