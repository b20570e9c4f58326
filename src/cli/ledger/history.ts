import type { Instant } from "../../base/index.ts"
import type { CommitRow, RevisionRow, RolloutRow } from "../../history/index.ts"
import type { Paint } from "../output/paint.ts"
import { type Cell, formatTable } from "../output/table.ts"
import { type MarkedRollout, verdictText } from "./quarantined.ts"
import { ageAt, authorOf, imageChange, placeOf, shortCommit, timeTaken } from "./words.ts"

export type TableOptions = {
	readonly now: Instant
	readonly paint: Paint
	readonly wide: boolean
	readonly noHeaders: boolean
}

/** The table of rollouts, newest first, and below them what git had before the first start. */
export function historyTable(
	rows: readonly MarkedRollout[],
	seen: readonly RevisionRow[],
	options: TableOptions,
): string {
	const header = [
		"ROLLOUT",
		"DAEMONSET",
		"REVISION",
		"COMMIT",
		"AUTHOR",
		"AGE",
		"NODES",
		"TOOK",
		"VERDICT",
		"IMAGES",
		"CHANGE-CAUSE",
	]
	const wide = ["DOWN AT MOST", "HASH", "SUBJECT"]
	return formatTable(
		options.wide ? [...header, ...wide] : header,
		[...rows.map((row) => rolloutCells(row, options)), ...seen.map((row) => seenCells(row, options))],
		{ noHeaders: options.noHeaders },
	)
}

function rolloutCells(row: MarkedRollout, { now, paint, wide }: TableOptions): readonly Cell[] {
	const cells: readonly Cell[] = [
		`${row.rollout}`,
		placeOf(row.daemonSet),
		`${row.to.revision}`,
		row.commit ? shortCommit(row.commit.commit) : "<none>",
		authorOf(row.commit, row.trigger),
		ageAt(row.startedAt, now),
		nodesText(row),
		timeTaken(row, now),
		{ text: verdictText(row), paint: verdictPaint(row.verdict, paint) },
		imageChange(row.from?.images, row.to.images) || "<none>",
		row.to.changeCause ?? "<none>",
	]
	return wide ? [...cells, `${row.nodes?.mostUnavailable ?? "-"}`, row.to.hash, row.commit?.subject ?? "<none>"] : cells
}

function seenCells(row: RevisionRow, { now, paint, wide }: TableOptions): readonly Cell[] {
	const cells: readonly Cell[] = [
		"-",
		placeOf(row.daemonSet),
		// Only a rollout gives a revision its number.
		"-",
		row.commit ? shortCommit(row.commit.commit) : "<none>",
		row.commit?.author ?? "<none>",
		ageAt(row.committedAt ?? row.at, now),
		"-",
		"-",
		{ text: "seen in git, not rolled out", paint: paint.dim },
		imageChange(undefined, row.revision.images) || "<none>",
		row.revision.changeCause ?? "<none>",
	]
	return wide ? [...cells, "-", row.revision.hash, row.commit?.subject ?? "<none>"] : cells
}

/** The table of commits: those that rolled nothing out are there too, with the reason. */
export function commitsTable(rows: readonly CommitRow[], options: TableOptions): string {
	const { now, paint } = options
	return formatTable(
		["COMMIT", "AUTHOR", "AGE", "VERDICT", "CHANGES", "REFUSED", "FINDINGS", "SUBJECT", "REASON"],
		rows.map((row) => [
			options.wide ? row.commit : shortCommit(row.commit),
			row.author,
			ageAt(row.at, now),
			{ text: row.verdict, paint: verdictPaint(row.verdict, paint) },
			`${row.changes}`,
			row.refused > 0 ? { text: `${row.refused}`, paint: paint.red } : "0",
			`${row.findings}`,
			row.subject,
			row.reason ?? "",
		]),
		{ noHeaders: options.noHeaders },
	)
}

/** `58/60`: nodes with the new version, of those that should have it. */
function nodesText(row: RolloutRow): string {
	return row.nodes ? `${row.nodes.updated}/${row.nodes.desired}` : "-"
}

/** Green for what went well, red for what needs somebody, yellow for what was overtaken. */
export function verdictPaint(verdict: string | undefined, paint: Paint): (text: string) => string {
	if (verdict === undefined) return paint.cyan
	if (verdict === "complete" || verdict === "applied") return paint.green
	if (verdict === "stuck" || verdict === "refused" || verdict === "held") return paint.red
	return verdict === "unchanged" ? paint.dim : paint.yellow
}
