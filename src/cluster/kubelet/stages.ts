import { dice, rangeOf } from "../../base/index.ts"
import { crashDelayMs, LONGEST_BACKOFF_MS, pullDelayMs } from "./back-off.ts"
import { type Failure, failureAt } from "./behavior.ts"
import type { ContainerLife, Life } from "./life.ts"
import { failsAt, passesAt } from "./probes.ts"
import { drawMs } from "./spread.ts"

/** Where a pod stands on its node. Small whole numbers, so that a column can hold them. */
export const Stage = {
	Pulling: 1,
	PullBackOff: 2,
	Starting: 3,
	/** An init container runs. */
	Initializing: 4,
	/** All containers run, and are not ready. */
	Running: 5,
	Ready: 6,
	CrashBackOff: 7,
	Failed: 8,
	Succeeded: 9,
	/** L16: the pod takes its node down now; what comes then is the node's affair. */
	BreakingNode: 10,
} as const
export type Stage = (typeof Stage)[keyof typeof Stage]

/** What a pod's life has come to. Its holder keeps the numbers in columns; the functions here write into the one given. */
export type Moment = {
	stage: Stage
	/** Which group of containers (`Life.groups`). */
	group: number
	/** Pulls of this group that failed. */
	pullFailures: number
	restarts: number
	/** Bit i: the image of container i had to be pulled when its group began; another pod may bring it meanwhile. */
	missing: number
	/** Until the next stage, in ms; -1 where none comes by itself: all is well, or a loop at its longest back-off (L13). */
	waitMs: number
}

/** What a life depends on besides the template. */
export type Circumstances = {
	/** `die(seed, "kubelet")`. */
	base: number
	/** The pod's own number: the same pod throws the same dice, whenever it is asked. */
	pod: number
	/** Bit i: the image of container i is not on the node now. Images beyond the 31st count as present. */
	missing: number
	/** How many times slower pulls are on this node now; 1 is normal. */
	pullFactor: number
}

/** The first stage of a pod that was bound to its node; writes into `moment` and returns it. */
export function begin(life: Life, given: Circumstances, moment: Moment): Moment {
	moment.group = 0
	moment.restarts = 0
	return enterGroup(life, given, moment)
}

/** The stage that follows once `waitMs` is over; writes into `moment` and returns it. */
export function step(life: Life, given: Circumstances, moment: Moment): Moment {
	return (NEXT[moment.stage] as Step)(life, given, moment)
}

type Step = (life: Life, given: Circumstances, moment: Moment) => Moment

/** L5: the stages and what follows each. */
const NEXT: readonly (Step | undefined)[] = (() => {
	const table: (Step | undefined)[] = []
	table[Stage.Pulling] = afterPull
	table[Stage.PullBackOff] = (life, given, moment) => rest(moment, Stage.Pulling, pullMs(life, given, moment))
	table[Stage.Starting] = afterStart
	table[Stage.Initializing] = nextGroup
	table[Stage.Running] = afterRunning
	table[Stage.Ready] = crash
	table[Stage.CrashBackOff] = restart
	table[Stage.Failed] = (_life, _given, moment) => moment
	table[Stage.Succeeded] = (_life, _given, moment) => moment
	table[Stage.BreakingNode] = restart
	return table
})()

/** L7: containers that need a pull come one after another; where none does, they are made at once. */
function enterGroup(life: Life, given: Circumstances, moment: Moment): Moment {
	moment.pullFailures = 0
	moment.missing = given.missing
	if (neverPulled(life, moment)) return rest(moment, Stage.PullBackOff, -1)
	const ms = pullMs(life, given, moment)
	return ms > 0 ? rest(moment, Stage.Pulling, ms) : rest(moment, Stage.Starting, startMs(life, given))
}

/** L8: a pull that fails for ever is looked at until its longest back-off, and then no more. */
function afterPull(life: Life, given: Circumstances, moment: Moment): Moment {
	const failure = fateOf(life, given)
	if (failure?.kind !== "ImagePull" || moment.pullFailures >= failure.times) {
		return rest(moment, Stage.Starting, startMs(life, given))
	}
	moment.pullFailures++
	const waitMs = pullDelayMs(moment.pullFailures)
	const forEver = waitMs === LONGEST_BACKOFF_MS && failure.times === Number.POSITIVE_INFINITY
	return rest(moment, Stage.PullBackOff, forEver ? -1 : waitMs)
}

