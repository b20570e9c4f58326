import type { LedgerEntry, RefusedObject } from "../history/index.ts"
import type { Finding, ObjectKey } from "../kube/index.ts"
import type { Change, Hold } from "../plan/index.ts"
import type { Rehearsed, RolloutForecast } from "./contract.ts"

/** A commit with what it would come to: what measures are taken of. */
export type Foreseen = {
	readonly verdict: Extract<LedgerEntry, { kind: "commit" }>["verdict"]
	readonly changes: readonly Change[]
	readonly holds: readonly Hold[]
	/** Why it is held, or what of it waits. */
	readonly reason?: string
	/** Objects that wait by themselves, and why: they were rolled back from what comes again. */
	readonly waiting?: ReadonlyMap<ObjectKey, string>
	readonly findings: readonly Finding[]
	readonly refused: readonly RefusedObject[]
	readonly rehearsed: Rehearsed
}

/** One reading of a measure: of a DaemonSet, of a zone, or of the commit as a whole. */
export type Taken = {
	readonly value: number
	/** What a percentage is of; absent where a percentage means nothing. */
	readonly of?: number
	readonly daemonSet?: ObjectKey
	readonly zone?: string
}

export type Measure = {
	readonly name: string
	/** `ms`: given and shown as a duration. */
	readonly unit: "count" | "nodes" | "ms"
	readonly about: string
	/** None where there is nothing to measure. */
	readonly take: (foreseen: Foreseen) => readonly Taken[]
}

/** Everything that gates can be about; the same names are in the JSON of a plan. */
export const MEASURES: readonly Measure[] = [
	nodes("unavailable", "nodes of one DaemonSet without an available pod at once", ({ down, desired }) => [
		{ value: down.most, of: desired },
	]),
	nodes("unavailable-in-zone", "the same within one zone", ({ down }) =>
		[...down.mostByZone].map(([zone, value]) => ({ value, zone })),
	),
	nodes("restarts", "nodes of one DaemonSet whose pod is replaced", ({ restarts, desired }) => [
		{ value: restarts, of: desired },
	]),
	nodes("gains", "nodes on which a DaemonSet gets a pod", ({ gains, desired }) => [{ value: gains, of: desired }]),
	nodes("losses", "nodes on which a DaemonSet loses its pod", ({ losses, desired }) => [
		{ value: losses, of: desired },
	]),
	nodes("surge", "nodes of one DaemonSet with their old pod and their new one at once", ({ surge, desired }) => [
		{ value: surge.pods, of: desired },
	]),
	{
		name: "duration",
		unit: "ms",
		about: "from the commit until a DaemonSet's rollout is over, or stuck",
		take: ({ rehearsed }) =>
			rehearsed.rollouts.map(({ daemonSet, startedAt, endedAt }) => ({
				value: (endedAt ?? rehearsed.endedAt) - startedAt,
				daemonSet,
			})),
	},
	count("stuck", "rollouts that do not complete", ({ rehearsed }) => stuckIn(rehearsed)),
	count("preempted", "pods that are preempted", ({ rehearsed }) => rehearsed.preempted.length),
	count("evicted", "pods that are evicted", ({ rehearsed }) => rehearsed.evicted.length),
	count("pending", "pods without a place at the end", ({ rehearsed }) => rehearsed.pending.length),
	count("created", "objects that are created", ({ changes }) => having(changes, "create")),
	count("changed", "objects that are changed", ({ changes }) => having(changes, "update")),
	count("pruned", "objects that are removed", ({ changes }) => having(changes, "delete")),
	count(
		"held",
		"guards that hold the commit, and objects that wait",
		({ holds, waiting }) => holds.length + (waiting?.size ?? 0),
	),
	count("refused", "objects that cannot be taken", ({ refused }) => refused.length),
	count(
		"findings",
		"errors and warnings in what the commit changes",
		({ findings }) => findings.filter(({ severity }) => severity !== "info").length,
	),
]

/** How many rollouts get stuck, or never end. */
export function stuckIn({ rollouts }: Rehearsed): number {
	return rollouts.filter(({ verdict }) => verdict === undefined || verdict === "stuck").length
}

/** The most nodes of one DaemonSet that are down at once. */
export function mostDownIn({ rollouts }: Rehearsed): number {
	return Math.max(0, ...rollouts.map(({ down }) => down.most))
}

export function measureNamed(name: string): Measure | undefined {
	return MEASURES.find((measure) => measure.name === name)
}

function count(name: string, about: string, value: (foreseen: Foreseen) => number): Measure {
	return { name, unit: "count", about, take: (foreseen) => [{ value: value(foreseen) }] }
}

function nodes(name: string, about: string, take: (rollout: RolloutForecast) => readonly Taken[]): Measure {
	return {
		name,
		unit: "nodes",
		about,
		take: ({ rehearsed }) =>
			rehearsed.rollouts.flatMap((rollout) =>
				take(rollout).map((taken) => ({ ...taken, daemonSet: rollout.daemonSet })),
			),
	}
}

function having(changes: readonly Change[], action: Change["action"]): number {
	return changes.filter((change) => change.action === action).length
}
