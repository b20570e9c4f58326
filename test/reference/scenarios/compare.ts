import type { JsonObject } from "../../../src/base/index.ts"
import {
	BURST,
	BURST_RACE,
	COLLECTOR_SECONDS,
	CYCLE_SHARE,
	CYCLE_STEPS,
	isCycling,
	isFreeCount,
	isFreeEvent,
	LEASE_SECONDS,
	MONITOR_SECONDS,
	REST_SECONDS,
	slackSeconds,
} from "./freedoms.ts"
import { objectDifferences } from "./objects.ts"
import { endOf, type Played } from "./play.ts"
import type { Recording, Row, World } from "./recording.ts"
import { linesOf, mostDown, mostUnavailable, type Step, storiesOf } from "./story.ts"
import { worldAt } from "./world.ts"

/** What differs between a recording and how it was played; nothing where it holds. */
export function differences(recording: Recording, played: Played): readonly string[] {
	const moments = momentsOf(recording, played.rows)
	return [
		...played.problems,
		...rests(recording, moments),
		...finalState(recording, moments),
		...objectDifferences(recording, played.cluster),
		...stories(recording, played),
		...unavailable(recording, played),
		...events(recording, played),
	]
}

/** Freedom `status-between`: wherever the recording came to rest, ours comes by, at about that time. */
function rests(recording: Recording, moments: readonly Moment[]): readonly string[] {
	const passing = recording.trace.filter(({ watch }) => watch !== "event")
	return passing.flatMap((row, place) => {
		const next = passing[place + 1]
		if (next === undefined || next.t - row.t < REST_SECONDS || isCycling(row.image)) return []
		const want = worldAt(recording.initial, passing.slice(0, place + 1), Number.POSITIVE_INFINITY)
		if (hasStoppingBeforeRun(want)) return []
		const { earlier, later } = slackFor(recording, row.t)
		const about = moments.filter(({ from, to }) => to >= row.t - earlier && from <= next.t + later)
		return unequal(`at rest at ${row.t}s`, want, about, ripening(recording))
	})
}

/** Freedom `fake-kubelet-stop`. */
function hasStoppingBeforeRun({ pods }: World): boolean {
	return Object.values(pods).some(({ terminating, phase }) => terminating === true && phase === "Pending")
}

/** Freedoms `latency` and `cycles`: ours gets to the same end, at the latest a little later. */
function finalState(recording: Recording, moments: readonly Moment[]): readonly string[] {
	const end = endOf(recording)
	const about = moments.filter(({ to }) => to >= end)
	return unequal("in the end", recording.final, about)
}

/** Our world, from one change to the next. */
type Moment = { readonly from: number; readonly to: number; readonly world: World }

function momentsOf({ initial }: Recording, rows: readonly Row[]): readonly Moment[] {
	const times = [Number.NEGATIVE_INFINITY, ...new Set(rows.filter(({ watch }) => watch !== "event").map(({ t }) => t))]
	return times.map((from, place) => ({
		from,
		to: times[place + 1] ?? Number.POSITIVE_INFINITY,
		world: worldAt(initial, rows, from),
	}))
}

/** Freedom `whole-seconds`: the DaemonSets whose available pods are not counted between, and where they say so. */
function ripening({ final }: Recording): RegExp | undefined {
	const paced = (final.daemonsetObjects ?? []).filter(
		({ spec }) => Number((spec as JsonObject)["minReadySeconds"] ?? 0) > 0,
	)
	if (paced.length === 0) return undefined
	return new RegExp(`(?<=^DaemonSet (?:${paced.map(({ metadata }) => metadata.name).join("|")}) .*), numberAvailable.*`)
}

function unequal(when: string, want: World, moments: readonly Moment[], free?: RegExp): readonly string[] {
	const told = (world: World) => linesOf(world).map((line) => (free === undefined ? line : line.replace(free, "")))
	const wanted = told(want)
	let best: readonly string[] | undefined
	for (const { world } of moments) {
		const lines = told(withFreedoms(world, want))
		const differs = [
			...wanted.filter((line) => !lines.includes(line)).map((line) => `${when} it had: ${line}`),
			...lines.filter((line) => !wanted.includes(line)).map((line) => `${when} ours has: ${line}`),
			...(lines.length === wanted.length ? [] : [`${when} it had ${wanted.length} objects, ours ${lines.length}`]),
		]
		if (best === undefined || differs.length < best.length) best = differs
	}
	return best ?? []
}

