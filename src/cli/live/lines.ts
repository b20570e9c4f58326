import { formatInstant } from "../../base/index.ts"
import { shortCommit } from "../ledger/words.ts"
import type { Paint } from "../output/paint.ts"
import { oneLine } from "../output/visible.ts"
import { pad, textWidth, truncate } from "../output/width.ts"
import type { LiveDaemonSet, LiveEvent, LiveModel } from "./model.ts"

export type Frame = {
	readonly width: number
	readonly height: number
	readonly paint: Paint
	/** What can be done now, below the head. */
	readonly hint?: string
}

const BAR = 24
const LEAST_EVENTS = 4

/** The picture of one moment: a head, a bar for each DaemonSet, the last events. Never wider or higher than the frame. */
export function liveLines(model: LiveModel, events: readonly LiveEvent[], frame: Frame): readonly string[] {
	const head = headLines(model, frame)
	const room = Math.max(1, frame.height - head.length - LEAST_EVENTS - 3)
	const bars = daemonSetLines(model.daemonSets, frame, room)
	const left = frame.height - head.length - bars.length - 2
	return [...head, "", ...bars, "", ...eventLines(events, frame, left)].slice(0, frame.height)
}

function headLines(model: LiveModel, { width, paint, hint }: Frame): readonly string[] {
	const speed = Number.isFinite(model.speed) ? `${model.speed}×` : "max"
	const nodes = `${model.nodes} nodes${model.notReady > 0 ? `, ${model.notReady} not ready` : ""}`
	const first = `rollcall  ${oneLine(model.repository)} (${oneLine(model.branch)})`
	// Cluster time starts at the first commit.
	const time = model.clusterTime > 0 ? formatInstant(model.clusterTime) : "not started"
	const second = `${time}  ${speed}  ${nodes}`
	const head = model.head
		? `${shortCommit(model.head.commit)} ${oneLine(model.head.subject)} — ${oneLine(model.head.author)}`
		: "no commit yet"
	const hints = hint === undefined ? [] : [paint.dim(truncate(oneLine(hint), width))]
	const lines = [paint.bold(truncate(first, width)), truncate(second, width), truncate(head, width), ...hints]
	if (model.source.state === "ready") return lines
	const trouble = `source ${oneLine(model.source.state)}: ${oneLine(model.source.message ?? "")}`
	const next = model.source.next ? [truncate(`  next: ${oneLine(model.source.next)}`, width)] : []
	return [...lines, paint.red(truncate(trouble, width)), ...next]
}

function daemonSetLines(all: readonly LiveDaemonSet[], frame: Frame, room: number): readonly string[] {
	if (all.length === 0) return ["waiting for DaemonSets"]
	// Where not all fit, those that are moving or kept are worth the room.
	const shown =
		all.length <= room ? all : [...all].sort((a, b) => unrest(b) - unrest(a)).slice(0, Math.max(1, room - 1))
	const nameWidth = Math.min(36, Math.max(...shown.map((daemonSet) => textWidth(oneLine(daemonSet.name)))))
	const lines = shown.map((daemonSet) => daemonSetLine(daemonSet, nameWidth, frame))
	return shown.length === all.length ? lines : [...lines, frame.paint.dim(`… and ${all.length - shown.length} more`)]
}

function unrest({ old, unavailable, kept }: LiveDaemonSet): number {
	return (kept ? 1e9 : 0) + unavailable * 1e4 + old
}

function daemonSetLine(daemonSet: LiveDaemonSet, nameWidth: number, { width, paint }: Frame): string {
	const { desired, fresh, unavailable, commit, kept } = daemonSet
	const barWidth = Math.max(8, Math.min(BAR, Math.floor(width / 6), width - nameWidth - 30))
	const name = pad(truncate(oneLine(daemonSet.name), nameWidth), nameWidth)
	const counts = pad(`${fresh}/${desired}  `, 9)
	const down = unavailable > 0 ? `${unavailable} down  ` : ""
	const why = kept
		? oneLine(kept)
		: commit
			? `${shortCommit(commit.commit)} ${oneLine(commit.author)}: ${oneLine(commit.subject)}`
			: ""
	const used = nameWidth + barWidth + counts.length + 3
	const tail = truncate(`${down}${why}`, width - used)
	const painted = kept ? paint.red(tail) : tail
	return truncateLine(`${name}  ${bar(daemonSet, barWidth, paint)} ${counts}${painted}`, width, used)
}

/** Updated nodes solid and green, old ones lighter, those without an available pod red. */
export function bar({ desired, fresh, old, unavailable }: LiveDaemonSet, width: number, paint: Paint): string {
	if (desired === 0) return paint.dim("·".repeat(width))
	const [solid = 0, light = 0, down = 0] = shares([fresh, old, unavailable], desired, width)
	const rest = Math.max(0, width - solid - light - down)
	return `${paint.green("█".repeat(solid))}${paint.cyan("▒".repeat(light))}${paint.red("░".repeat(down))}${"·".repeat(rest)}`
}

/** Widths that add up to at most `width`; whatever is not zero gets at least one column. */
function shares(counts: readonly number[], total: number, width: number): readonly number[] {
	const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0)
	const least = counts.map((count): number => (count > 0 ? 1 : 0))
	const free = Math.max(0, width - sum(least))
	const whole = Math.max(total, sum(counts))
	const widths = counts.map((count, index) => (least[index] ?? 0) + Math.floor((free * count) / whole))
	// Rounding goes to the largest share, so that a full bar is full.
	const largest = counts.indexOf(Math.max(...counts))
	if (sum(counts) >= total) widths[largest] = (widths[largest] ?? 0) + width - sum(widths)
	return widths
}

function eventLines(events: readonly LiveEvent[], { width, paint }: Frame, room: number): readonly string[] {
	return events.slice(-Math.max(0, room)).map((event) => {
		const text = truncate(`${formatInstant(event.at).slice(11, 19)}  ${oneLine(event.message)}`, width)
		return event.level === "error" ? paint.red(text) : event.level === "warn" ? paint.yellow(text) : text
	})
}

// The parts have been cut already; a terminal too narrow for even those gets as much as it can show.
function truncateLine(line: string, width: number, used: number): string {
	return used <= width ? line : truncate(oneLine(line), width)
}
