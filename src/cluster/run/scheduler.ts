import { EventCode } from "../facts/event-words.ts"
import {
	type Candidate,
	chooseHost,
	type Demand,
	demandOf,
	demandOfList,
	fit as filter,
	type HostPort,
	hasRoom,
	mayPreempt,
	moreImportant,
	type Needs,
	needsOf,
	pinnedMessage,
	portsClash,
	preempt,
	type Reason,
	type Room,
	refusal,
	SCHEDULER_EVENTS,
	unschedulableMessage,
} from "../scheduler/index.ts"
import { nodeName } from "../state/names.ts"
import { nodesInOrder } from "../state/node-order.ts"
import { type NodeShape, Use, useOf } from "../state/nodes.ts"
import { half, type PodShape } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { type TextId, textId } from "../state/strings.ts"
import { uidText } from "../state/uids.ts"
import { Due } from "../timeline/due.ts"
import { schedule } from "../timeline/timeline.ts"
import { nodeLabels, podReacts } from "../wiring.ts"
import { podEvent } from "../writes/events.ts"
import {
	type Limits,
	type Machine,
	type Match,
	nodeShapeOf,
	podShapeOf,
	remembered,
	shapesSpot,
} from "../writes/machine.ts"
import { hasEnded, setBound } from "../writes/pods.ts"
import { deletePod } from "../writes/terminate.ts"
import { protectedPods } from "./disruption-budgets.ts"
import { podsOn } from "./kubelet.ts"
import { executing, planEviction } from "./node-lifecycle.ts"

/** The scheduler looks at a pod: it is bound, makes room, or waits for a change. */
export function schedulePod(machine: Machine, row: number): void {
	const { state } = machine
	const { pods } = state
	pods.timer[row] = -1
	if (pods.bound[row] === 1 || (pods.deletedAt[half(row)] as number) > 0) return
	const shape = podShapeOf(machine, row)
	const node = pods.node[row] as number
	if (node === -1) scheduleAnywhere(machine, row, shape)
	else schedulePinned(machine, row, shape, node)
}

/** A new pod reaches the scheduler by its watch; one that its manifest has bound goes straight to the kubelet. */
export function expectPod({ state }: Machine, row: number): void {
	const { watchMs, bindMs } = state.settings
	const bound = state.pods.bound[row] === 1
	const at = state.now + (bound ? watchMs : watchMs + bindMs)
	state.pods.timer[row] = schedule(state.timeline, at, bound ? Due.Life : Due.Schedule, row)
}

/** K17: something about the node changed: pods that wait for it, or for any node and would fit there, are tried again. */
export function tryAgain(machine: Machine, node: number): void {
	const { state } = machine
	if (state.unschedulable.size === 0) return
	const { pods } = state
	for (const row of [...state.unschedulable.keys()]) {
		const target = pods.node[row] as number
		const isNews = target === -1 ? fitsOn(machine, row, node) : target === node
		if (!isNews || pods.timer[row] !== -1) continue
		pods.timer[row] = schedule(state.timeline, state.now + state.settings.watchMs, Due.Schedule, row)
	}
}

/** The scheduler's own hint: a change that does not make the pod fit there is no reason to look at all nodes again. */
function fitsOn(machine: Machine, row: number, node: number): boolean {
	if (machine.state.nodes.exists[node] !== 1) return false
	return reasonsAgainst(machine, row, podShapeOf(machine, row), node).length === 0
}

/** Why the node is not for the pod; lists of what is there are made only where they matter. */
function reasonsAgainst(machine: Machine, row: number, shape: PodShape, node: number): readonly Reason[] {
	const match = matchOf(machine, row, shape, node)
	const refused = refusedBy(machine, match, node)
	if (refused !== undefined) return [refused]
	const { demand } = match
	if (quickRoom(machine, match, node)) return []
	return filter(demand, needsFor(machine, shape), factsOf(machine, node), roomOf(machine, node))
}

function schedulePinned(machine: Machine, row: number, shape: PodShape, node: number): void {
	const { state } = machine
	const { nodes } = state
	if (nodes.exists[node] === 1) {
		const match = matchOf(machine, row, shape, node)
		const { demand } = match
		const refused = refusedBy(machine, match, node)
		if (refused === undefined && quickRoom(machine, match, node)) {
			bind(machine, row, node)
			return
		}
		const room = roomOf(machine, node)
		const reasons =
			refused === undefined ? filter(demand, needsFor(machine, shape), factsOf(machine, node), room) : [refused]
		if (reasons.length === 0) {
			bind(machine, row, node)
			return
		}
		const outcome = makeRoom(machine, row, shape, node, reasons, room)
		wait(machine, row, pinnedMessage(nodes.count, reasons, outcome))
		return
	}
	wait(machine, row, pinnedMessage(nodes.count, undefined, { kind: "failed", refused: "" }))
}

