import {
	begin,
	type Circumstances,
	type EventSink,
	eventText,
	fateOf,
	KubeletEvent,
	type Life,
	type Moment,
	Stage,
	step,
	stopMs,
	tellEvents,
	tellKilling,
} from "../kubelet/index.ts"
import { half } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textId } from "../state/strings.ts"
import { newVersion } from "../state/uids.ts"
import { Due } from "../timeline/due.ts"
import { cancel, schedule } from "../timeline/timeline.ts"
import { podMoves, podReacts, podTurnedReady } from "../wiring.ts"
import { podEvent } from "../writes/events.ts"
import type { KnownLife, Machine } from "../writes/machine.ts"
import { dropPod, endPod, hasEnded, setReady } from "../writes/pods.ts"
import { isHeld } from "../writes/terminate.ts"
import { EVENTS, holdImages, knownLife, setCircumstances } from "./lives.ts"
import { breakNode } from "./node-lifecycle.ts"

/** The next stage of a pod's life is due. */
export function liveOn(machine: Machine, row: number): void {
	const { pods, nodes } = machine.state
	const node = pods.node[row] as number
	pods.timer[row] = -1
	// A kubelet that is down does nothing; the node's return wakes its pods.
	if (nodes.exists[node] !== 1 || nodes.downAt.has(node)) return
	const left = pods.stage[row] as number
	const known = knownLife(machine, row)
	const { life } = known
	const given = setCircumstances(machine, row, known, machine.scratch.given)
	const moment = setMoment(machine.state, row, machine.scratch.moment)
	if (left === 0) begin(life, given, moment)
	else step(life, given, moment)
	enter(machine, row, known, given, moment)
}

/** The containers have stopped: the pod is gone, or where a finalizer keeps it, it has ended (G8). */
export function podStopped(machine: Machine, row: number): void {
	const { pods } = machine.state
	pods.timer[row] = -1
	if (!isHeld(machine, row)) {
		dropPod(machine, row)
		return
	}
	setReady(machine, row, false)
	endPod(machine, row, Stage.Succeeded)
	pods.stageAt[half(row)] = machine.state.now
	pods.endedAt[half(row)] = machine.state.now
	pods.waitMs[half(row)] = -1
	podReacts(machine, row)
}

/** The kubelet sees that a pod is to go: containers are stopped within the grace period (rule L14). */
export function stopPod(machine: Machine, row: number): void {
	const { state } = machine
	const { pods, nodes, timeline } = state
	const node = pods.node[row] as number
	if (pods.timer[row] !== -1) cancel(timeline, pods.timer[row] as number)
	pods.timer[row] = -1
	if (nodes.exists[node] !== 1 || nodes.downAt.has(node)) return
	const known = knownLife(machine, row)
	const { life } = known
	const stage = pods.stage[row] as Stage
	tellKilling(life, stage, tellerFor(machine, row, known))
	const given = setCircumstances(machine, row, known, machine.scratch.given)
	const waitMs = stage === (0 as Stage) ? 0 : stopMs(life, given, stage, pods.graceMs[half(row)])
	pods.timer[row] = schedule(timeline, state.now + state.settings.watchMs + waitMs, Due.Stopped, row)
}

/** A kubelet is back: it says again what is ready, and what its pods waited for goes on from where it was. */
export function wakePods(machine: Machine, node: number): void {
	const { state } = machine
	const { pods } = state
	for (const row of podsOn(state, node)) {
		if (pods.bound[row] !== 1) continue
		const stage = pods.stage[row] as number
		if (stage === Stage.Ready && pods.ready[row] === 0) {
			setReady(machine, row, true)
			machine.facts.pod(row, "ready")
			podTurnedReady(machine, row)
			podReacts(machine, row, 0, 0, true)
		}
		if (pods.timer[row] !== -1) continue
		if ((pods.deletedAt[half(row)] as number) > 0) stopPod(machine, row)
		else if ((pods.waitMs[half(row)] as number) >= 0 || stage === 0)
			scheduleLife(state, row, Math.max(0, pods.waitMs[half(row)] as number))
	}
}

/** A new machine under a name that pods are still bound to (N6): it knows of no container, and starts them all. */
export function restartPods(machine: Machine, node: number): void {
	const { state } = machine
	const { pods, nodes } = state
	for (const row of podsOn(state, node)) {
		if (pods.bound[row] !== 1 || (pods.boundAt[half(row)] as number) > (nodes.createdAt[node] as number)) continue
		if (hasEnded(state, row)) continue
		for (const member of [pods.stage, pods.group, pods.pullFailures, pods.missing]) member[row] = 0
		for (const time of [pods.waitMs, pods.containersAt]) time[half(row)] = 0
		pods.stageAt[half(row)] = state.now
		if (pods.ready[row] !== 1) continue
		setReady(machine, row, false)
		machine.facts.pod(row, "unready")
		podReacts(machine, row)
	}
	wakePods(machine, node)
}

export function podsOn({ pods, nodes }: State, node: number): number[] {
	const rows: number[] = []
	for (let row = nodes.firstPod[node] as number; row !== -1; row = pods.nextHere[row] as number) rows.push(row)
	return rows.sort((a, b) => (pods.uid[half(a)] as number) - (pods.uid[half(b)] as number))
}

