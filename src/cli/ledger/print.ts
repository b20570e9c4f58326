import type { Instant, Json } from "../../base/index.ts"
import type { CommitRow, ForecastRow, RevisionRow, RolloutRow, Why } from "../../history/index.ts"
import type { ListFormat } from "../get/print.ts"
import { envelope, formatDocument } from "../output/document.ts"
import type { Paint } from "../output/paint.ts"
import { oneLine } from "../output/visible.ts"
import { type Decided, decisionJson, decisionsTable } from "./decisions.ts"
import { forecastJson, forecastsTable } from "./forecasts.ts"
import { commitsTable, historyTable } from "./history.ts"
import { commitJson, rolloutJson, seenJson, traceJson } from "./json.ts"
import type { MarkedRollout } from "./quarantined.ts"
import type { TraceRow } from "./rows.ts"
import { type TraceSubject, traceTable } from "./trace.ts"
import { placeOf } from "./words.ts"

export type ListOptions = {
	readonly format: ListFormat
	readonly now: Instant
	readonly paint: Paint
	readonly noHeaders: boolean
}

/** `why`: of those that are not complete. */
export function printRollouts(
	rows: readonly MarkedRollout[],
	seen: readonly RevisionRow[],
	options: ListOptions & { readonly waiting?: readonly string[] },
	why: (row: RolloutRow) => Why | undefined = () => undefined,
): string {
	if (options.format === "name") return rows.map((row) => `rollout/${row.rollout}\n`).join("")
	const known = rows.map((row) => ({ row, why: why(row) }))
	const items = [...known.map((one) => rolloutJson(one.row, one.why)), ...seen.map(seenJson)]
	return print("RolloutList", items, options, (table) => {
		const open = known.flatMap((one) =>
			one.why === undefined ? [] : [`${placeOf(one.row.daemonSet)}: ${oneLine(one.why.sentence)}\n`],
		)
		const waiting = (options.waiting ?? []).map((reason) => `${oneLine(reason)}\n`)
		const said = [...open, ...waiting]
		const below = said.length === 0 || options.noHeaders ? "" : `\n${said.join("")}`
		return `${historyTable(rows, seen, table)}${below}`
	})
}

export function printCommits(rows: readonly CommitRow[], options: ListOptions): string {
	if (options.format === "name") return rows.map((row) => `commit/${row.commit}\n`).join("")
	return print("CommitList", rows.map(commitJson), options, (table) => commitsTable(rows, table))
}

export function printDecisions(rows: readonly Decided[], options: ListOptions): string {
	if (options.format === "name") return rows.map(({ number }) => `entry/${number}\n`).join("")
	return print("DecisionList", rows.map(decisionJson), options, (table) => decisionsTable(rows, table))
}

export function printForecasts(rows: readonly ForecastRow[], options: ListOptions): string {
	if (options.format === "name") return rows.map(({ forecast }) => `rollout/${forecast.rollout}\n`).join("")
	return print("ForecastList", rows.map(forecastJson), options, (table) => forecastsTable(rows, table))
}

export function printTrace(rows: readonly TraceRow[], subject: TraceSubject, options: ListOptions): string {
	if (options.format === "name") return rows.map((row) => `pod/${row.pod}\n`).join("")
	return print("TraceList", rows.map(traceJson), options, (table) => traceTable(rows, subject, table))
}

function print(
	kind: string,
	items: readonly Json[],
	options: ListOptions,
	table: (options: ListOptions & { readonly wide: boolean }) => string,
): string {
	const { format } = options
	if (format === "json" || format === "yaml") return formatDocument(envelope(kind, items), format)
	return table({ ...options, wide: format === "wide" })
}
