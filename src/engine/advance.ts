import type { Instant } from "../base/index.ts"
import { isReactionDue, nextReaction, react } from "./reactions.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"

export type Advance = {
	readonly to: Instant
	/** Asked after each instant: true stops early. */
	readonly enough: () => boolean
	/** For the record of what is decided on the way. */
	readonly wall: Instant
	/** What else is looked at, at the instant at which it is due. */
	readonly lookout?: { isDue(): boolean; look(): void }
}

/**
 * As `RecordedCluster.advance`, with what is decided on the way at its own instant, however far one call goes: what fails
 * is reacted to. True where it got there.
 */
export function advance(recorded: RecordedCluster, { to, enough, wall, lookout }: Advance): boolean {
	const isDue = (): boolean => lookout?.isDue() === true || isReactionDue(recorded)
	for (let isThere = false; ; ) {
		if (lookout?.isDue() === true) lookout.look()
		if (isReactionDue(recorded)) react(recorded, wall)
		if (isThere) return true
		if (enough()) return false
		const stop = Math.min(to, nextReaction(recorded))
		const isSooner = (): boolean => nextReaction(recorded) < stop
		isThere = recorded.advance(stop, () => isDue() || isSooner() || enough()) && stop === to
	}
}

/** True where nothing is left to come but repeats, and no deadline. */
export function isSettled(recorded: RecordedCluster): boolean {
	return recorded.cluster.settled() && nextReaction(recorded) === Number.POSITIVE_INFINITY
}

/** When something happens next, or is to be decided; undefined where nothing is left to come. */
export function nextAt(recorded: RecordedCluster): Instant | undefined {
	const next = Math.min(recorded.cluster.nextAt() ?? Number.POSITIVE_INFINITY, nextReaction(recorded))
	return next === Number.POSITIVE_INFINITY ? undefined : next
}
