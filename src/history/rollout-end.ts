import { type Instant, sha256 } from "../base/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { Board } from "./board.ts"
import type { CauseCount, LedgerEntry, RolloutTrigger, RolloutVerdict, StepsRef } from "./contract.ts"
import type { DaemonSetStory, Rollout } from "./history.ts"
import type { RolloutRow } from "./ledger.ts"
import { encodeSteps } from "./steps.ts"

/** Different states that one rollout is told to be stuck in. */
const TOLD_AT_MOST = 16

/** Rows for the ledger, in order, and the blocks of node steps that they name, by hash. */
export type Folded = { readonly entries: LedgerEntry[]; readonly steps: Map<string, Uint8Array> }

export type End = { readonly at: Instant; readonly verdict: RolloutVerdict; readonly reason?: string }

/** Says how a rollout ended, over which steps. Nothing where it is stuck in a way that was told before. */
export function endRollout(daemonSet: ObjectKey, story: DaemonSetStory, end: End, out: Folded): void {
	const { board, rollout, status } = story
	const settled = end.verdict === "stuck" || rollout.verdict === "stuck"
	const causes = end.verdict === "complete" ? [] : board.causes(settled)
	const nodes = { ...status, mostUnavailable: board.mostUnavailable }
	if (end.verdict === "stuck" && !isNews(rollout, JSON.stringify([nodes, causes]))) return
	rollout.verdict = end.verdict
	const { number, startedAt } = rollout
	const reason = end.verdict === "complete" ? {} : { reason: end.reason ?? whatIsMissing(story, causes) }
	const { at, verdict } = end
	const steps = seal(board, settled, out)
	out.entries.push({
		kind: "rollout-ended",
		at,
		rollout: number,
		daemonSet,
		verdict,
		...reason,
		startedAt,
		nodes,
		causes,
		steps,
	})
}

// Crash loops go on for ever, now with this pod up and now with that one: each state is told once, and few of them.
function isNews(rollout: Rollout, state: string): boolean {
	const { told = [] } = rollout
	if (told.includes(state) || told.length >= TOLD_AT_MOST) return false
	rollout.told = [...told, state]
	return true
}

/** Ends rollouts of which the ledger's rows are all that is left: how far each came since is not known. */
export function endUnseen(rows: readonly RolloutRow[], at: Instant, reason: string): Folded {
	const out: Folded = { entries: [], steps: new Map() }
	const steps = keep(encodeSteps([], at), 0, out)
	for (const { rollout, daemonSet, startedAt, nodes = NOT_KNOWN } of rows) {
		const known = { rollout, daemonSet, startedAt, nodes, causes: [], steps }
		out.entries.push({ kind: "rollout-ended", at, verdict: "superseded", reason, ...known })
	}
	return out
}

const NOT_KNOWN = { desired: 0, updated: 0, available: 0, mostUnavailable: 0 }

/** Says what nodes went through since the rollout ended. */
export function tellTail(
	daemonSet: ObjectKey,
	story: DaemonSetStory,
	at: Instant,
	removed: boolean,
	out: Folded,
): void {
	const steps = seal(story.board, false, out)
	out.entries.push({ kind: "rollout-tail", at, rollout: story.rollout.number, daemonSet, removed, steps })
}

function seal(board: Board, settled: boolean, out: Folded): StepsRef {
	return keep(encodeSteps(board.steps(settled), board.spanStart), board.touched, out)
}

function keep(block: Uint8Array, nodes: number, out: Folded): StepsRef {
	const hash = sha256(block)
	out.steps.set(hash, block)
	return { nodes, hash }
}

/** One sentence on how far it came and what keeps it. */
export function whatIsMissing(
	story: Pick<DaemonSetStory, "status" | "rollout">,
	causes: readonly CauseCount[],
): string {
	const { desired, updated, available } = story.status
	const counts = `${updated} of ${desired} nodes updated, ${available} available`
	if (causes.length > 0) return `${counts}: ${causes.map(sayCause).join("; ")}`
	if (story.rollout.object?.spec.updateStrategy?.type === "OnDelete")
		return `${counts}: updateStrategy is OnDelete, a node is updated when its old pod is deleted`
	return counts
}

/** Who did it, in words. */
export function sayTrigger(trigger: RolloutTrigger | undefined): string {
	if (trigger?.kind === "commit") return `commit ${trigger.commit}`
	if (trigger?.kind === "engine") return `the rule ${trigger.rule}`
	return trigger?.kind === "client" ? trigger.client : "the fleet"
}

function sayCause({ cause, nodes, examples }: CauseCount): string {
	const more = nodes > examples.length ? ` and ${nodes - examples.length} more` : ""
	return `${cause} on ${examples.join(", ")}${more}`
}
