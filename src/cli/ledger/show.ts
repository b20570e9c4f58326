import { formatDuration } from "../../base/index.ts"
import type { CommitDetail, CommitRecord, NodeStep, RolloutDetail, Why } from "../../history/index.ts"
import type { Paint } from "../output/paint.ts"
import { alignTabs, formatTable } from "../output/table.ts"
import { oneLine } from "../output/visible.ts"
import { changeLines } from "../report/diff.ts"
import { fieldLines } from "../report/fields.ts"
import { findingLine } from "../report/findings.ts"
import { historyTable } from "./history.ts"
import { authorOf, placeOf, sayCommitSignature, shortCommit, timeTaken, timeText } from "./words.ts"

export type ShowOptions = { readonly now: number; readonly paint: Paint }

/** One rollout in full: what changed, how it went, and the nodes in the order they went. */
export function showRollout(detail: RolloutDetail, { now, paint }: ShowOptions, why?: Why): string {
	const { row } = detail
	const head = alignTabs(
		[
			`Rollout:\t${row.rollout}`,
			`DaemonSet:\t${placeOf(row.daemonSet)}`,
			`Revision:\t${row.from ? `${row.from.revision} → ` : ""}${row.to.revision} (${oneLine(row.to.hash)})`,
			...(detail.commit ? personLines(detail.commit) : [`By:\t${oneLine(authorOf(row.commit, row.trigger))}`]),
			...(row.to.changeCause ? [`Change-Cause:\t${oneLine(row.to.changeCause)}`] : []),
			`Started:\t${timeText(row.startedAt)}`,
			`Took:\t${timeTaken(row, now)}${row.verdict === undefined ? " so far" : ""}`,
			`Verdict:\t${row.verdict ?? "running"}${row.reason ? `: ${oneLine(row.reason)}` : ""}`,
			...(why === undefined ? [] : [`Now:\t${oneLine(why.sentence)}`]),
			...(row.nodes
				? [
						`Nodes:\t${row.nodes.updated} of ${row.nodes.desired} updated, ${row.nodes.available} available, at most ${row.nodes.mostUnavailable} unavailable at once`,
					]
				: []),
		].join("\n"),
	)
	const causes = row.causes.map(
		({ cause, nodes, examples }) =>
			`  ${paint.red(oneLine(cause))}: ${nodes} nodes (${examples.map(oneLine).join(", ")}${nodes > examples.length ? ", …" : ""})`,
	)
	return [
		head,
		section(
			"Changes",
			detail.fields.flatMap((field) => fieldLines(field, paint, "  ")),
		),
		detail.pruned ? "\nChanges: pruned from the ledger\n" : "",
		section("Causes", causes),
		detail.steps.length > 0
			? `\nNodes, in the order they went${row.verdict === undefined ? ", so far" : ""}:\n${stepsTable(detail.steps)}`
			: "",
	].join("")
}

/** One commit in full: its verdict, its changes object by object, its findings, and the rollouts that it set going. */
export function showCommit(detail: CommitDetail, options: ShowOptions): string {
	const { paint } = options
	const head = alignTabs(
		[
			...personLines(detail.commit),
			`Verdict:\t${detail.verdict}${detail.reason ? `: ${oneLine(detail.reason)}` : ""}`,
			`Applied:\t${timeText(detail.at)}`,
		].join("\n"),
	)
	const brings = detail.commit.brings.map(
		(brought) => `  ${shortCommit(brought.commit)} ${oneLine(brought.subject)} (${oneLine(brought.author.name)})`,
	)
	const refused = detail.refused.map(
		(object) =>
			`  ${paint.red(placeOf(object.key))}  ${oneLine(object.path)}:${object.line}: ${oneLine(object.message)}`,
	)
	const rollouts = historyTable(detail.rollouts, [], { ...options, wide: false, noHeaders: false })
	return [
		head,
		section("Brings", brings),
		section(
			"Changes",
			detail.changes.flatMap((change) => changeLines(change, paint)).map((line) => `  ${line}`),
		),
		section("Refused", refused),
		section(
			"Findings",
			detail.findings.map((finding) => `  ${findingLine(finding, paint)}`),
		),
		detail.rollouts.length > 0 ? `\nRollouts:\n${rollouts}` : "",
	].join("")
}

function personLines(commit: CommitRecord): readonly string[] {
	const { author, committer } = commit
	const same = author.name === committer.name && author.email === committer.email
	return [
		`Commit:\t${oneLine(commit.commit)}`,
		`Subject:\t${oneLine(commit.subject)}`,
		`Author:\t${oneLine(`${author.name} <${author.email}>`)}`,
		...(same ? [] : [`Committer:\t${oneLine(`${committer.name} <${committer.email}>`)}`]),
		`Committed:\t${timeText(commit.committedAt)}`,
		...(commit.signature === undefined ? [] : [`Signature:\t${oneLine(sayCommitSignature(commit))}`]),
	]
}

function stepsTable(steps: readonly NodeStep[]): string {
	const begun = (step: NodeStep) => step.stoppedAt || step.createdAt || Number.MAX_SAFE_INTEGER
	const inOrder = [...steps].sort((a, b) => begun(a) - begun(b) || (a.node < b.node ? -1 : 1))
	return formatTable(
		["NODE", "POD", "BEGAN", "DOWN", "TOOK", "RESTARTS", "CAUSE"],
		inOrder.map((step) => [
			step.node,
			step.pod || "<none>",
			begun(step) === Number.MAX_SAFE_INTEGER ? "-" : timeText(begun(step)).slice(11),
			between(step.stoppedAt, step.availableAt),
			between(begun(step), step.availableAt),
			`${step.restarts}`,
			step.cause || "<none>",
		]),
	)
}

function between(from: number, to: number): string {
	return from === 0 || to === 0 || to < from ? "-" : formatDuration(to - from)
}

function section(title: string, lines: readonly string[]): string {
	return lines.length === 0 ? "" : `\n${title}:\n${lines.join("\n")}\n`
}
