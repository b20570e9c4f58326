import { formatGoDuration } from "./go-duration.ts"
import type { ContainerLife, Life } from "./life.ts"
import { type Circumstances, type Moment, Stage } from "./moment.ts"
import { asksBy } from "./probes.ts"
import { containerPullMs, fateOf, groupEnd, isMissing, killingProbe } from "./times.ts"

/** The Events of the kubelet, as small numbers for a column. */
export const KubeletEvent = {
	Pulling: 0,
	Pulled: 1,
	Present: 2,
	PullFailed: 3,
	ErrImagePull: 4,
	PullBackOff: 5,
	ImagePullBackOff: 6,
	Created: 7,
	Started: 8,
	RestartBackOff: 9,
	ReadinessFailed: 10,
	LivenessFailed: 11,
	StartupFailed: 12,
	ProbeKill: 13,
	Killing: 14,
	NeverPull: 15,
	ErrNeverPull: 16,
} as const
export type KubeletEvent = (typeof KubeletEvent)[keyof typeof KubeletEvent]

export type EventText = {
	readonly type: "Normal" | "Warning"
	readonly reason: string
	readonly message: string
}

/** Told of each Event: its code, the index of its container in the life, and a number its text needs (milliseconds). */
export type EventSink = (event: KubeletEvent, container: number, detail: number) => void

/**
 * L15: the Events of a transition, in the order in which the kubelet writes them. Call it with the stage that was left
 * (0 for a pod that was just bound) after `begin` or `step`; nothing is allocated.
 */
export function tellEvents(life: Life, given: Circumstances, left: Stage | 0, moment: Moment, tell: EventSink): void {
	if (left === Stage.Pulling) tellPulled(life, given, moment, tell)
	if (moment.stage === Stage.Pulling) tellPulling(life, given, moment, tell)
	else if (moment.stage === Stage.PullBackOff && left !== Stage.Pulling) tellNeverPull(life, moment, tell)
	else if (moment.stage === Stage.Starting && left !== Stage.Pulling) tellPresent(life, given, moment, tell)
	if (left === Stage.Starting) tellStarted(life, given, moment, tell)
	if (left === Stage.Starting && moment.stage === Stage.Running) tellNeverReady(life, given, tell)
	if (moment.stage === Stage.CrashBackOff) tellCrash(life, given, moment, tell)
}

/** The Events of a pod that is told to stop: one for each container that runs. */
export function tellKilling(life: Life, stage: Stage, tell: EventSink): void {
	if (stage !== Stage.Running && stage !== Stage.Ready) return
	for (let index = 0; index < life.containers.length; index++) {
		if (life.containers[index]?.kind !== "init") tell(KubeletEvent.Killing, index, 0)
	}
}

/**
 * L15: how often a readiness probe that never succeeds has been told of by now, and when last, in milliseconds from the
 * start of its container. The kubelet's recorder writes 25 Events about a pod at once, and then one every five minutes.
 */
export function unhealthyCount(
	life: Life,
	container: number,
	elapsedMs: number,
): { readonly count: number; readonly lastMs: number } | undefined {
	const readiness = life.containers[container]?.readiness
	if (readiness === undefined) return undefined
	const asked = asksBy(readiness, elapsedMs)
	const refills = Math.floor(elapsedMs / REFILL_MS)
	const written = Math.max(1, BURST - EVENTS_OF_A_START * life.containers.length) + refills
	if (asked > written) return { count: written, lastMs: Math.max(refills, 1) * REFILL_MS }
	return { count: asked, lastMs: readiness.initialDelayMs + Math.max(0, asked - 1) * readiness.periodMs }
}
const BURST = 25
const REFILL_MS = 300_000
/** Pulled, Created, Started. */
const EVENTS_OF_A_START = 3

/** The text of an Event, as the real kubelet writes it. */
export function eventText(event: KubeletEvent, container: ContainerLife, detail: number, life: Life): EventText {
	return TEXTS[event]?.(container, detail, life) ?? normal("Unknown", "")
}

type Text = (container: ContainerLife, detail: number, life: Life) => EventText

const TEXTS: Readonly<Record<KubeletEvent, Text>> = {
	[KubeletEvent.Pulling]: ({ image }) => normal("Pulling", `Pulling image "${image}"`),
	[KubeletEvent.Pulled]: ({ image }, ms) => normal("Pulled", pulledText(image, ms)),
	[KubeletEvent.Present]: ({ image }) => normal("Pulled", `Container image "${image}" already present on machine`),
	[KubeletEvent.PullFailed]: ({ image }, _ms, life) =>
		warning("Failed", `Failed to pull image "${image}": ${pullError(life)}`),
	[KubeletEvent.ErrImagePull]: () => warning("Failed", "Error: ErrImagePull"),
	[KubeletEvent.PullBackOff]: ({ image }) => normal("BackOff", `Back-off pulling image "${image}"`),
	[KubeletEvent.ImagePullBackOff]: () => warning("Failed", "Error: ImagePullBackOff"),
	[KubeletEvent.Created]: ({ name }) => normal("Created", `Created container: ${name}`),
	[KubeletEvent.Started]: ({ name }) => normal("Started", `Started container ${name}`),
	[KubeletEvent.RestartBackOff]: ({ name }) => warning("BackOff", `Back-off restarting failed container ${name}`),
	[KubeletEvent.ReadinessFailed]: ({ readiness }) =>
		warning("Unhealthy", `Readiness probe failed: ${readiness?.complaint ?? ""}`),
	[KubeletEvent.LivenessFailed]: ({ liveness }) =>
		warning("Unhealthy", `Liveness probe failed: ${liveness?.complaint ?? ""}`),
	[KubeletEvent.StartupFailed]: ({ startup }) =>
		warning("Unhealthy", `Startup probe failed: ${startup?.complaint ?? ""}`),
	[KubeletEvent.ProbeKill]: ({ name, startup }) =>
		normal(
			"Killing",
			`Container ${name} failed ${startup === undefined ? "liveness" : "startup"} probe, will be restarted`,
		),
	[KubeletEvent.Killing]: ({ name }) => normal("Killing", `Stopping container ${name}`),
	[KubeletEvent.NeverPull]: ({ image }) =>
		warning("ErrImageNeverPull", `Container image "${image}" is not present with pull policy of Never`),
	[KubeletEvent.ErrNeverPull]: () => warning("Failed", "Error: ErrImageNeverPull"),
}

