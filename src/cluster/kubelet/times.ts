import { dice, rangeOf } from "../../base/index.ts"
import { LONGEST_BACKOFF_MS } from "./back-off.ts"
import { type Failure, failureAt } from "./behavior.ts"
import type { ContainerLife, Life } from "./life.ts"
import { type Circumstances, type Moment, Stage } from "./moment.ts"
import { failsAt, passesAt } from "./probes.ts"
import { drawMs } from "./spread.ts"

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
export function pullMs(life: Life, given: Circumstances, moment: Moment): number {
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

export function neverPulled(life: Life, moment: Moment): boolean {
	if (moment.missing === 0) return false
	const end = groupEnd(life, moment.group)
	for (let index = life.groups[moment.group] ?? 0; index < end; index++) {
		if (life.containers[index]?.pullPolicy === "Never" && isMissing(moment, index)) return true
	}
	return false
}

export function startMs(life: Life, given: Circumstances): number {
	return drawMs(life.behavior.start, throwFor(given, Throw.Start))
}

export function upMs(life: Life, given: Circumstances): number {
	return drawMs(life.behavior.ready, throwFor(given, Throw.Ready))
}

/** L10: from the start to ready: the behavior's time, and then the probes' own clockwork. -1 for never. */
export function readyMs(life: Life, given: Circumstances): number {
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
export function endMs(life: Life, given: Circumstances, restarts: number): number {
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

export function soonest(a: number, b: number): number {
	if (a < 0) return b
	return b < 0 ? a : Math.min(a, b)
}

/** L1: one die for each purpose, so that a new one moves none of the others. */
const Throw = { Fate: 0, Start: 1, Ready: 2, Stop: 3, Pull: 16 } as const

function throwFor(given: Circumstances, purpose: number): number {
	return dice(given.base, given.pod, purpose)
}

/** The exit code of what the kubelet killed. */
export const KILLED = 137
const LOOK_MS = [150, 450] as const
