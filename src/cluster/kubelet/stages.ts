import { crashDelayMs, LONGEST_BACKOFF_MS, pullDelayMs } from "./back-off.ts"
import type { ContainerLife, Life } from "./life.ts"
import { type Circumstances, type Moment, Stage } from "./moment.ts"
import { passesAt } from "./probes.ts"
import {
	endMs,
	failureNow,
	fateOf,
	KILLED,
	killingProbe,
	neverPulled,
	pullMs,
	readyMs,
	soonest,
	startMs,
	upMs,
} from "./times.ts"

/** The first stage of a pod that was bound to its node; writes into `moment` and returns it. */
export function begin(life: Life, given: Circumstances, moment: Moment): Moment {
	moment.group = 0
	moment.restarts = 0
	return enterGroup(life, given, moment)
}

/** The stage that follows once `waitMs` is over; writes into `moment` and returns it. */
export function step(life: Life, given: Circumstances, moment: Moment): Moment {
	return NEXT[moment.stage](life, given, moment)
}

type Step = (life: Life, given: Circumstances, moment: Moment) => Moment

/** L5: the stages and what follows each. */
const NEXT: Readonly<Record<Stage, Step>> = {
	[Stage.Pulling]: afterPull,
	[Stage.PullBackOff]: (life, given, moment) => rest(moment, Stage.Pulling, pullMs(life, given, moment)),
	[Stage.Starting]: afterStart,
	[Stage.Initializing]: nextGroup,
	[Stage.Running]: afterRunning,
	[Stage.Ready]: crash,
	[Stage.CrashBackOff]: restart,
	[Stage.Failed]: (_life, _given, moment) => moment,
	[Stage.Succeeded]: (_life, _given, moment) => moment,
	[Stage.BreakingNode]: restart,
}

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
	const killed = killingProbe(life, given, moment.restarts) !== undefined
	if (failure?.kind === "NodeDown" && !killed) return rest(moment, Stage.BreakingNode, -1)
	// L18
	if (failure?.kind === "Failed" && !killed) return rest(moment, Stage.Failed, -1)
	if (failure?.kind === "Succeeded" && !killed) return rest(moment, Stage.Succeeded, -1)
	const exitCode = killed ? KILLED : (failure?.exitCode ?? KILLED)
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
