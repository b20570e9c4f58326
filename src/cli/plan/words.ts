import { formatDuration } from "../../base/index.ts"
import type { Foreseen, RolloutForecast } from "../../rehearse/index.ts"
import { placeOf } from "../ledger/words.ts"
import { oneLine } from "../output/visible.ts"

/** What a commit does, in one sentence without its subject: `restarts logging/fluentd on 312 of 500 nodes, 4m10s, …`. */
export function sentence({ verdict, reason, waiting, refused, changes, rehearsed }: Foreseen): string {
	if (verdict === "held") return `would be held: ${reason}`
	const waits = [...(waiting?.values() ?? [])]
	const { rollouts, preempted, evicted, pending } = rehearsed
	const parts = rollouts.map(sayRollout)
	if (changes.length === 0) parts.push("changes nothing")
	else if (parts.length === 0) parts.push("moves no pod")
	const paid = [
		...counted(preempted.length, "pod is preempted", "pods are preempted"),
		...counted(evicted.length, "pod is evicted", "pods are evicted"),
		...counted(pending.length, "pod finds no place", "pods find no place"),
		...counted(refused.length, "object is refused", "objects are refused"),
	]
	return [...parts, ...paid, ...waits].join("; ")
}

function sayRollout(rollout: RolloutForecast): string {
	const { daemonSet, desired, restarts, gains, losses, startedAt, endedAt, verdict, down } = rollout
	const deeds = [
		...(restarts > 0 ? [`restarts ${placeOf(daemonSet)} on ${restarts} of ${nodes(desired)}`] : []),
		...(gains > 0 ? [`brings ${placeOf(daemonSet)} to ${nodes(gains)}`] : []),
		...(losses > 0 ? [`takes ${placeOf(daemonSet)} from ${nodes(losses)}`] : []),
	]
	const paused = rollout.paused === undefined ? "" : `, as it is ${oneLine(rollout.paused)}`
	if (deeds.length === 0) return `moves no pod of ${placeOf(daemonSet)}${paused}`
	const time = endedAt === undefined ? "without an end" : formatDuration(endedAt - startedAt)
	const already = down.atStart > 0 ? `, ${down.atStart} of them before` : ""
	const stuck = verdict === "stuck" ? ", and gets stuck" : ""
	return `${deeds.join(" and ")}, ${time}, at most ${down.most} down at once${already}${stuck}${paused}`
}

function nodes(count: number): string {
	return `${count} ${count === 1 ? "node" : "nodes"}`
}

function counted(count: number, one: string, many: string): string[] {
	return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]
}
