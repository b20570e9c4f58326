import { formatDuration, type Instant } from "../base/index.ts"
import { type FailurePolicy, type ObjectKey, thresholdPods } from "../kube/index.ts"
import type { DaemonSetStory, FailureRule, History } from "./history.ts"

/** Who pauses what nobody pauses by hand. */
export const AUTOMATON = "rollcall"

/** A rollout that fails now, by what its DaemonSet's annotations say. */
export type FailedRollout = {
	readonly daemonSet: ObjectKey
	readonly rollout: number
	readonly rule: FailureRule
	readonly onFailure: FailurePolicy["onFailure"]
	readonly reason: string
}

/** The rollouts that fail now. Asked at every instant: it costs the DaemonSets that have a policy or are paused. */
export function failedRollouts(history: History, now: Instant): FailedRollout[] {
	const failed: FailedRollout[] = []
	for (const daemonSet of history.watched) {
		const story = goingOn(history, daemonSet)
		const policy = story === undefined ? undefined : watched(story)
		const found = story && policy && judge(story, policy, now)
		if (found) failed.push({ daemonSet, rollout: story.rollout.number, onFailure: policy.onFailure, ...found })
	}
	return failed
}

/** When the next deadline runs out that may fail a rollout; infinity where none does. */
export function nextDeadline(history: History, now: Instant): Instant {
	let next = Number.POSITIVE_INFINITY
	for (const daemonSet of history.watched) {
		const story = goingOn(history, daemonSet)
		const at = story && deadlineOf(story, watched(story))
		if (at !== undefined && at > now && at < next) next = at
	}
	return next
}

/** DaemonSets that Rollcall paused for a rollout that was overtaken by the next one. */
export function overtaken(history: History): ObjectKey[] {
	return [...history.watched].filter((daemonSet) => {
		const story = goingOn(history, daemonSet)
		return story?.stoppedFor !== undefined && story.stoppedFor !== story.rollout.number
	})
}

/** A rollout that failed and is to be rolled back, while Rollcall's own pause holds it. */
export type PendingRollback = {
	readonly daemonSet: ObjectKey
	readonly rollout: number
	readonly rule: FailureRule
	/** What brought it; absent where that was no commit. */
	readonly commit?: string
}

export function pendingRollbacks(history: History): PendingRollback[] {
	const pending: PendingRollback[] = []
	for (const daemonSet of history.watched) {
		const story = goingOn(history, daemonSet)
		if (story?.policy?.onFailure !== "rollback" || story.stoppedFor !== story.rollout.number) continue
		const { number: rollout, failedBy: rule, trigger } = story.rollout
		const brought = trigger.kind === "commit" ? { commit: trigger.commit } : {}
		if (rule !== undefined) pending.push({ daemonSet, rollout, rule, ...brought })
	}
	return pending
}

/** It failed, and somebody has acted on it: that is not done twice. */
export function noteFailed(history: History, daemonSet: ObjectKey, rule: string): void {
	const story = history.daemonSets.get(daemonSet)
	if (story !== undefined && isFailureRule(rule)) story.rollout.failedBy = rule
}

function goingOn(history: History, daemonSet: ObjectKey): DaemonSetStory | undefined {
	return history.open.has(daemonSet) ? history.daemonSets.get(daemonSet) : undefined
}

function isFailureRule(rule: string): rule is FailureRule {
	return rule === "failure-threshold" || rule === "progress-deadline"
}

function watched({ policy, paused, rollout }: DaemonSetStory): FailurePolicy | undefined {
	const isWatched = policy !== undefined && policy.onFailure !== "none" && paused !== true
	return isWatched && rollout.failedBy === undefined ? policy : undefined
}

function deadlineOf({ rollout }: DaemonSetStory, policy: FailurePolicy | undefined): Instant | undefined {
	return policy?.deadlineMs === undefined ? undefined : (rollout.progressAt ?? rollout.startedAt) + policy.deadlineMs
}

function judge(
	story: DaemonSetStory,
	policy: FailurePolicy,
	now: Instant,
): Pick<FailedRollout, "rule" | "reason"> | undefined {
	const { board, status } = story
	if (policy.threshold !== undefined) {
		const most = thresholdPods(policy.threshold, status.desired)
		const count = board.failing < most ? 0 : board.atFault(now, false)
		if (count > 0 && count >= most)
			return {
				rule: "failure-threshold",
				reason: `the new version fails on ${nodes(count)} (failure-threshold ${policy.threshold})`,
			}
	}
	const deadline = deadlineOf(story, policy)
	if (deadline === undefined || policy.deadlineMs === undefined || now < deadline) return undefined
	// A dead node keeps a rollout waiting, and makes no version bad.
	const late = board.atFault(now, true)
	if (late === 0) return undefined
	const reason = `no progress for ${formatDuration(policy.deadlineMs)}, and the new version is not available on ${nodes(late)} (progress-deadline)`
	return { rule: "progress-deadline", reason }
}

function nodes(count: number): string {
	return `${count} node${count === 1 ? "" : "s"}`
}