/** L9: an init container ends before the next group begins; a sidecar only has to pass its startup probe. */
function afterStart(life: Life, given: Circumstances, moment: Moment): Moment {
	if (moment.group === life.groups.length - 1) return enterRunning(life, given, moment)
	const container = life.containers[moment.group] as ContainerLife
	if (container.kind === "init") return rest(moment, Stage.Initializing, startMs(life, given))
	const startup = container.startup
	if (startup === undefined) return nextGroup(life, given, moment)
	return rest(moment, Stage.Initializing, passesAt(startup, upMs(life, given)))
}

function nextGroup(life: Life, given: Circumstances, moment: Moment): Moment {
	moment.group++
	return enterGroup(life, given, moment)
}

function enterRunning(life: Life, given: Circumstances, moment: Moment): Moment {
	moment.missing = 0
	const ready = readyMs(life, given)
	const end = endMs(life, given, moment.restarts)
	return rest(moment, Stage.Running, soonest(ready, end))
}

function afterRunning(life: Life, given: Circumstances, moment: Moment): Moment {
	const ready = readyMs(life, given)
	const end = endMs(life, given, moment.restarts)
	if (ready < 0 || (end >= 0 && end < ready)) return crash(life, given, moment)
	return rest(moment, Stage.Ready, end < 0 ? -1 : end - ready)
}

/** L11: a container ended. What follows is the restart policy's affair. */
function crash(life: Life, given: Circumstances, moment: Moment): Moment {
	const failure = failureNow(life, given, moment.restarts)
	if (failure?.kind === "NodeDown") return rest(moment, Stage.BreakingNode, -1)
	const exitCode = failure?.exitCode ?? KILLED
	if (life.restartPolicy === "Never" || (life.restartPolicy === "OnFailure" && exitCode === 0)) {
		return rest(moment, exitCode === 0 ? Stage.Succeeded : Stage.Failed, -1)
	}
	const end = endMs(life, given, moment.restarts)
	const waitMs = crashDelayMs(moment.restarts + 1, end)
	return rest(moment, Stage.CrashBackOff, isLoop(life, given, moment, waitMs, end) ? -1 : waitMs)
}

/** L13: a loop that never ends and never turns ready looks the same from outside for ever. */
function isLoop(life: Life, given: Circumstances, moment: Moment, waitMs: number, end: number): boolean {
	if (waitMs < LONGEST_BACKOFF_MS) return false
	const failure = failureNow(life, given, moment.restarts)
	if (failure !== undefined && failure.times !== Number.POSITIVE_INFINITY) return false
	const ready = readyMs(life, given)
	return ready < 0 || end < ready
}

function restart(life: Life, given: Circumstances, moment: Moment): Moment {
	moment.restarts++
	return rest(moment, Stage.Starting, startMs(life, given))
}

function rest(moment: Moment, stage: Stage, waitMs: number): Moment {
	moment.stage = stage
	moment.waitMs = waitMs
	return moment
}

/** How long one turn of a loop takes that rests (`waitMs` -1 in a back-off): back-off, start and failing again. */
export function cycleMs(life: Life, given: Circumstances, moment: Moment): number {
	if (moment.stage === Stage.PullBackOff) return LONGEST_BACKOFF_MS + pullMs(life, given, moment)
	return LONGEST_BACKOFF_MS + startMs(life, given) + Math.max(0, endMs(life, given, moment.restarts))
}

/** L4: the failure this pod has drawn; it may be over already (`failureNow`). */
export function fateOf(life: Life, given: Circumstances): Failure | undefined {
	const { failures } = life.behavior
	return failures.length === 0 ? undefined : failures[failureAt(failures, throwFor(given, Throw.Fate))]
}

/** The failure that ends the present run of the containers, if one does. */
export function failureNow(life: Life, given: Circumstances, restarts: number): Failure | undefined {
	const failure = fateOf(life, given)
	if (failure === undefined || failure.kind === "ImagePull" || failure.kind === "NeverReady") return undefined
	return restarts < failure.times ? failure : undefined
}

/** L14: from the deletion to the end: the hook and the stop, cut off by the grace period; what does not run goes at once. */
export function stopMs(life: Life, given: Circumstances, stage: Stage, graceMs: number = life.graceMs): number {
	if (stage !== Stage.Running && stage !== Stage.Ready && stage !== Stage.Initializing) return 0
	return Math.min(graceMs, life.preStopMs + drawMs(life.behavior.stop, throwFor(given, Throw.Stop)))
}

/** How long the pulls of the present group take, one after another; 0 where none is needed. */
function pullMs(life: Life, given: Circumstances, moment: Moment): number {
	let total = 0
	const end = groupEnd(life, moment.group)
	for (let index = life.groups[moment.group] ?? 0; index < end; index++) {
		total += containerPullMs(life, given, moment, index)
	}
	return total
}

