import type { Instant } from "../base/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { CauseCount, NodeStep, RevisionRef, RolloutNumbers, RolloutTrigger } from "./contract.ts"
import { type History, versionOf } from "./history.ts"
import { whatIsMissing } from "./rollout-end.ts"

/** A rollout as it stands now. */
export type RolloutProgress = {
	readonly rollout: number
	readonly daemonSet: ObjectKey
	readonly trigger: RolloutTrigger
	readonly from?: RevisionRef
	readonly to: RevisionRef
	readonly startedAt: Instant
	/** The cluster is settled, and it is not complete. */
	readonly stuck: boolean
	readonly nodes: RolloutNumbers
	/** Nodes without an available pod now, by their pods' facts: ahead of the stored status. */
	readonly unavailable: number
}

/** The rollouts that are not complete, by number. */
export function openRollouts(history: History): RolloutProgress[] {
	const progress: RolloutProgress[] = []
	for (const daemonSet of history.open) {
		const story = history.daemonSets.get(daemonSet)
		if (story === undefined) continue
		const { board, rollout, status } = story
		const { number, startedAt, trigger, from, to } = rollout
		const nodes = { ...status, mostUnavailable: board.mostUnavailable }
		progress.push({
			rollout: number,
			daemonSet,
			trigger,
			...(from && { from }),
			to,
			startedAt,
			stuck: story.settledAs === versionOf(history, story),
			nodes,
			unavailable: board.unavailable,
		})
	}
	return progress.sort((a, b) => a.rollout - b.rollout)
}

/** Why nodes of a DaemonSet have no available pod now; none where there is no such DaemonSet. Walks its nodes. */
export function causesOf(history: History, daemonSet: ObjectKey): readonly CauseCount[] {
	return history.daemonSets.get(daemonSet)?.board.causes(!history.open.has(daemonSet)) ?? []
}

/** One sentence on how far the newest rollout of a DaemonSet came, and what keeps it. Walks its nodes. */
export function reasonOf(history: History, daemonSet: ObjectKey): string {
	const story = history.daemonSets.get(daemonSet)
	if (story === undefined) return "there is no such DaemonSet"
	return whatIsMissing(story, story.board.causes(story.settledAs === versionOf(history, story)))
}

/** What nodes went through that no ledger entry tells yet, by node name: of open rollouts, and since the last ended. */
export function unsealedSteps(
	history: History,
	daemonSet: ObjectKey,
): { readonly rollout: number; readonly steps: Iterable<NodeStep> } | undefined {
	const story = history.daemonSets.get(daemonSet)
	return story && { rollout: story.rollout.number, steps: story.board.steps(false) }
}
