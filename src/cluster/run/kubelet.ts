import { powerOfTwo } from "../../base/index.ts"
import type { PodBehavior } from "../../kube/index.ts"
import {
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
import type { State } from "../state/state.ts"
import { textId } from "../state/strings.ts"
import { newVersion } from "../state/uids.ts"
import { Due } from "../timeline/due.ts"
import { cancel, schedule } from "../timeline/timeline.ts"
import { nodeLabels, podReacts, podTurnedReady } from "../wiring.ts"
import { podEvent } from "../writes/events.ts"
import { type Machine, nodeShapeOf, podShapeOf, remembered } from "../writes/machine.ts"
import { dropPod, setReady } from "../writes/pods.ts"
import { breakNode } from "./node-lifecycle.ts"

/** The next stage of a pod's life is due. */
export function liveOn(machine: Machine, row: number): void {
	const { pods, nodes } = machine.state
	const node = pods.node[row] as number
	pods.timer[row] = -1
	// A kubelet that is down does nothing; the node's return wakes its pods.
	if (nodes.exists[node] !== 1 || (nodes.downAt[node] as number) > 0) return
	const left = pods.stage[row] as number
	const life = lifeFor(machine, row)
	const given = circumstancesOf(machine, row)
	const moment = momentOf(machine.state, row)
	if (left === 0) begin(life, given, moment)
	else step(life, given, moment)
	enter(machine, row, life, given, moment)
}

/** The containers have stopped: the pod is gone. */
export function podStopped(machine: Machine, row: number): void {
	machine.state.pods.timer[row] = -1
	dropPod(machine, row)
}

/** The kubelet sees that a pod is to go: containers are stopped within the grace period (rule L14). */
export function stopPod(machine: Machine, row: number): void {
	const { state } = machine
	const { pods, nodes, timeline } = state
	const node = pods.node[row] as number
	if (pods.timer[row] !== -1) cancel(timeline, pods.timer[row] as number)
	pods.timer[row] = -1
	if (nodes.exists[node] !== 1 || (nodes.downAt[node] as number) > 0) return
	const life = lifeFor(machine, row)
	const stage = pods.stage[row] as Stage
	tellKilling(life, stage, (event, container, detail) => tell(machine, row, life, event, container, detail))
	const waitMs = stage === (0 as Stage) ? 0 : stopMs(life, circumstancesOf(machine, row), stage, pods.graceMs[row])
	pods.timer[row] = schedule(timeline, state.now + state.settings.watchMs + waitMs, Due.Stopped, row)
}

/** A kubelet is back: what its pods waited for goes on from where it was. */
export function wakePods(machine: Machine, node: number): void {
	const { state } = machine
	const { pods } = state
	for (const row of podsOn(state, node)) {
		if (pods.bound[row] !== 1 || pods.timer[row] !== -1) continue
		if ((pods.deletedAt[row] as number) > 0) {
			stopPod(machine, row)
			continue
		}
		const stage = pods.stage[row] as number
		if (stage === Stage.Ready) {
			setReady(machine, row, true)
			machine.facts.pod(row, "ready")
			podTurnedReady(machine, row)
			podReacts(machine, row)
		}
		if ((pods.waitMs[row] as number) >= 0 || stage === 0)
			scheduleLife(state, row, Math.max(0, pods.waitMs[row] as number))
	}
}

export function podsOn({ pods, nodes }: State, node: number): number[] {
	const rows: number[] = []
	for (let row = nodes.firstPod[node] as number; row !== -1; row = pods.nextHere[row] as number) rows.push(row)
	return rows.sort((a, b) => (pods.uid[a] as number) - (pods.uid[b] as number))
}

export function lifeFor(machine: Machine, row: number): Life {
	const { state, memo } = machine
	const node = state.pods.node[row] as number
	const shape = podShapeOf(machine, row)
	const here = nodeShapeOf(machine, node)
	const lives = remembered(memo.lives, shape, () => new WeakMap<NodeShape, Life>())
	return remembered(lives, here, () => {
		memo.behaviors ??= behaviorTable(behaviorsOf(state))
		const { nodes, strings } = state
		const labels = nodeLabels(here, nodeName(strings, nodes.base[node] as number, nodes.number[node] as number))
		const images = shape.spec.containers.map(({ image = "" }) => image)
		return lifeOf(shape.spec, behaviorFor(memo.behaviors, { labels: shape.labels, images }, labels))
	})
}

export function circumstancesOf(machine: Machine, row: number): Circumstances {
	const { state, memo } = machine
	const { pods, nodes } = state
	const node = pods.node[row] as number
	return {
		base: memo.kubeletBase,
		pod: pods.uid[row] as number,
		missing: missingImages(state, node, lifeFor(machine, row)),
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
	memo.lives = new WeakMap()
}

function behaviorsOf(state: State): PodBehavior[] {
	const found: PodBehavior[] = []
	for (const [key, object] of state.objects) {
		if (key.startsWith("simulation.rollcall.dev/PodBehavior/")) found.push(object as PodBehavior)
	}
	return found
}

function enter(machine: Machine, row: number, life: Life, given: Circumstances, moment: Moment): void {
	const { state } = machine
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
	if (left === Stage.Pulling && moment.stage !== Stage.PullBackOff) holdImages(state, row, life, moment.group)
	if (moment.stage === Stage.Running || moment.stage === Stage.Initializing) pods.containersAt[row] = state.now
	tellEvents(life, given, left, moment, (event, container, detail) =>
		tell(machine, row, life, event, container, detail),
	)
	const wasReady = pods.ready[row] === 1
	setReady(machine, row, moment.stage === Stage.Ready)
	tellFact(machine, row, life, given, wasReady)
	if (moment.stage === Stage.Ready) podTurnedReady(machine, row)
	podReacts(machine, row)
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

function tell(machine: Machine, row: number, life: Life, event: KubeletEvent, container: number, detail: number): void {
	const { strings } = machine.state
	const of = life.containers[container]
	if (of === undefined) return
	const argument = event === KubeletEvent.Pulled ? of.image : eventText(event, of, detail, life).message
	podEvent(machine, row, event, textId(strings, argument), detail)
}

/** Bit i: the image of container i is not on the node now. */
function missingImages({ images, strings }: State, node: number, life: Life): number {
	let missing = 0
	const count = Math.min(31, life.containers.length)
	for (let index = 0; index < count; index++) {
		const image = strings.ids.get(life.containers[index]?.image ?? "")
		const held = image === undefined ? undefined : images.get(image)
		if (held === undefined || ((held[node >>> 5] ?? 0) & (1 << (node & 31))) === 0) missing |= 1 << index
	}
	return missing
}

function holdImages(state: State, row: number, life: Life, group: number): void {
	const node = state.pods.node[row] as number
	const end = group === life.groups.length - 1 ? life.containers.length : group + 1
	for (let index = life.groups[group] ?? 0; index < end; index++) {
		const image = textId(state.strings, life.containers[index]?.image ?? "")
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
