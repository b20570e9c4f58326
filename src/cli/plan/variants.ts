import { formatDuration } from "../../base/index.ts"
import { brokenGates, type Gate, mostDownIn, type Rehearsed, stuckIn } from "../../rehearse/index.ts"
import { formatTable } from "../output/table.ts"
import { oneLine } from "../output/visible.ts"
import type { Faulted, PlanResult } from "../world.ts"

/** Faults that are listed. */
const LISTED = 10

/** The range over all seeds. */
export function seedLines({ planned, runs }: PlanResult): string[] {
	if (runs.length === 0) return []
	const all = [planned.rehearsed, ...runs]
	const times = all.map(({ startedAt, endedAt }) => endedAt - startedAt).sort((a, b) => a - b)
	const downs = all.map(({ down }) => down.most).sort((a, b) => a - b)
	const [least = 0, most = 0] = [downs[0], downs.at(-1)]
	const [shortest = 0, median = 0, longest = 0] = [times[0], times[times.length >> 1], times.at(-1)]
	return [
		`${all.length} seeds: ${formatDuration(median)} (${formatDuration(shortest)} to ${formatDuration(longest)}), at most ${most === least ? most : `${least} to ${most}`} down at once`,
	]
}

/** One row a strategy, and which is the fastest that keeps the gates. */
export function compareText({ planned, compared }: PlanResult, gates: readonly Gate[]): string {
	if (compared.length === 0) return ""
	const keeps = (rehearsed: Rehearsed): boolean =>
		brokenGates(gates, { ...planned, rehearsed }).length === 0 && stuckIn(rehearsed) === 0
	const ways = [
		{ text: "as it is", rehearsed: planned.rehearsed },
		...compared.map(({ strategy, rehearsed }) => ({ text: strategy.text, rehearsed })),
	].map((way) => ({ ...way, time: way.rehearsed.endedAt - way.rehearsed.startedAt, keeps: keeps(way.rehearsed) }))
	const rows = ways.map(({ text, time, rehearsed, keeps: kept }) => {
		const { rollouts, preempted, pending } = rehearsed
		const zone = Math.max(0, ...rollouts.flatMap(({ down }) => [...down.mostByZone.values()]))
		const surge = Math.max(0, ...rollouts.map((rollout) => rollout.surge.pods))
		const counts = [mostDownIn(rehearsed), zone, surge, preempted.length, pending.length].map(String)
		return [oneLine(text), formatDuration(time), ...counts, kept ? "kept" : "broken"]
	})
	const [best] = ways.filter((way) => way.keeps).sort((a, b) => a.time - b.time)
	const word = best === undefined ? "none of them keeps the gates" : `the fastest that keeps the gates: ${best.text}`
	const header = ["STRATEGY", "TIME", "DOWN", "IN A ZONE", "SURGE", "PREEMPTED", "PENDING", "GATES"]
	return `\nStrategies:\n${formatTable(header, rows)}  ${word}\n`
}

/** One row a fault, the worst first. */
export function faultText(faults: readonly Faulted[]): string {
	if (faults.length === 0) return ""
	const rows = faults.slice(0, LISTED).map(({ story, rehearsed }) => {
		const { startedAt, endedAt } = rehearsed
		const stuck = stuckIn(rehearsed)
		const end = stuck === 0 ? "complete" : `${stuck} stuck`
		return [
			`${story.number}`,
			`${mostDownIn(rehearsed)}`,
			formatDuration(endedAt - startedAt),
			end,
			oneLine(story.says),
		]
	})
	const table = formatTable(["FAULT", "DOWN", "TIME", "END", "WHAT"], rows)
	return `\nFaults, the worst first:\n${table}  see one in full: --fault NUMBER\n`
}