/** L7: one image: the whole pull, or with Always a look at the registry; 0 where it is on the node. */
export function containerPullMs(life: Life, given: Circumstances, moment: Moment, container: number): number {
	const { pullPolicy, image } = life.containers[container] as ContainerLife
	if (pullPolicy === "Never") return 0
	const thrown = throwFor(given, Throw.Pull + container)
	if (isMissing(moment, container)) {
		// The same image twice in one pod is pulled once.
		for (let earlier = 0; earlier < container; earlier++) if (life.containers[earlier]?.image === image) return 0
		// No time to pull means that the image is there, unless pulling is what fails.
		const least = fateOf(life, given)?.kind === "ImagePull" ? 1 : 0
		return Math.max(least, Math.round(drawMs(life.behavior.pull, thrown) * given.pullFactor))
	}
	return pullPolicy === "Always" ? rangeOf(thrown, LOOK_MS[0], LOOK_MS[1]) : 0
}

/** Where a group ends: the index after its last container. */
export function groupEnd(life: Life, group: number): number {
	return group === life.groups.length - 1 ? life.containers.length : group + 1
}

export function isMissing(moment: Moment, container: number): boolean {
	return container < 31 && (moment.missing & (1 << container)) !== 0
}

function neverPulled(life: Life, moment: Moment): boolean {
	if (moment.missing === 0) return false
	const end = groupEnd(life, moment.group)
	for (let index = life.groups[moment.group] ?? 0; index < end; index++) {
		if (life.containers[index]?.pullPolicy === "Never" && isMissing(moment, index)) return true
	}
	return false
}

function startMs(life: Life, given: Circumstances): number {
	return drawMs(life.behavior.start, throwFor(given, Throw.Start))
}

function upMs(life: Life, given: Circumstances): number {
	return drawMs(life.behavior.ready, throwFor(given, Throw.Ready))
}

/** L10: from the start to ready: the behavior's time, and then the probes' own clockwork. -1 for never. */
function readyMs(life: Life, given: Circumstances): number {
	if (fateOf(life, given)?.kind === "NeverReady") return -1
	const up = upMs(life, given)
	let latest = up
	for (let index = life.groups[life.groups.length - 1] ?? 0; index < life.containers.length; index++) {
		const { startup, readiness } = life.containers[index] as ContainerLife
		const started = startup === undefined ? up : passesAt(startup, up)
		latest = Math.max(latest, readiness === undefined ? started : passesAt(readiness, started))
	}
	return latest
}

/** From the start to the end of this run: its failure, or a startup or liveness probe that gives up first. -1 for never. */
function endMs(life: Life, given: Circumstances, restarts: number): number {
	const failure = failureNow(life, given, restarts)
	return soonest(failure === undefined ? -1 : failure.afterMs, probeEndMs(life, given))
}

/** L11: startup and liveness probes kill a container that is not up in time. */
function probeEndMs(life: Life, given: Circumstances): number {
	const up = upMs(life, given)
	let end = -1
	for (let index = life.groups[life.groups.length - 1] ?? 0; index < life.containers.length; index++) {
		const { startup, liveness } = life.containers[index] as ContainerLife
		if (startup !== undefined) end = soonest(end, failsAt(startup, 0, up) ?? -1)
		else if (liveness !== undefined) end = soonest(end, failsAt(liveness, 0, up) ?? -1)
	}
	return end
}

/** Which probe ends the present run, and of which container; undefined where none does. */
export function killingProbe(
	life: Life,
	given: Circumstances,
	restarts: number,
): { readonly container: number; readonly probe: "startup" | "liveness" } | undefined {
	const end = probeEndMs(life, given)
	if (end < 0 || end > endMs(life, given, restarts)) return undefined
	const up = upMs(life, given)
	for (let index = life.groups[life.groups.length - 1] ?? 0; index < life.containers.length; index++) {
		const { startup, liveness } = life.containers[index] as ContainerLife
		const probe = startup ?? liveness
		if (probe !== undefined && failsAt(probe, 0, up) === end) {
			return { container: index, probe: startup === undefined ? "liveness" : "startup" }
		}
	}
	return undefined
}

function soonest(a: number, b: number): number {
	if (a < 0) return b
	return b < 0 ? a : Math.min(a, b)
}

/** L1: one die for each purpose, so that a new one moves none of the others. */
const Throw = { Fate: 0, Start: 1, Ready: 2, Stop: 3, Pull: 16 } as const

function throwFor(given: Circumstances, purpose: number): number {
	return dice(given.base, given.pod, purpose)
}

const KILLED = 137
const LOOK_MS = [150, 450] as const
