import { formatDuration, formatInstant } from "../../base/index.ts"
import type { CommitDetail, RolloutRow } from "../../history/index.ts"
import { placeOf, sayCommitSignature } from "../ledger/words.ts"
import { oneLine } from "../output/visible.ts"

/** How a commit fared, as `git log --notes=rollcall` shows it below the commit: cluster time, one line each. */
export function noteOf({ commit, verdict, reason, at, refused, rollouts }: CommitDetail): string {
	const lines = [
		`${verdict} ${formatInstant(at)}${reason === undefined ? "" : `: ${reason}`}`,
		...(commit.signature === undefined ? [] : [`signature ${sayCommitSignature(commit)}`]),
		...refused.map(({ key, path, line, message }) => `refused ${placeOf(key)} (${path}:${line}): ${message}`),
		...rollouts.map(rolloutLine),
	]
	return `${lines.map(oneLine).join("\n")}\n`
}

function rolloutLine({ rollout, daemonSet, from, to, verdict, reason, startedAt, endedAt, nodes }: RolloutRow): string {
	const revisions = `revision ${from === undefined ? "" : `${from.revision} → `}${to.revision}`
	const what = `rollout ${rollout} of ${placeOf(daemonSet)}, ${revisions}`
	if (verdict === undefined || endedAt === undefined) return `${what}: since ${formatInstant(startedAt)}`
	const counts = nodes === undefined ? "" : `, ${nodes.updated} of ${nodes.desired} nodes`
	const why = reason === undefined ? "" : `: ${reason}`
	return `${what}: ${verdict}${counts} after ${formatDuration(endedAt - startedAt)}${why}`
}
