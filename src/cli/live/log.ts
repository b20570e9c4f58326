import pino, { type Logger } from "pino"
import { formatInstant } from "../../base/index.ts"
import type { Paint } from "../output/paint.ts"
import { escapeJson, oneLine } from "../output/visible.ts"
import type { LiveEvent } from "./model.ts"

export type LogOptions = {
	readonly level: string
	readonly format: "json" | "pretty"
	readonly paint: Paint
	/** Takes whole lines. */
	readonly write: (line: string) => void
}

/** The program's log: one line per fact, JSON or for people; what foreign text it holds cannot act on a terminal. */
export function createLog(options: LogOptions): Logger {
	const write = (line: string) =>
		options.write(options.format === "json" ? escapeJson(line) : prettyLine(line, options.paint))
	return pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}

/** Cluster time is `at`; pino's own `time` is wall time. */
export function logEvent(log: Logger, event: LiveEvent): void {
	// Cluster time starts at the first commit.
	const at = event.at > 0 ? { at: formatInstant(event.at) } : {}
	log[event.level]({ event: event.event, ...at, ...event.fields }, event.message)
}

const LEVELS: ReadonlyMap<number, keyof Paint> = new Map([
	[40, "yellow"],
	[50, "red"],
	[60, "red"],
])

/** `2026-03-02T09:14:07Z  rollout-started  fluentd: revision 3 …  rollout=12 commit=4f2c1e9a`. */
function prettyLine(line: string, paint: Paint): string {
	const { level, time, msg, event, at, ...fields } = JSON.parse(line) as { readonly [name: string]: unknown }
	const colour = LEVELS.get(Number(level))
	const rest = Object.entries(fields)
		.map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
		.join(" ")
	const head = `${at ?? time}  ${oneLine(String(event ?? "log")).padEnd(18)}`
	const message = oneLine(String(msg ?? ""))
	return `${paint.dim(head)}  ${colour ? paint[colour](message) : message}${rest ? `  ${paint.dim(oneLine(rest))}` : ""}\n`
}