/** Freedom `fake-kubelet-nodes`: a node whose kubelet runs pods reports Ready here. */
function withFreedoms(moment: World, want: World): World {
	const nodes = Object.entries(moment.nodes).map(([name, node]) => {
		const wanted = want.nodes[name]
		const silent = wanted !== undefined && wanted.ready === null && node.ready === "True"
		return [name, silent ? { ...node, ready: null, readyReason: null } : node]
	})
	return { ...moment, nodes: Object.fromEntries(nodes) as World["nodes"] }
}

/** The order of what depends on each other, and its pace: node by node, pod by pod. */
function stories(recording: Recording, { rows }: Played): readonly string[] {
	const end = endOf(recording)
	const want = storiesOf(recording.initial, recording.trace)
	const got = storiesOf(recording.initial, rows)
	const names = [...new Set([...want.keys(), ...got.keys()])].sort()
	return names.flatMap((name) => {
		const wanted = want.get(name) ?? []
		// What ours does after the recording's end is nothing that could differ.
		const ours = (got.get(name) ?? []).filter(({ t }, place) => t <= end || place < wanted.length)
		const late = ours.slice(wanted.length).filter(({ t }) => t < end - slackSeconds(end))
		return compareSteps(recording, name, wanted, cycles(wanted) ? ours : [...ours.slice(0, wanted.length), ...late])
	})
}

function compareSteps(
	recording: Recording,
	name: string,
	wanted: readonly Step[],
	ours: readonly Step[],
): readonly string[] {
	const slower = wanted.length - ours.length
	const cycling = cycles(wanted)
	const length = cycling ? Math.min(wanted.length, ours.length) : Math.max(wanted.length, ours.length)
	if (cycling && Math.abs(slower) > Math.max(CYCLE_STEPS, Math.ceil(wanted.length * CYCLE_SHARE))) {
		return [`${name}: it had ${wanted.length} steps, ours ${ours.length}`]
	}
	for (let place = 0; place < length; place++) {
		const want = wanted[place]
		const got = ours[place]
		if (want?.text !== got?.text) return [`${name}: it ${stepText(want)}, ours ${stepText(got)}`]
		if (want === undefined || got === undefined || cycling) continue
		const slack = slackFor(recording, want.t)
		if (got.t - want.t > slack.later || want.t - got.t > slack.earlier) {
			return [
				`${name}: it ${stepText(want)}, ours ${stepText(got)} (${slack.earlier.toFixed(1)}s, ${slack.later.toFixed(1)}s)`,
			]
		}
	}
	return []
}

function stepText(step: Step | undefined): string {
	return step === undefined ? "has no more" : `at ${step.t.toFixed(3)}s ${step.text}`
}

function cycles(steps: readonly Step[]): boolean {
	return steps.some(({ image }) => isCycling(image))
}

/** How much a step may differ: counted from the last action, and from what has a phase of its own. */
function slackFor({ actions, trace, fakeKubelet }: Recording, t: number): { earlier: number; later: number } {
	const since = Math.max(0, ...actions.map((action) => action.t).filter((at) => at <= t))
	let later = slackSeconds(t - since)
	let earlier = later
	const silent = actions.find(({ action }) => /^stop /.test(action))
	if (silent !== undefined && silent.t <= t) {
		later += MONITOR_SECONDS
		earlier += LEASE_SECONDS
	}
	if (trace.some(({ watch, type, t: at }) => watch === "node" && type === "DELETED" && at <= t)) {
		later += COLLECTOR_SECONDS
		earlier += COLLECTOR_SECONDS
	}
	// Freedom `fake-kubelet-stop`: once for each time that pods which never ran had to go.
	earlier += (fakeKubelet.stopMs / 1000) * neverRan(trace, t)
	return { earlier, later }
}

function neverRan(trace: readonly Row[], t: number): number {
	const went = trace.filter(
		({ watch, type, node, phase, t: at }) =>
			watch === "pod" && type === "DELETED" && node && phase === "Pending" && at <= t,
	)
	return new Set(went.map(({ t: at }) => Math.round(at * 10))).size
}

function unavailable({ trace, maxUnavailableSeen }: Recording, { rows }: Played): readonly string[] {
	const seen = mostUnavailable(rows)
	const wrong = Object.entries(maxUnavailableSeen).filter(([name, most]) => seen[name] !== most)
	const down = [mostDown(trace), mostDown(rows)]
	return [
		...wrong.map(([name, most]) => `${name}: at most ${most} were unavailable, ours ${seen[name] ?? 0}`),
		...(down[0] === down[1] ? [] : [`at most ${down[0]} nodes were down at a time, ours ${down[1]}`]),
	]
}

/** The Events by who wrote them about what, and how often, as far as latency moves none of them over the end. */
function events(recording: Recording, { rows }: Played): readonly string[] {
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
