import { formatDuration } from "../../base/index.ts"
import type { Place, RolloutForecast } from "../../rehearse/index.ts"
import { oneLine } from "../output/visible.ts"
import type { PlanResult } from "../world.ts"

/** Places that are named. */
const LISTED = 12

/** What the time of a rollout rests on, and how much of it each takes. */
export function basisLines(rollout: RolloutForecast, result: Pick<PlanResult, "pace" | "unpaced">): string[] {
	const { behaviors, defaults, stopMs, startMs, availableMs } = rollout.restsOn
	const named = behaviors.length === 0 ? "" : `PodBehavior ${behaviors.map(oneLine).join(", ")}`
	const rest = defaults.length === 0 ? "" : `the defaults (${defaults.join(", ")})`
	const says = [named, rest].filter((part) => part !== "").join(" and ")
	const takes = `${formatDuration(stopMs)} to stop, ${formatDuration(startMs)} to be ready, ${formatDuration(availableMs)} more to be available`
	return [`rests on ${says}: a node takes ${takes} (medians)`, paceText(rollout, result)]
}

/** Milliseconds that a rollout takes for the sake of the client limit; undefined where that is not known. */
export function paceMs(rollout: RolloutForecast, unpaced: PlanResult["unpaced"]): number | undefined {
	const without = unpaced?.rollouts.find(({ daemonSet }) => daemonSet === rollout.daemonSet)
	if (without?.endedAt === undefined || rollout.endedAt === undefined) return undefined
	return Math.max(0, rollout.endedAt - rollout.startedAt - (without.endedAt - without.startedAt))
}

function paceText(rollout: RolloutForecast, result: Pick<PlanResult, "pace" | "unpaced">): string {
	const { qps, burst } = result.pace
	if (qps === 0) return "and on a control plane without a client limit"
	const ms = paceMs(rollout, result.unpaced)
	const takes = ms === undefined ? "" : `, which takes ${ms === 0 ? "none" : formatDuration(ms)} of it`
	return `and on a control plane of ${qps} requests a second, ${burst} at once${takes}`
}

/** `pool-a: zone-1 4, zone-2 4; pool-b 2`. */
export function placesText(places: readonly Place[]): string {
	const pools = new Map<string, string[]>()
	for (const { pool, zone, nodes } of places.slice(0, LISTED)) {
		const said = zone === "" ? `${nodes}` : `${oneLine(zone)} ${nodes}`
		pools.set(pool, [...(pools.get(pool) ?? []), said])
	}
	const named = [...pools].map(([pool, said]) => `${oneLine(pool)}: ${said.join(", ")}`).join("; ")
	return places.length > LISTED ? `${named}; and ${places.length - LISTED} places more` : named
}

/** Where nodes restart, gain and lose its pod: a line each. */
export function placeLines({ places }: RolloutForecast): string[] {
	return (["restarts", "gains", "losses"] as const).flatMap((deed) => {
		const there = places.filter((place) => place[deed] > 0).map((place) => ({ ...place, nodes: place[deed] }))
		return there.length === 0 ? [] : [`${deed}: ${placesText(there)}`]
	})
}

/** `6 pods more at once, 600m cpu, 1536Mi memory`; empty where it needs no more room than it has. */
export function surgeText({ surge: { pods, cpuMilli, memoryBytes } }: RolloutForecast): string {
	if (pods === 0) return ""
	const parts = [
		`${pods} ${pods === 1 ? "pod" : "pods"} more at once`,
		...(cpuMilli > 0 ? [`${cpuMilli}m cpu`] : []),
		...(memoryBytes > 0 ? [`${Math.ceil(memoryBytes / 1_048_576)}Mi memory`] : []),
	]
	return parts.join(", ")
}

/** What the time of pods was learned from, image by image. */
export function learnedLines({ learned = [] }: Pick<PlanResult, "learned">): string[] {
	return learned.map(({ image, rollouts, nodes, behavior }) => {
		const from = `${rollouts.length === 1 ? "rollout" : "rollouts"} ${rollouts.join(", ")}`
		return `${behavior.metadata.name}: ${oneLine(image)}, from ${nodes} nodes of ${from}`
	})
}
