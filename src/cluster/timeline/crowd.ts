import { formatInstant, type Instant, invariant } from "../../base/index.ts"
import { Due } from "./due.ts"
import type { Entry } from "./timeline.ts"

/** How many entries have run at one instant: an overrun fails loudly instead of standing still for ever. */
export type Crowd = { at: Instant; ran: number; last: number[] }

export function createCrowd(): Crowd {
	return { at: 0, ran: 0, last: [] }
}

const TOLD = 12

/** Counts an entry that is about to run. Throws an InvariantError naming the last entries once there are `limit` of them. */
export function countIn(crowd: Crowd, entry: Entry, limit: number): void {
	if (crowd.at !== entry.at) {
		crowd.at = entry.at
		crowd.ran = 0
		crowd.last = []
	}
	crowd.ran++
	if (crowd.ran <= limit - TOLD) return
	crowd.last.push(entry.kind, entry.subject)
	if (crowd.ran >= limit) invariant(false, overrun(crowd))
}

function overrun({ at, ran, last }: Crowd): string {
	const names = Object.entries(Due)
	const told = last.flatMap((kind, place) => {
		if (place % 2 === 1) return []
		const name = names.find(([, number]) => number === kind)?.[0] ?? kind
		return [`${name} ${last[place + 1]}`]
	})
	return `the timeline stands still: ${ran} entries at ${formatInstant(at)}, at last ${told.join(", ")}`
}
