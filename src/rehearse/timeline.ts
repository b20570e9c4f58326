import type { Instant } from "../base/index.ts"
import type { RolloutForecast } from "./contract.ts"

/** A rollout over time, in equal parts. */
export type Timeline = {
	readonly from: Instant
	readonly to: Instant
	/** By part: nodes that still have their old pod, and that have a new one available, at its end. */
	readonly old: readonly number[]
	readonly updated: readonly number[]
	/** By part: the most nodes down at once. */
	readonly down: readonly number[]
}

/** Cuts a rollout into `parts`; it costs what its nodes are, not what its time is. `end`: where one goes on that never ends. */
export function timelineOf(rollout: RolloutForecast, parts: number, end: Instant): Timeline {
	const { startedAt: from, endedAt: to = end, order, down } = rollout
	const partOf = (at: Instant): number => {
		const part = Math.floor(((at - from) * parts) / Math.max(1, to - from))
		return Math.min(parts - 1, Math.max(0, part))
	}
	const stopped = new Array<number>(parts).fill(0)
	const updated = new Array<number>(parts).fill(0)
	let old = 0
	for (const { stoppedAt, availableAt } of order) {
		if (stoppedAt !== 0) {
			old++
			add(stopped, partOf(stoppedAt))
		}
		if (availableAt !== 0) add(updated, partOf(availableAt))
	}
	return {
		from,
		to,
		old: sums(stopped).map((gone) => old - gone),
		updated: sums(updated),
		down: mosts(down.samples, partOf, parts),
	}
}

function add(counts: number[], part: number): void {
	counts[part] = (counts[part] ?? 0) + 1
}

function sums(counts: readonly number[]): number[] {
	let sum = 0
	return counts.map((count) => {
		sum += count
		return sum
	})
}

/** The most in each part; one without a sample has what the part before ended with. */
function mosts(samples: RolloutForecast["down"]["samples"], partOf: (at: Instant) => number, parts: number): number[] {
	const most = new Array<number>(parts).fill(0)
	let part = 0
	let last = 0
	for (const { at, down } of samples) {
		for (const next = partOf(at); part < next; ) most[++part] = last
		most[part] = Math.max(most[part] ?? 0, down)
		last = down
	}
	while (part < parts - 1) most[++part] = last
	return most
}
