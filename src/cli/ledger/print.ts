import type { Instant, Json } from "../../base/index.ts"
import type { CommitRow, RevisionRow, RolloutRow } from "../../history/index.ts"
import type { ListFormat } from "../get/print.ts"
import { envelope, formatDocument } from "../output/document.ts"
import type { Paint } from "../output/paint.ts"
import { commitsTable, historyTable } from "./history.ts"
import { commitJson, rolloutJson, seenJson, traceJson } from "./json.ts"
import type { TraceRow } from "./rows.ts"
import { traceTable } from "./trace.ts"

export type ListOptions = {
	readonly format: ListFormat
	readonly now: Instant
	readonly paint: Paint
	readonly noHeaders: boolean
}

export function printRollouts(rows: readonly RolloutRow[], seen: readonly RevisionRow[], options: ListOptions): string {
	if (options.format === "name") return rows.map((row) => `rollout/${row.rollout}\n`).join("")
	return print("RolloutList", [...rows.map(rolloutJson), ...seen.map(seenJson)], options, (table) =>
		historyTable(rows, seen, table),
	)
}

export function printCommits(rows: readonly CommitRow[], options: ListOptions): string {
	if (options.format === "name") return rows.map((row) => `commit/${row.commit}\n`).join("")
	return print("CommitList", rows.map(commitJson), options, (table) => commitsTable(rows, table))
}

export function printTrace(rows: readonly TraceRow[], options: ListOptions): string {
	if (options.format === "name") return rows.map((row) => `pod/${row.pod}\n`).join("")
	return print("TraceList", rows.map(traceJson), options, (table) => traceTable(rows, table))
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
