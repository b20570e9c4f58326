import type { Ledger, RolloutRow } from "../../history/index.ts"
import { type Lesson, lessonsOf, repositoryOf } from "../../rehearse/index.ts"

/** How far back it looks, and from how many rollouts of one image repository it learns. */
const NEWEST = 500
const OF_ONE = 3

/** What the newest rollouts that completed teach of their pods. */
export function learn(ledger: Ledger): Lesson[] {
	const taken = new Map<string, RolloutRow[]>()
	for (const row of ledger.rollouts({ verdict: "complete", limit: NEWEST })) {
		const image = repositoryOf(row.to.images[0] ?? "")
		const rows = taken.get(image) ?? []
		taken.set(image, rows)
		if (rows.length < OF_ONE) rows.push(row)
	}
	const past = [...taken.values()].flat()
	return lessonsOf(past.map(({ rollout, to }) => ({ rollout, images: to.images, steps: ledger.steps(rollout) })))
}
