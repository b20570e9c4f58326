import { formatDuration, formatInstant, type JsonObject } from "../../base/index.ts"
import type { ForecastRow } from "../../history/index.ts"
import { type Cell, formatTable } from "../output/table.ts"
import { type TableOptions, verdictPaint } from "./history.ts"
import { objectJson } from "./json.ts"
import { ageAt, placeOf, shortCommit } from "./words.ts"

/** What was foretold of each rollout beside what came of it, newest first. */
export function forecastsTable(rows: readonly ForecastRow[], { now, paint, noHeaders }: TableOptions): string {
	return formatTable(
		[
			"ROLLOUT",
			"DAEMONSET",
			"COMMIT",
			"AGE",
			"FORESEEN",
			"TOOK",
			"ERROR",
			"DOWN",
			"WERE DOWN",
			"ERROR",
			"END",
			"ENDED",
		],
		rows.map((told) => {
			const { commit, at, forecast, row } = told
			const { timeMs, down } = errorOf(told)
			const cells: readonly Cell[] = [
				`${forecast.rollout}`,
				placeOf(forecast.daemonSet),
				shortCommit(commit),
				ageAt(at, now),
				durationText(forecast.tookMs),
				durationText(tookOf(told)),
				timeMs === undefined ? "-" : signed(timeMs, formatDuration(Math.abs(timeMs))),
				`${forecast.nodes.mostUnavailable}`,
				`${row?.nodes?.mostUnavailable ?? "-"}`,
				down === undefined ? "-" : signed(down, `${Math.abs(down)}`),
				forecast.verdict ?? "goes on",
				{ text: endOf(told), paint: verdictPaint(row?.verdict, paint) },
			]
			return cells
		}),
		{ noHeaders },
	)
}

/** `error`: the outcome less the forecast; what has not ended has none. */
export function forecastJson(told: ForecastRow): JsonObject {
	const { commit, at, forecast, row } = told
	const { tookMs, verdict, nodes } = forecast
	const took = tookOf(told)
	const { timeMs, down } = errorOf(told)
	return {
		rollout: forecast.rollout,
		daemonSet: objectJson(forecast.daemonSet),
		commit,
		foretoldAt: formatInstant(at),
		forecast: { verdict: verdict ?? "running", ...(tookMs === undefined ? {} : { tookMs }), nodes: { ...nodes } },
		...(row === undefined
			? {}
			: {
					outcome: {
						verdict: row.verdict ?? "running",
						...(took === undefined ? {} : { tookMs: took }),
						...(row.nodes === undefined ? {} : { nodes: { ...row.nodes } }),
					},
				}),
		error: {
			...(timeMs === undefined ? {} : { tookMs: timeMs }),
			...(down === undefined ? {} : { mostUnavailable: down }),
		},
	}
}

function tookOf({ row }: ForecastRow): number | undefined {
	return row?.endedAt === undefined ? undefined : row.endedAt - row.startedAt
}

function errorOf(told: ForecastRow): { readonly timeMs?: number; readonly down?: number } {
	const { forecast, row } = told
	const took = tookOf(told)
	if (took === undefined) return {}
	return {
		...(forecast.tookMs === undefined ? {} : { timeMs: took - forecast.tookMs }),
		...(row?.nodes === undefined ? {} : { down: row.nodes.mostUnavailable - forecast.nodes.mostUnavailable }),
	}
}

function endOf({ row }: ForecastRow): string {
	return row === undefined ? "never began" : (row.verdict ?? "running")
}

function durationText(ms: number | undefined): string {
	return ms === undefined ? "-" : formatDuration(ms)
}

function signed(value: number, text: string): string {
	if (value === 0) return "0"
	return `${value < 0 ? "-" : "+"}${text}`
}
