import { type Instant, invariant } from "../base/index.ts"
import type { Cluster, ClusterOptions } from "./contract.ts"
import { leftOutNodes } from "./reads/left-out.ts"
import { changedEvents, eventsByAge } from "./reads/read-event.ts"
import { changedNodes, labelsOf, nodeKinds } from "./reads/read-node.ts"
import { countObjects, listObjects, listTexts, readObject, readText } from "./reads/read-object.ts"
import { otherPods, sharedNode } from "./reads/shared-node.ts"
import { standingOf } from "./reads/standing.ts"
import { lifeDue } from "./run/admission.ts"
import { collect } from "./run/collector.ts"
import { delivered, workOn } from "./run/daemonset-worker.ts"
import { answer } from "./run/inputs.ts"
import { podStopped, stopPod } from "./run/kubelet.ts"
import { closeNamespace } from "./run/namespaces.ts"
import { evict, nodeDue, planEvictions } from "./run/node-lifecycle.ts"
import { awaitOutOfService, collectGivenUp, collectPods, planPodCollection } from "./run/pod-collector.ts"
import { playStep } from "./run/scenarios.ts"
import { schedulePod, tryAgain } from "./run/scheduler.ts"
import { addSystemObjects } from "./run/system-objects.ts"
import { executeNext } from "./run/zones.ts"
import { type Settings, settingsOf } from "./settings.ts"
import { copyPlain, decodePlain, encodePlain } from "./state/plain.ts"
import { shapeOf } from "./state/shape.ts"
import { createState, type State } from "./state/state.ts"
import { countIn } from "./timeline/crowd.ts"
import { Due } from "./timeline/due.ts"
import { type Entry, nextInstant, takeDue, tidyTimeline } from "./timeline/timeline.ts"
import { enqueue, queueAgain } from "./timeline/work-queue.ts"
import { ripened } from "./wiring.ts"
import { createMachine, type Machine } from "./writes/machine.ts"
import { dropRow } from "./writes/objects.ts"
import { writeStatuses } from "./writes/statuses.ts"

/** A cluster with nothing in it but what every cluster has, at the given instant of cluster time. */
export function createCluster(options: ClusterOptions): Cluster {
	const state = createState(settingsOf(options), options.start)
	addSystemObjects(state)
	return clusterOf(state)
}

/** The cluster that `save` gave these bytes, unaltered. Throws a SnapshotError where another version wrote it. */
export function loadCluster(bytes: Uint8Array): Cluster {
	const state = stateOf(bytes)
	if (state === undefined || shapeOf(state) !== shapeOf(createState(state.settings, state.now))) {
		throw new SnapshotError()
	}
	return clusterOf(state)
}

/**
 * A cluster with nothing in it but what every cluster has, in place of the one that these bytes are of, whichever version wrote them: with its seed
 * and limits, and with sequence, uids and versions that go on from its own. Throws a SnapshotError where even these
 * cannot be read.
 */
export function emptyLike(bytes: Uint8Array, start: Instant, sequence: number): Cluster {
	const old: Partial<State> = stateOf(bytes) ?? {}
	const { seed, controlPlaneQps, controlPlaneBurst }: Partial<Settings> = old.settings ?? {}
	if (typeof seed !== "string") throw new SnapshotError()
	const limits = {
		...(typeof controlPlaneQps === "number" ? { controlPlaneQps } : {}),
		...(typeof controlPlaneBurst === "number" ? { controlPlaneBurst } : {}),
	}
	const state = createState(settingsOf({ seed, start, ...limits }), start)
	state.sequence = Math.max(sequence, old.sequence ?? 0)
	state.version = old.version ?? 0
	state.uids = old.uids ?? 0
	addSystemObjects(state)
	return clusterOf(state)
}

export class SnapshotError extends Error {
	override readonly name = "SnapshotError"

	constructor() {
		super("Cannot load the cluster: its snapshot was written by another version of Rollcall")
	}
}

/** Undefined where the encoding is another one, or there is no state in it. */
function stateOf(bytes: Uint8Array): State | undefined {
	try {
		const state = decodePlain(bytes)
		return typeof state === "object" && state !== null ? (state as State) : undefined
	} catch {
		return undefined
	}
}

