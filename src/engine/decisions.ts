import type { CommitRecord, LedgerEntry } from "../history/index.ts"
import type { SourceState } from "./ports.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"

/** Of a fleet with something wrong in every node, the first few say enough. */
const FLEET_PROBLEMS = 20

type DecisionRow = Extract<LedgerEntry, { kind: "decision" }>

/** The source is in another state than before. */
export function noteSource(recorded: RecordedCluster, state: SourceState): void {
	const message =
		state.kind === "ready" ? `the branch is readable again, at ${state.tip}` : `${state.message}; ${state.next}`
	recorded.note(decisionRow(recorded, "source-state", state.kind, message))
}

/** The commit that was taken last is no longer of the branch, as after a force push, or in no branch at all. */
export function rewrittenRow(recorded: RecordedCluster, base: string, tip: string, isGone: boolean): DecisionRow {
	const gone = `the repository no longer has ${base}: its history was rewritten, or another has taken its place`
	const message = `${isGone ? gone : `the branch no longer holds ${base}`}; going on from ${tip}`
	return decisionRow(recorded, "source-state", "history-rewritten", message)
}

/** The commit is held unread: it, or one that it brings in, is not signed as it must be. */
export function unverifiedRows(recorded: RecordedCluster, record: CommitRecord, reason: string): LedgerEntry[] {
	const at = recorded.cluster.now()
	const said = { verdict: "held", reason, changes: [], findings: [], refused: [] } as const
	const row = decisionRow(recorded, "hold", "unverified", reason)
	return [
		{ kind: "commit", at, commit: record, ...said },
		{ ...row, commit: record.commit },
	]
}

/** The inputs on record lead to another cluster than the one that was recorded. */
export function noteReplayDiffers(recorded: RecordedCluster): void {
	const message =
		"the recorded inputs lead to another cluster than the one that was recorded, as under the rules of another version: the ledger stays as it is, and the cluster was made anew of what the commits and the fleet describe; rollcall ledger verify tells whether the ledger was changed"
	recorded.note(decisionRow(recorded, "restore", "replay-differs", message))
}

/** What of a fleet was left out; it goes on with the rest. */
export function fleetRows(recorded: RecordedCluster, problems: readonly string[]): DecisionRow[] {
	const more = problems.length - FLEET_PROBLEMS
	const told = problems.slice(0, FLEET_PROBLEMS)
	if (more > 0) told.push(`and ${more} more like these`)
	return told.map((message) => decisionRow(recorded, "fleet", "left-out", message))
}

function decisionRow(
	recorded: RecordedCluster,
	decision: DecisionRow["decision"],
	rule: string,
	message: string,
): DecisionRow {
	return { kind: "decision", at: recorded.cluster.now(), decision, rule, message }
}