/** Why pulls fail, in the words of the behavior or of the registry. */
export function pullError(life: Life): string {
	return life.behavior.failures.find((failure) => failure.kind === "ImagePull")?.message || "not found"
}

function tellPulling(life: Life, given: Circumstances, moment: Moment, tell: EventSink): void {
	for (let index = life.groups[moment.group] ?? 0; index < groupEnd(life, moment.group); index++) {
		if (containerPullMs(life, given, moment, index) > 0) tell(KubeletEvent.Pulling, index, 0)
		else tell(KubeletEvent.Present, index, 0)
	}
}

function tellPulled(life: Life, given: Circumstances, moment: Moment, tell: EventSink): void {
	for (let index = life.groups[moment.group] ?? 0; index < groupEnd(life, moment.group); index++) {
		const ms = containerPullMs(life, given, moment, index)
		if (ms === 0) continue
		if (moment.stage !== Stage.PullBackOff) {
			tell(KubeletEvent.Pulled, index, ms)
			continue
		}
		tell(KubeletEvent.PullFailed, index, 0)
		tell(KubeletEvent.ErrImagePull, index, 0)
		tell(KubeletEvent.PullBackOff, index, 0)
		tell(KubeletEvent.ImagePullBackOff, index, 0)
	}
}

function tellNeverPull(life: Life, moment: Moment, tell: EventSink): void {
	for (let index = life.groups[moment.group] ?? 0; index < groupEnd(life, moment.group); index++) {
		if (life.containers[index]?.pullPolicy !== "Never" || !isMissing(moment, index)) continue
		tell(KubeletEvent.NeverPull, index, 0)
		tell(KubeletEvent.ErrNeverPull, index, 0)
	}
}

function tellPresent(life: Life, given: Circumstances, moment: Moment, tell: EventSink): void {
	if (moment.restarts > 0) {
		const index = brokenContainer(life, given, moment.restarts - 1)
		const ms = containerPullMs(life, given, moment, index)
		if (ms === 0) {
			tell(KubeletEvent.Present, index, 0)
		} else {
			tell(KubeletEvent.Pulling, index, 0)
			tell(KubeletEvent.Pulled, index, ms)
		}
		return
	}
	for (let index = life.groups[moment.group] ?? 0; index < groupEnd(life, moment.group); index++) {
		if (containerPullMs(life, given, moment, index) === 0) tell(KubeletEvent.Present, index, 0)
	}
}

/** The group that was started is the one before, where the pod has gone on to the next. */
function tellStarted(life: Life, given: Circumstances, moment: Moment, tell: EventSink): void {
	if (moment.restarts > 0) {
		const index = brokenContainer(life, given, moment.restarts - 1)
		tell(KubeletEvent.Created, index, 0)
		tell(KubeletEvent.Started, index, 0)
		return
	}
	const wentOn = moment.stage !== Stage.Running && moment.stage !== Stage.Initializing && moment.group > 0
	const group = wentOn ? moment.group - 1 : moment.group
	for (let index = life.groups[group] ?? 0; index < groupEnd(life, group); index++) {
		tell(KubeletEvent.Created, index, 0)
		tell(KubeletEvent.Started, index, 0)
	}
}

function tellCrash(life: Life, given: Circumstances, moment: Moment, tell: EventSink): void {
	const killed = killingProbe(life, given, moment.restarts)
	if (killed !== undefined) {
		const { startup, liveness } = life.containers[killed.container] as ContainerLife
		const failed = killed.probe === "liveness" ? KubeletEvent.LivenessFailed : KubeletEvent.StartupFailed
		const times = (killed.probe === "liveness" ? liveness : startup)?.failures ?? 0
		for (let time = 0; time < times; time++) tell(failed, killed.container, 0)
		tell(KubeletEvent.ProbeKill, killed.container, 0)
	}
	if (moment.waitMs !== 0) tell(KubeletEvent.RestartBackOff, brokenContainer(life, given, moment.restarts), 0)
}

/** L4: which container ends a run: the one that its probe kills, else the first that is no init container. */
export function brokenContainer(life: Life, given: Circumstances, restarts: number): number {
	return killingProbe(life, given, restarts)?.container ?? life.groups[life.groups.length - 1] ?? 0
}

/** L15: written once; `unhealthyCount` says how often and when last. */
function tellNeverReady(life: Life, given: Circumstances, tell: EventSink): void {
	if (fateOf(life, given)?.kind !== "NeverReady") return
	for (let index = 0; index < life.containers.length; index++) {
		if (life.containers[index]?.readiness !== undefined) tell(KubeletEvent.ReadinessFailed, index, 0)
	}
}

/** The simulated registry gives 25 MB a second, so the size follows from the time. */
function pulledText(image: string, ms: number): string {
	const took = formatGoDuration(ms)
	return `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${ms * 25_000} bytes.`
}

function normal(reason: string, message: string): EventText {
	return { type: "Normal", reason, message }
}

function warning(reason: string, message: string): EventText {
	return { type: "Warning", reason, message }
}
