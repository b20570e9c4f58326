import { powerOfTwo } from "../../base/index.ts"
import type { PodBehavior } from "../../kube/index.ts"
import {
	asksForNodeLabel,
	begin,
	behaviorFor,
	behaviorTable,
	type Circumstances,
	eventText,
	fateOf,
	KubeletEvent,
	type Life,
	lifeOf,
	type Moment,
	Stage,
	step,
	stopMs,
	tellEvents,
	tellKilling,
} from "../kubelet/index.ts"
import { nodeName } from "../state/names.ts"
import type { NodeShape } from "../state/nodes.ts"
import type { PodShape } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textId } from "../state/strings.ts"
import { newVersion } from "../state/uids.ts"
import { Due } from "../timeline/due.ts"
import { cancel, schedule } from "../timeline/timeline.ts"
import { nodeLabels, podReacts, podTurnedReady } from "../wiring.ts"
import { podEvent } from "../writes/events.ts"
import { type KnownLife, type Machine, nodeShapeOf, podShapeOf, remembered, shapesSpot } from "../writes/machine.ts"
import { PairMemo } from "../writes/pair-memo.ts"
import { dropPod, setReady } from "../writes/pods.ts"
import { isHeld } from "../writes/terminate.ts"
import { breakNode } from "./node-lifecycle.ts"

const HOSTNAME = "kubernetes.io/hostname"

/** The next stage of a pod's life is due. */
export function liveOn(machine: Machine, row: number): void {
	const { pods, nodes } = machine.state
	const node = pods.node[row] as number
	pods.timer[row] = -1
	// A kubelet that is down does nothing; the node's return wakes its pods.
	if (nodes.exists[node] !== 1 || (nodes.downAt[node] as number) > 0) return
	const left = pods.stage[row] as number
	const known = knownLife(machine, row)
	const { life } = known
	const given = circumstancesOf(machine, row, known)
	const moment = momentOf(machine.state, row)
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
	pods.stage[row] = Stage.Succeeded
	pods.stageAt[row] = machine.state.now
	pods.endedAt[row] = machine.state.now
	pods.waitMs[row] = -1
	podReacts(machine, row)
}

/** The kubelet sees that a pod is to go: containers are stopped within the grace period (rule L14). */
export function stopPod(machine: Machine, row: number): void {
	const { state } = machine
	const { pods, nodes, timeline } = state
	const node = pods.node[row] as number
	if (pods.timer[row] !== -1) cancel(timeline, pods.timer[row] as number)
	pods.timer[row] = -1
	if (nodes.exists[node] !== 1 || (nodes.downAt[node] as number) > 0) return
	const known = knownLife(machine, row)
	const { life } = known
	const stage = pods.stage[row] as Stage
	tellKilling(life, stage, (event, container, detail) => tell(machine, row, known, event, container, detail))
	const waitMs = stage === (0 as Stage) ? 0 : stopMs(life, circumstancesOf(machine, row), stage, pods.graceMs[row])
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
			podReacts(machine, row, { ready: true })
		}
		if (pods.timer[row] !== -1) continue
		if ((pods.deletedAt[row] as number) > 0) stopPod(machine, row)
		else if ((pods.waitMs[row] as number) >= 0 || stage === 0)
			scheduleLife(state, row, Math.max(0, pods.waitMs[row] as number))
	}
}