/** K11: lower priorities go where that is enough. */
function makeRoom(
	machine: Machine,
	row: number,
	shape: PodShape,
	node: number,
	reasons: readonly Reason[],
	room: Room,
) {
	const { state } = machine
	const { pods } = state
	const priority = shape.spec.priority ?? 0
	const others = podsOn(state, node).filter(
		(other) => other !== row && pods.bound[other] === 1 && !hasEnded(state, other),
	)
	const leaving = others.some(
		(other) => (pods.deletedAt[half(other)] as number) > 0 && priorityOf(machine, other) < priority,
	)
	const asked = mayPreempt(shape.spec.preemptionPolicy, leaving)
	if (asked.kind !== "yes") return { kind: asked.kind }
	const candidates = others
		.map(
			(other): Candidate<number> => ({
				id: other,
				priority: priorityOf(machine, other),
				startedAt: pods.boundAt[half(other)] as number,
				demand: demandFor(machine, podShapeOf(machine, other)),
			}),
		)
		.filter((candidate) => candidate.priority < priority)
		.sort(moreImportant)
	const kept = protectedPods(
		machine,
		candidates.map(({ id }) => id),
	)
	const judged = candidates.map((candidate) => ({ ...candidate, protected: kept.has(candidate.id) }))
	const result = preempt(demandFor(machine, shape), priority, reasons, room, judged)
	if (result.kind === "failed") return { kind: "failed" as const, refused: result.refused }
	const message = SCHEDULER_EVENTS.preempted(uidText(state, pods.uid[half(row)] as number), nameOf(state, node))
	for (const victim of result.victims) {
		podEvent(machine, victim.id, EventCode.Preempted, textId(state.strings, message))
		machine.facts.pod(victim.id, "preempted")
		deletePod(machine, victim.id)
	}
	return { kind: "none" as const }
}

function scheduleAnywhere(machine: Machine, row: number, shape: PodShape): void {
	const { state } = machine
	const demand = demandFor(machine, shape)
	const fitting: { node: number; room: Room }[] = []
	const counts = new Map<string, number>()
	for (const node of nodesInOrder(state.nodes)) {
		if (state.nodes.exists[node] !== 1) continue
		const reasons = reasonsAgainst(machine, row, shape, node)
		if (reasons.length === 0) fitting.push({ node, room: roomOf(machine, node) })
		for (const { text } of reasons) counts.set(text, (counts.get(text) ?? 0) + 1)
	}
	const host = chooseHost(demand, fitting)
	if (host !== undefined) bind(machine, row, host)
	else wait(machine, row, unschedulableMessage(state.nodes.count, counts, { kind: "none" }))
}

function bind(machine: Machine, row: number, node: number): void {
	const { state } = machine
	if (state.unschedulable.size > 0) state.unschedulable.delete(row)
	setBound(machine, row, node)
	machine.facts.pod(row, "scheduled")
	podEvent(machine, row, EventCode.Scheduled, state.nodes.base[node], state.nodes.number[node])
	podReacts(machine, row)
	state.pods.timer[row] = schedule(state.timeline, state.now + state.settings.watchMs, Due.Life, row)
	const { taints } = nodeShapeOf(machine, node)
	if (taints.length > 0) planEviction(machine, row, executing(taints))
}

function wait(machine: Machine, row: number, text: string): void {
	const { state } = machine
	const { pods } = state
	const message: TextId = textId(state.strings, text)
	const news = pods.message[row] !== message || !state.unschedulable.has(row)
	pods.message[row] = message
	pods.attempts[row] = (pods.attempts[row] as number) + 1
	state.unschedulable.set(row, state.now)
	if (!news) return
	machine.facts.pod(row, "unschedulable", message)
	podEvent(machine, row, EventCode.FailedScheduling, message)
	podReacts(machine, row)
}

/** Room that needs no list: nearly every pod is judged by these numbers alone. */
function quickRoom(machine: Machine, { demand, limits }: Match, node: number): boolean {
	if (demand.others.length > 0 || !hasPorts(machine, demand.ports, node)) return false
	const { use } = machine.state.nodes
	const at = useOf(node)
	const { allocatable, used, podLimit } = limits
	return hasRoom(
		demand,
		podLimit - (use[at + Use.pods] as number),
		allocatable.cpuMilli - used.cpuMilli - (use[at + Use.cpuMilli] as number),
		allocatable.memoryBytes - used.memoryBytes - (use[at + Use.memoryBytes] as number),
		allocatable.ephemeralBytes - used.ephemeralBytes - (use[at + Use.ephemeralBytes] as number),
	)
}

