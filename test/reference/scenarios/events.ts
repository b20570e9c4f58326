import { BURST, BURST_RACE, CYCLE_SHARE, isCycling, isFreeCount, isFreeEvent, slackSeconds } from "./freedoms.ts"
import { endOf, type Played } from "./play.ts"
import type { Recording, Row } from "./recording.ts"

/** The Events by who wrote them about what, and how often, as far as latency moves none of them over the end. */
export function eventDifferences(recording: Recording, { rows }: Played): readonly string[] {
	const end = endOf(recording)
	const want = tally(recording.trace)
	const early = tally(rows.filter(({ t }) => t <= end - slackSeconds(end)))
	const late = tally(rows.filter(({ t }) => t <= end + slackSeconds(end)))
	const cycling = recording.trace.some(({ watch, image }) => watch === "pod" && isCycling(image))
	const burst = sumOf(want, "daemonset-controller")
	const spent = burst >= BURST && burst === sumOf(late, "daemonset-controller")
	return [...new Set([...want.keys(), ...late.keys()])].sort().flatMap((key) => {
		const wanted = want.get(key)?.count ?? 0
		const least = early.get(key)?.count ?? 0
		const most = late.get(key)?.count ?? 0
		const race = spent && key.startsWith("daemonset-controller") ? BURST_RACE : 0
		const slack = race + (cycling ? Math.ceil(wanted * CYCLE_SHARE) : 0)
		const free = (want.get(key) ?? late.get(key))?.free === true
		if (free ? wanted > 0 === most > 0 || (wanted === 0 && least === 0) : within(wanted, least - slack, most + slack))
			return []
		return [`it had ${wanted} events ${key}, ours ${most}`]
	})
}

function within(value: number, least: number, most: number): boolean {
	return value >= least && value <= most
}

type Tally = ReadonlyMap<string, { readonly count: number; readonly free: boolean }>

function sumOf(tallied: Tally, source: string): number {
	return [...tallied].reduce((sum, [key, { count }]) => sum + (key.startsWith(source) ? count : 0), 0)
}

function tally(rows: readonly Row[]): Tally {
	const counts = new Map<string, { count: number; free: boolean }>()
	const broken = new Set(rows.flatMap(({ watch, name, image }) => (watch === "pod" && isCycling(image) ? [name] : [])))
	for (const row of rows) {
		if (row.watch !== "event" || isFreeEvent(row)) continue
		const name = row.object?.slice(row.object.indexOf("/") + 1) ?? ""
		// Freedom `fake-kubelet-broken`.
		if (row.source === "kubelet" && broken.has(name)) continue
		const message = plain(row.message ?? "")
		if (message === undefined) continue
		const key = `${row.source} ${row.type} ${row.reason} of ${row.object?.split("/")[0]}: ${message}`
		const known = counts.get(key)
		if (known === undefined) counts.set(key, { count: 1, free: isFreeCount(row) })
		else known.count++
	}
	return counts
}

/** Freedoms `names-and-uids` and `fake-kubelet-pulls`; undefined for what good images say of their pull. */
function plain(message: string): string | undefined {
	if (/^Pulling image |^Successfully pulled image /.test(message)) return undefined
	return message
		.replace(/\b([a-z0-9.-]+)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "$1-POD")
		.replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UID")
}
