import type { JsonObject } from "../../../src/base/index.ts"
import { eventDifferences } from "./events.ts"
import {
	COLLECTOR_SECONDS,
	CYCLE_SHARE,
	CYCLE_STEPS,
	isCycling,
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
		...eventDifferences(recording, played),
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