/** K7: nobody there has taken one of these. */
function hasPorts(machine: Machine, wanted: readonly HostPort[], node: number): boolean {
	if (wanted.length === 0) return true
	const { pods, nodes } = machine.state
	for (let row = nodes.firstPod[node] as number; row !== -1; row = pods.nextHere[row] as number) {
		if (pods.bound[row] !== 1 || hasEnded(machine.state, row)) continue
		if (portsClash(wanted, demandFor(machine, podShapeOf(machine, row)).ports)) return false
	}
	return true
}

/** What is left of a node for others than `except`. */
export function roomOf(machine: Machine, node: number, except = -1): Room {
	const { state } = machine
	const { pods, nodes } = state
	const { use } = nodes
	const at = useOf(node)
	const { allocatable, used, podLimit } = limitsOf(machine, nodeShapeOf(machine, node))
	const ports: HostPort[] = [...used.ports]
	const others = new Map(used.others.map(({ resource, amount }) => [resource, amount]))
	const own = except === -1 ? undefined : demandFor(machine, podShapeOf(machine, except))
	for (const row of podsOn(state, node)) {
		if (pods.bound[row] !== 1 || row === except || hasEnded(state, row)) continue
		const demand = demandFor(machine, podShapeOf(machine, row))
		ports.push(...demand.ports)
		for (const { resource, amount } of demand.others) others.set(resource, (others.get(resource) ?? 0) + amount)
	}
	return {
		allocatable,
		used: {
			cpuMilli: used.cpuMilli + (use[at + Use.cpuMilli] as number) - (own?.cpuMilli ?? 0),
			memoryBytes: used.memoryBytes + (use[at + Use.memoryBytes] as number) - (own?.memoryBytes ?? 0),
			ephemeralBytes: used.ephemeralBytes + (use[at + Use.ephemeralBytes] as number) - (own?.ephemeralBytes ?? 0),
			others: [...others].map(([resource, amount]) => ({ resource, amount })),
			ports,
		},
		podLimit,
		podCount: (use[at + Use.pods] as number) - (own === undefined ? 0 : 1),
	}
}

function limitsOf({ memo }: Machine, shape: NodeShape): Limits {
	return remembered(memo.rooms, shape, () => ({
		allocatable: demandOfList(shape.allocatable),
		used: demandOfList(shape.used),
		podLimit: Number(shape.allocatable["pods"] ?? 110),
	}))
}

export function demandFor({ memo }: Machine, shape: PodShape): Demand {
	return remembered(memo.demands, shape, () => demandOf(shape.spec))
}

export function needsFor({ memo }: Machine, shape: PodShape): Needs {
	return remembered(memo.needs, shape, () => needsOf(shape.spec))
}

/** What a pod's shape and a node's come to, worked out once for all pods and nodes of them. */
function matchOf(machine: Machine, row: number, shape: PodShape, node: number): Match {
	const { matches } = machine.memo
	const spot = shapesSpot(machine.state, row)
	const there = nodeShapeOf(machine, node)
	return matches.known(spot, shape, there) ?? matches.of(spot, shape, there, () => match(machine, shape, there, node))
}

function match(machine: Machine, shape: PodShape, there: NodeShape, node: number): Match {
	const needs = needsFor(machine, shape)
	const asksForName = needs.nodeName !== undefined || needs.affinity !== undefined || HOSTNAME in needs.nodeSelector
	const refused = asksForName ? undefined : refusal(needs, factsOf(machine, node))
	return { demand: demandFor(machine, shape), needs, limits: limitsOf(machine, there), asksForName, refused }
}

function refusedBy(machine: Machine, { asksForName, needs, refused }: Match, node: number): Reason | undefined {
	return asksForName ? refusal(needs, factsOf(machine, node)) : refused
}
const HOSTNAME = "kubernetes.io/hostname"

export function factsOf(machine: Machine, node: number) {
	const shape = nodeShapeOf(machine, node)
	const name = nameOf(machine.state, node)
	return { name, labels: nodeLabels(shape, name), taints: shape.taints, unschedulable: shape.unschedulable }
}

function nameOf({ nodes, strings }: State, node: number): string {
	return nodeName(strings, nodes.base[node] as number, nodes.number[node] as number)
}

function priorityOf(machine: Machine, row: number): number {
	return podShapeOf(machine, row).spec.priority ?? 0
}
