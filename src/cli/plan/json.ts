import { formatInstant, type JsonObject } from "../../base/index.ts"
import {
	type Affected,
	type Broken,
	type Down,
	type Foreseen,
	MEASURES,
	type Rehearsed,
	type RolloutForecast,
} from "../../rehearse/index.ts"
import { fieldJson, objectJson } from "../ledger/json.ts"
import { record } from "../output/document.ts"
import type { PlanResult } from "../world.ts"
import { paceMs } from "./basis.ts"
import { sentence } from "./words.ts"

/** A plan as a document of `rollcall.dev/v1`. Times end in `At` (cluster time), durations in `Ms`. */
export function planJson(
	{ planned, base, pace, learned, unpaced, runs, compared, faults, fault }: PlanResult,
	broken: readonly Broken[],
): JsonObject {
	const { record: commit, reason, rehearsed, changes, holds, waiting, findings, refused, verdict } = planned
	return record("Plan", {
		commit: { commit: commit.commit, author: commit.author.name, subject: commit.subject },
		base: base.kind === "live" ? { kind: "live", at: formatInstant(base.at) } : { ...base },
		sentence: sentence(planned),
		verdict,
		...(reason === undefined ? {} : { reason }),
		startedAt: formatInstant(rehearsed.startedAt),
		endedAt: formatInstant(rehearsed.endedAt),
		settled: rehearsed.settled,
		digest: rehearsed.digest,
		measures: measuresJson(planned),
		pace: { ...pace },
		...(learned === undefined
			? {}
			: {
					learned: learned.map(({ image, rollouts, nodes, behavior }) => {
						return { image, rollouts: [...rollouts], nodes, behavior: behavior.metadata.name }
					}),
				}),
		...(fault === undefined ? {} : { fault: { fault: fault.number, says: fault.says } }),
		runs: runs.map((rehearsed) => measuresJson({ ...planned, rehearsed })),
		compared: compared.map(({ strategy, rehearsed }) => ({
			strategy: strategy.text,
			measures: measuresJson({ ...planned, rehearsed }),
		})),
		faults: faults.map(({ story, rehearsed }) => ({
			fault: story.number,
			says: story.says,
			measures: measuresJson({ ...planned, rehearsed }),
		})),
		policy: [...planned.policy],
		nextPolicy: [...planned.nextPolicy],
		gates: broken.map(({ gate, message }) => ({ gate: gate.text, message })),
		holds: holds.map((hold) => ({ ...hold })),
		waiting: [...(waiting ?? [])].map(([key, reason]) => ({ object: objectJson(key), reason })),
		changes: changes.map(({ key, action, fields, path, line }) => ({
			object: objectJson(key),
			action,
			...(path === undefined ? {} : { path }),
			...(line === undefined ? {} : { line }),
			fields: fields.map(fieldJson),
		})),
		refused: refused.map(({ key, ...rest }) => ({ object: objectJson(key), ...rest })),
		findings: findings.map((finding) => ({ ...finding })),
		rollouts: rehearsed.rollouts.map((rollout) => rolloutJson(rollout, rehearsed.startedAt, unpaced)),
		decided: [...rehearsed.decided],
		preempted: rehearsed.preempted.map(affectedJson),
		evicted: rehearsed.evicted.map(affectedJson),
		pending: rehearsed.pending.map(affectedJson),
	})
}

/** The largest reading of each measure; null where there is nothing to measure. */
function measuresJson(foreseen: Foreseen): JsonObject {
	const largest = MEASURES.map(({ name, take }) => {
		const readings = take(foreseen).map(({ value }) => value)
		return [name, readings.length === 0 ? null : Math.max(...readings)] as const
	})
	return Object.fromEntries(largest)
}

function rolloutJson(rollout: RolloutForecast, start: number, unpaced: Rehearsed | undefined): JsonObject {
	const { daemonSet, from, to, startedAt, endedAt, verdict, reason, paused, order, down } = rollout
	const { desired, updated, available, restarts, gains, losses, places, leftOut, surge, restsOn } = rollout
	const paced = paceMs(rollout, unpaced)
	return {
		daemonSet: objectJson(daemonSet),
		...(from === undefined ? {} : { from: { ...from } }),
		to: { ...to },
		startedAt: formatInstant(startedAt),
		...(endedAt === undefined ? {} : { endedAt: formatInstant(endedAt), tookMs: endedAt - startedAt }),
		verdict: verdict ?? "running",
		...(reason === undefined ? {} : { reason }),
		...(paused === undefined ? {} : { paused }),
		nodes: { desired, updated, available, restarts, gains, losses },
		places: places.map((place) => ({ ...place })),
		leftOut: leftOut.map((group) => ({ ...group, places: group.places.map((place) => ({ ...place })) })),
		surge: { ...surge },
		restsOn: { ...restsOn, ...(paced === undefined ? {} : { paceMs: paced }) },
		down: downJson(down, start),
		order: order.map(({ node, stoppedAt, createdAt, availableAt, cause }) => ({
			node,
			stoppedMs: after(stoppedAt, start),
			createdMs: after(createdAt, start),
			availableMs: after(availableAt, start),
			...(cause === "" ? {} : { cause }),
		})),
	}
}

/** Milliseconds after the start of the plan; null where it does not happen. */
function after(at: number, start: number): number | null {
	return at === 0 ? null : at - start
}

function downJson({ atStart, most, mostAt, atEnd, mostByZone, samples }: Down, start: number): JsonObject {
	return {
		atStart,
		most,
		mostMs: mostAt - start,
		atEnd,
		mostByZone: Object.fromEntries([...mostByZone].sort()),
		samples: samples.map(({ at, down }) => [at - start, down]),
	}
}

function affectedJson({ daemonSet, at, ...pod }: Affected): JsonObject {
	return { ...pod, at: formatInstant(at), ...(daemonSet === undefined ? {} : { daemonSet: objectJson(daemonSet) }) }
}
