import { formatInstant, type Instant, type JsonObject, sha256 } from "../../base/index.ts"
import { crashDelayMs, cyclesAt, LONGEST_BACKOFF_MS } from "./back-off.ts"
import { brokenContainer, pullError } from "./events.ts"
import { formatGoDuration } from "./go-duration.ts"
import type { ContainerLife, Life } from "./life.ts"
import { Stage } from "./moment.ts"
import type { PodRow } from "./status.ts"
import { cycleMs, endMs, failureNow, KILLED, killingProbe } from "./times.ts"

/** A failed pull shows its error this long, and its back-off after that. */
const ERROR_SHOWN_MS = 2_000

/** The statuses of the init containers and sidecars, or of the others, by name as the kubelet sorts them. */
export function containerStatuses(life: Life, row: PodRow, init: boolean): readonly JsonObject[] {
	return life.containers
		.map((container, index) => ({ container, index }))
		.filter(({ container }) => (container.kind !== "main") === init)
		.sort((a, b) => (init ? a.index - b.index : a.container.name < b.container.name ? -1 : 1))
		.map(({ container, index }) => containerStatus(life, row, container, index))
}

/** L13: restarts, with those of a loop that stands on no timeline. */
export function restartsAt(life: Life, row: Pick<PodRow, "moment" | "given" | "since" | "now">): number {
	const { moment, given, since, now } = row
	if (moment.stage !== Stage.CrashBackOff || moment.waitMs >= 0) return moment.restarts
	return moment.restarts + cyclesAt(since, cycleMs(life, given, moment), now)
}

/** When the last turn of such a loop ended. */
function lastCrashAt(life: Life, row: Pick<PodRow, "moment" | "given" | "since" | "now">): Instant {
	const { moment, given, since, now } = row
	const cycle = cycleMs(life, given, moment)
	return moment.waitMs >= 0 ? since : since + cyclesAt(since, cycle, now) * cycle
}

function containerStatus(life: Life, row: PodRow, container: ContainerLife, index: number): JsonObject {
	const { stage } = row.moment
	const begun = hasBegun(life, row, index)
	const done = container.kind === "init" && index < row.moment.group
	const broken = index === brokenContainer(life, row.given, row.moment.restarts)
	const restarts = broken ? restartsAt(life, row) : 0
	const crashed = broken && row.finishedAt !== undefined && row.moment.restarts + crashing(stage) > 0
	const running = begun && !(broken && (stage === Stage.CrashBackOff || isEnded(stage)))
	const ready = done || (running && (container.kind === "sidecar" || stage === Stage.Ready))
	return {
		name: container.name,
		state: stateOf(life, row, container, index, { begun, done, broken }),
		lastState: crashed && !isEnded(stage) ? { terminated: terminated(life, row, container) } : {},
		ready,
		restartCount: restarts,
		image: container.image,
		imageID: begun || done ? `docker.io/library/image@sha256:${sha256(container.image)}` : "",
		...(begun || done ? { containerID: containerId(row.uid, container.name, restarts) } : {}),
		started: running && !done && (container.startup === undefined || stage === Stage.Ready),
	}
}

type Place = { readonly begun: boolean; readonly done: boolean; readonly broken: boolean }

function stateOf(life: Life, row: PodRow, container: ContainerLife, index: number, place: Place): JsonObject {
	const { stage, group } = row.moment
	if (place.done) return { terminated: completed(row, container) }
	if (place.broken && stage === Stage.CrashBackOff) {
		// The first restart is at once: there is nothing to wait for.
		if (row.moment.waitMs === 0) return { terminated: terminated(life, row, container) }
		return { waiting: crashWaiting(row, container) }
	}
	if (place.begun && isEnded(stage)) {
		return { terminated: place.broken ? terminated(life, row, container) : completed(row, container) }
	}
	if (place.begun) return { running: { startedAt: formatInstant(row.startedAt ?? row.since) } }
	if (index >= (life.groups[group] ?? 0) && stage === Stage.PullBackOff)
		return { waiting: pullWaiting(life, row, container) }
	const initializing = group < life.groups.length - 1 || life.groups.length > 1
	return { waiting: { reason: initializing ? "PodInitializing" : "ContainerCreating" } }
}

/** Containers of earlier groups have begun; those of the present one once it started. */
function hasBegun(life: Life, { moment }: PodRow, index: number): boolean {
	const group = Math.min(index, life.groups.length - 1)
	if (group !== moment.group) return group < moment.group
	return moment.stage >= Stage.Initializing
}

function pullWaiting(life: Life, row: PodRow, container: ContainerLife): JsonObject {
	if (container.pullPolicy === "Never") {
		const message = `Container image "${container.image}" is not present with pull policy of Never`
		return { reason: "ErrImageNeverPull", message }
	}
	if (row.now - row.since < ERROR_SHOWN_MS) {
		return { reason: "ErrImagePull", message: pullError(life) }
	}
	return { reason: "ImagePullBackOff", message: `Back-off pulling image "${container.image}"` }
}

function crashWaiting(row: PodRow, container: ContainerLife): JsonObject {
	const { moment } = row
	const delay = moment.waitMs < 0 ? LONGEST_BACKOFF_MS : crashDelayMs(moment.restarts + 1, 0)
	const pod = `${row.name}_${row.namespace}(${row.uid})`
	return {
		reason: "CrashLoopBackOff",
		message: `back-off ${formatGoDuration(delay)} restarting failed container=${container.name} pod=${pod}`,
	}
}

/** How the last run ended, by the failure that ended it. */
function terminated(life: Life, row: PodRow, container: ContainerLife): JsonObject {
	const ran = Math.max(0, row.moment.restarts - (crashing(row.moment.stage) > 0 ? 0 : 1))
	const killed = killingProbe(life, row.given, ran) !== undefined
	const failure = killed ? undefined : failureNow(life, row.given, ran)
	const exitCode = failure?.exitCode ?? KILLED
	const at = row.moment.stage === Stage.CrashBackOff ? lastCrashAt(life, row) : (row.finishedAt ?? row.since)
	const began = Math.max(row.scheduledAt, at - Math.max(0, endMs(life, row.given, ran)))
	return {
		exitCode,
		reason: failure?.kind === "OutOfMemory" ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error",
		...(failure?.message ? { message: failure.message } : {}),
		startedAt: formatInstant(began),
		finishedAt: formatInstant(at),
		containerID: containerId(row.uid, container.name, ran),
	}
}

function completed(row: PodRow, container: ContainerLife): JsonObject {
	const at = formatInstant(row.startedAt ?? row.since)
	const id = containerId(row.uid, container.name, 0)
	return {
		exitCode: 0,
		reason: "Completed",
		startedAt: formatInstant(row.scheduledAt),
		finishedAt: at,
		containerID: id,
	}
}

function crashing(stage: Stage): number {
	return stage === Stage.CrashBackOff ? 1 : 0
}

function isEnded(stage: Stage): boolean {
	return stage === Stage.Failed || stage === Stage.Succeeded
}

/** A stable id made of a pod's own: `containerd://…`. */
export function containerId(uid: string, container: string, restarts: number): string {
	return `containerd://${sha256(`${uid}/${container}/${restarts}`)}`
}