function clusterOf(state: State): Cluster {
	const machine = createMachine(state, afterNode)
	const { facts } = machine
	return {
		seed: state.settings.seed,
		now: () => state.now,
		judge: (write) => {
			writeStatuses(state)
			return answer(machine, write, false)
		},
		input: ({ writes }) => {
			facts.trim()
			writeStatuses(state)
			return writes.map((write) => {
				const verdict = answer(machine, write, true)
				planPodCollection(machine)
				return verdict
			})
		},
		advance: (to, limit) => advance(machine, to, limit),
		nextAt: () => nextInstant(state.timeline),
		settled: () => state.timeline.lasting === 0,
		read: (key) => {
			writeStatuses(state)
			return readObject(machine, key)
		},
		text: (key) => {
			writeStatuses(state)
			return readText(machine, key)
		},
		otherPods: () => otherPods(state),
		sharedNode: (one, other) => sharedNode(machine, one, other),
		nodeKinds: () => nodeKinds(state),
		labelsOf: (node) => labelsOf(machine, node),
		list: (query) => {
			writeStatuses(state)
			return listObjects(machine, query)
		},
		texts: (query) => {
			writeStatuses(state)
			return listTexts(machine, query)
		},
		count: (query) => countObjects(machine, query),
		standing: (key) => {
			writeStatuses(state)
			return standingOf(machine, key)
		},
		leftOutNodes: (key) => leftOutNodes(machine, key),
		facts: (after) => facts.after(after),
		readFacts: (after) => facts.reader(after),
		keepFacts: (after) => facts.keep(after),
		sequence: () => state.sequence,
		version: () => state.version,
		changedNodes: (after) => changedNodes(machine, after),
		changedEvents: (since) => changedEvents(machine, since),
		eventsByAge: () => eventsByAge(machine),
		digest: () => facts.hex(),
		pace: () => ({ qps: state.settings.controlPlaneQps, burst: state.settings.controlPlaneBurst }),
		fork: (changes = {}) => {
			seal(machine)
			const copy = copyPlain(state)
			return clusterOf({ ...copy, settings: Object.freeze({ ...copy.settings, ...changes }) })
		},
		save: () => {
			seal(machine)
			tidyTimeline(state.timeline)
			return encodePlain(state)
		},
	}
}

/** All that is kept beside the state goes into it, for a copy or a save. */
function seal({ state, facts }: Machine): void {
	facts.seal()
	writeStatuses(state)
}

function advance(machine: Machine, to: number, limit = Number.POSITIVE_INFINITY): number {
	const { state, facts } = machine
	facts.trim()
	const entry: Entry = { at: 0, kind: 0, subject: 0, extra: 0 }
	let ran = 0
	while (ran < limit && takeDue(state.timeline, to, entry)) {
		state.now = entry.at
		countIn(state.crowd, entry, state.crowd.ran < CROWD ? Number.POSITIVE_INFINITY : crowdLimit(state))
		run(machine, entry)
		ran++
	}
	const next = nextInstant(state.timeline)
	if (next === undefined || next > to) state.now = Math.max(state.now, to)
	return ran
}

// Far above what everyone at once can have to do at one instant.
const CROWD = 10_000

function crowdLimit({ pods, nodes, daemonSets, tasks }: State): number {
	return CROWD + 100 * (pods.live + nodes.live + daemonSets.length + tasks.size)
}

type Run = (machine: Machine, subject: number, extra: number) => void

const RUNS: readonly (Run | undefined)[] = (() => {
	const table: (Run | undefined)[] = []
	table[Due.Ripen] = ripened
	table[Due.Schedule] = schedulePod
	table[Due.Life] = (machine, row, stops) => (stops === 1 ? stopLife(machine, row) : lifeDue(machine, row))
	table[Due.Stopped] = podStopped
	table[Due.Evict] = evict
	table[Due.Deliver] = runDelivery
	table[Due.Work] = workOn
	table[Due.Queue] = ({ state }, slot) => queueAgain(state, slot)
	table[Due.Node] = nodeDue
	table[Due.CollectPods] = collectPods
	table[Due.Task] = runTask
	return table
})()

function run(machine: Machine, { kind, subject, extra }: Entry): void {
	const act = RUNS[kind]
	invariant(act !== undefined, "an entry of the timeline is of a known kind")
	act(machine, subject, extra)
}

function stopLife(machine: Machine, row: number): void {
	machine.state.pods.timer[row] = -1
	stopPod(machine, row)
}

function runDelivery({ state }: Machine, slot: number): void {
	const row = state.daemonSets[slot]
	if (row === undefined) return
	delivered(row)
	if (row.gone) dropRow(state, slot)
	else enqueue(state, slot)
}

function runTask(machine: Machine, number: number): void {
	const { tasks } = machine.state
	const task = tasks.get(number)
	tasks.delete(number)
	writeStatuses(machine.state)
	if (task?.kind === "collect") collect(machine, task)
	else if (task?.kind === "close") closeNamespace(machine, task.namespace)
	else if (task?.kind === "scenario") playStep(machine, task)
	else if (task?.kind === "zone") executeNext(machine, task.name)
	else if (task?.kind === "out-of-service") collectGivenUp(machine, task.node)
	planPodCollection(machine)
}

function afterNode(machine: Machine, node: number, tainted: boolean): void {
	if (tainted) planEvictions(machine, node)
	awaitOutOfService(machine, node)
	tryAgain(machine, node)
}