export function momentOf(state: State, row: number): Moment {
	return setMoment(state, row, { stage: 1, group: 0, pullFailures: 0, restarts: 0, missing: 0, waitMs: 0 })
}

function setMoment({ pods }: State, row: number, moment: Moment): Moment {
	moment.stage = pods.stage[row] as Stage
	moment.group = pods.group[row] as number
	moment.pullFailures = pods.pullFailures[row] as number
	moment.restarts = pods.restarts[row] as number
	moment.missing = pods.missing[row] as number
	moment.waitMs = pods.waitMs[half(row)] as number
	return moment
}

function enter(machine: Machine, row: number, known: KnownLife, given: Circumstances, moment: Moment): void {
	const { state } = machine
	const { life } = known
	const { pods } = state
	const left = pods.stage[row] as Stage | 0
	const isReady = moment.stage === Stage.Ready
	const isEnd = moment.stage === Stage.Failed || moment.stage === Stage.Succeeded
	if (moment.stage === Stage.Failed || moment.stage === Stage.Succeeded) endPod(machine, row, moment.stage)
	else pods.stage[row] = moment.stage
	pods.group[row] = moment.group
	pods.pullFailures[row] = moment.pullFailures
	pods.restarts[row] = moment.restarts
	pods.missing[row] = moment.missing
	pods.waitMs[half(row)] = moment.waitMs
	pods.stageAt[half(row)] = state.now
	pods.version[half(row)] = newVersion(state)
	if (left === Stage.Pulling && moment.stage !== Stage.PullBackOff) holdImages(state, row, known, moment.group)
	if (moment.stage === Stage.Running || moment.stage === Stage.Initializing) pods.containersAt[half(row)] = state.now
	tellEvents(life, given, left, moment, tellerFor(machine, row, known))
	const wasReady = pods.ready[row] === 1
	setReady(machine, row, isReady)
	tellFact(machine, row, life, given, wasReady)
	if (isReady) podTurnedReady(machine, row)
	if (isReady === wasReady && !isEnd) podMoves(machine, row)
	else podReacts(machine, row, 0, 0, isReady && !wasReady)
	if (moment.stage === Stage.BreakingNode) breakNode(machine, pods.node[row] as number)
	else if (moment.waitMs >= 0) scheduleLife(state, row, moment.waitMs)
}

function tellFact(machine: Machine, row: number, life: Life, given: Circumstances, wasReady: boolean): void {
	const { state, facts } = machine
	const { pods, strings } = state
	const stage = pods.stage[row] as number
	const ended = stage === Stage.CrashBackOff || stage === Stage.Failed || stage === Stage.Succeeded
	if (ended) pods.endedAt[half(row)] = state.now
	if (wasReady && stage !== Stage.Ready) facts.pod(row, "unready")
	const oom = fateOf(life, given)?.kind === "OutOfMemory"
	if (stage === Stage.Pulling) facts.pod(row, "pulling")
	else if (stage === Stage.Running) facts.pod(row, "started")
	else if (stage === Stage.Ready) facts.pod(row, "ready")
	else if (stage === Stage.PullBackOff) facts.pod(row, "failing", textId(strings, "ImagePullBackOff"))
	else if (stage === Stage.CrashBackOff)
		facts.pod(row, "failing", textId(strings, oom ? "OOMKilled" : "CrashLoopBackOff"))
	else if (stage === Stage.Failed) facts.pod(row, "failed", textId(strings, oom ? "OOMKilled" : "Error"))
	else if (stage === Stage.Succeeded) facts.pod(row, "succeeded")
}

function scheduleLife(state: State, row: number, waitMs: number): void {
	const { pods } = state
	const { restartsUntilSettled } = state.settings
	const repeat = (pods.restarts[row] as number) >= restartsUntilSettled || (pods.pullFailures[row] as number) >= 3
	pods.timer[row] = schedule(state.timeline, state.now + waitMs, Due.Life, row, 0, 1, repeat)
}

/** Whom Events are told of from here on; one teller for all, for a step makes nothing. */
function tellerFor(machine: Machine, row: number, known: KnownLife): EventSink {
	const { telling } = machine.scratch
	telling.row = row
	telling.known = known
	telling.tell ??= (event, container, detail) => {
		if (telling.known !== undefined) tell(machine, telling.row, telling.known, event, container, detail)
	}
	return telling.tell
}

/** The text of an Event is the same for all pods of a life: but for Pulled, which keeps the image and has the time beside it. */
function tell(
	machine: Machine,
	row: number,
	{ life, words }: KnownLife,
	event: KubeletEvent,
	container: number,
	detail: number,
): void {
	const of = life.containers[container]
	if (of === undefined) return
	const place = container * EVENTS + event
	if (words[place] === -1) {
		const argument = event === KubeletEvent.Pulled ? of.image : eventText(event, of, detail, life).message
		words[place] = textId(machine.state.strings, argument)
	}
	podEvent(machine, row, event, words[place], detail)
}