/** A new machine under a name that pods are still bound to (N6): it knows of no container, and starts them all. */
export function restartPods(machine: Machine, node: number): void {
	const { state } = machine
	const { pods, nodes } = state
	for (const row of podsOn(state, node)) {
		if (pods.bound[row] !== 1 || (pods.boundAt[row] as number) > (nodes.createdAt[node] as number)) continue
		for (const column of [pods.stage, pods.group, pods.pullFailures, pods.waitMs, pods.missing, pods.containersAt])
			column[row] = 0
		pods.stageAt[row] = state.now
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
	return rows.sort((a, b) => (pods.uid[a] as number) - (pods.uid[b] as number))
}

export function lifeFor(machine: Machine, row: number): Life {
	return knownLife(machine, row).life
}

function knownLife(machine: Machine, row: number): KnownLife {
	const { state, memo } = machine
	const shape = podShapeOf(machine, row)
	const here = nodeShapeOf(machine, state.pods.node[row] as number)
	memo.byName ??= asksForNodeLabel(behaviorsOf(state), HOSTNAME)
	if (memo.byName && here.hostnamed) return lifeByName(machine, row, shape, here)
	return memo.lives.of(shapesSpot(state, row), shape, here, () => learnLife(machine, row, shape, here))
}

/** L3: a behavior may be about one node alone. */
function lifeByName(machine: Machine, row: number, shape: PodShape, here: NodeShape): KnownLife {
	const { state, memo } = machine
	const { nodes, strings } = state
	const node = state.pods.node[row] as number
	const name = nodeName(strings, nodes.base[node] as number, nodes.number[node] as number)
	const lives = remembered(memo.livesByName, shape, () => new Map())
	const before = lives.get(name)
	if (before?.here === here) return before.known
	const known = learnLife(machine, row, shape, here)
	lives.set(name, { here, known })
	return known
}

function learnLife(machine: Machine, row: number, shape: PodShape, here: NodeShape): KnownLife {
	const life = makeLife(machine, row, shape, here)
	const count = life.containers.length
	return { life, images: new Int32Array(count).fill(-1), words: new Int32Array(count * EVENTS).fill(-1) }
}

function makeLife({ state, memo }: Machine, row: number, shape: PodShape, here: NodeShape): Life {
	memo.behaviors ??= behaviorTable(behaviorsOf(state))
	const { nodes, strings, pods } = state
	const node = pods.node[row] as number
	const labels = nodeLabels(here, nodeName(strings, nodes.base[node] as number, nodes.number[node] as number))
	const images = shape.spec.containers.map(({ image = "" }) => image)
	return lifeOf(shape.spec, behaviorFor(memo.behaviors, { labels: shape.labels, images }, labels))
}

export function circumstancesOf(machine: Machine, row: number, known = knownLife(machine, row)): Circumstances {
	const { state, memo } = machine
	const { pods, nodes } = state
	const node = pods.node[row] as number
	return {
		base: memo.kubeletBase,
		pod: pods.uid[row] as number,
		missing: missingImages(state, node, known),
		pullFactor: nodes.slowness[node] as number,
	}
}

export function momentOf({ pods }: State, row: number): Moment {
	return {
		stage: pods.stage[row] as Stage,
		group: pods.group[row] as number,
		pullFailures: pods.pullFailures[row] as number,
		restarts: pods.restarts[row] as number,
		missing: pods.missing[row] as number,
		waitMs: pods.waitMs[row] as number,
	}
}

/** PodBehaviors changed: lives that begin now follow the new ones. */
export function behaviorsChanged({ memo }: Machine): void {
	memo.behaviors = undefined
	memo.lives = new PairMemo()
	memo.livesByName = new WeakMap()
	memo.byName = undefined
}

function behaviorsOf(state: State): PodBehavior[] {
	const found: PodBehavior[] = []
	for (const [key, object] of state.objects) {
		if (key.startsWith("simulation.rollcall.dev/PodBehavior/")) found.push(object as PodBehavior)
	}
	return found
}

function enter(machine: Machine, row: number, known: KnownLife, given: Circumstances, moment: Moment): void {
	const { state } = machine
	const { life } = known
	const { pods } = state
	const left = pods.stage[row] as Stage | 0
	pods.stage[row] = moment.stage
	pods.group[row] = moment.group
	pods.pullFailures[row] = moment.pullFailures
	pods.restarts[row] = moment.restarts
	pods.missing[row] = moment.missing
	pods.waitMs[row] = moment.waitMs
	pods.stageAt[row] = state.now
	pods.version[row] = newVersion(state)
	if (left === Stage.Pulling && moment.stage !== Stage.PullBackOff) holdImages(state, row, known, moment.group)
	if (moment.stage === Stage.Running || moment.stage === Stage.Initializing) pods.containersAt[row] = state.now
	tellEvents(life, given, left, moment, (event, container, detail) =>
		tell(machine, row, known, event, container, detail),
	)
	const wasReady = pods.ready[row] === 1
	setReady(machine, row, moment.stage === Stage.Ready)
	tellFact(machine, row, life, given, wasReady)
	if (moment.stage === Stage.Ready) podTurnedReady(machine, row)
	podReacts(machine, row, { ready: moment.stage === Stage.Ready && !wasReady })
	if (moment.stage === Stage.BreakingNode) breakNode(machine, pods.node[row] as number)
	else if (moment.waitMs >= 0) scheduleLife(state, row, moment.waitMs)
}

function tellFact(machine: Machine, row: number, life: Life, given: Circumstances, wasReady: boolean): void {
	const { state, facts } = machine
	const { pods, strings } = state
	const stage = pods.stage[row] as number
	const ended = stage === Stage.CrashBackOff || stage === Stage.Failed || stage === Stage.Succeeded
	if (ended) pods.endedAt[row] = state.now
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
	pods.timer[row] = schedule(state.timeline, state.now + waitMs, Due.Life, row, 0, { repeat })
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
const EVENTS = 32

/** The id of a container's image; -1 while nobody has pulled one of that name. */
function imageId({ strings }: State, { life, images }: KnownLife, index: number): number {
	if (images[index] === -1) images[index] = strings.ids.get(life.containers[index]?.image ?? "") ?? -1
	return images[index] as number
}

/** Bit i: the image of container i is not on the node now. */
function missingImages(state: State, node: number, known: KnownLife): number {
	let missing = 0
	const count = Math.min(31, known.images.length)
	for (let index = 0; index < count; index++) {
		const held = state.images.get(imageId(state, known, index))
		if (held === undefined || ((held[node >>> 5] ?? 0) & (1 << (node & 31))) === 0) missing |= 1 << index
	}
	return missing
}

function holdImages(state: State, row: number, known: KnownLife, group: number): void {
	const node = state.pods.node[row] as number
	const { groups, containers } = known.life
	const end = group === groups.length - 1 ? containers.length : group + 1
	for (let index = groups[group] ?? 0; index < end; index++) {
		const image = textId(state.strings, containers[index]?.image ?? "")
		let held = state.images.get(image)
		if (held === undefined || node >>> 5 >= held.length) {
			const longer = new Uint32Array(powerOfTwo((node >>> 5) + 2))
			if (held !== undefined) longer.set(held)
			held = longer
			state.images.set(image, held)
		}
		held[node >>> 5] = (held[node >>> 5] as number) | (1 << (node & 31))
	}
}
