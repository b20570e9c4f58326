import { isObject, jsonEqual, parseInstant } from "../../base/index.ts"
import type { Condition, KubeObject, Node, NodePool, ResourceList, StringMap, Taint } from "../../kube/index.ts"
import { EventCode } from "../facts/event-words.ts"
import { JOIN_TAINT, type NodeState } from "../node-lifecycle/index.ts"
import { dropSubject } from "../state/event-subjects.ts"
import { intern, internedValue, releaseInterned, useInterned } from "../state/interned.ts"
import { nodeName } from "../state/names.ts"
import { type NodeShape, Pressure, Readiness } from "../state/nodes.ts"
import type { State } from "../state/state.ts"
import { newUid, newVersion } from "../state/uids.ts"
import { Due } from "../timeline/due.ts"
import { cancel, schedule } from "../timeline/timeline.ts"
import { nodeLeft, nodeReacts } from "../wiring.ts"
import { nodeEvent } from "./events.ts"
import { type Machine, nodeShapeOf } from "./machine.ts"
import { findNode, forgetImages, rowsFor, settleNodeRow } from "./node-rows.ts"

const HOSTNAME = "kubernetes.io/hostname"
const ZONE = "topology.kubernetes.io/zone"
const UNSCHEDULABLE: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }
const EMPTY: NodeShape = {
	labels: {},
	hostnamed: false,
	annotations: {},
	taints: [],
	unschedulable: false,
	capacity: {},
	allocatable: {},
	used: {},
}

/** Nodes join: N8, with the taint of their admission. Names that exist already are left alone. */
export function joinNodes(
	machine: Machine,
	joining: readonly { readonly name: string; readonly shape: NodeShape }[],
): void {
	const { state } = machine
	const { nodes } = state
	const ids = new Map<NodeShape, number>()
	const blank = intern(state.nodeShapes, EMPTY)
	const rows = rowsFor(
		machine,
		joining.map(({ name }) => name),
		blank,
	)
	for (const [place, { shape }] of joining.entries()) {
		const row = rows[place] as number
		if (nodes.exists[row] === 1) continue
		let id = ids.get(shape)
		if (id === undefined) {
			id = intern(state.nodeShapes, admitted(shape))
			ids.set(shape, id)
		}
		join(machine, row, id)
	}
	for (const id of ids.values()) releaseInterned(state.nodeShapes, id)
	releaseInterned(state.nodeShapes, blank)
}

function join(machine: Machine, row: number, shape: number): void {
	const { state } = machine
	const { nodes } = state
	releaseInterned(state.nodeShapes, nodes.shape[row] as number)
	nodes.shape[row] = useInterned(state.nodeShapes, shape)
	nodes.exists[row] = 1
	nodes.uid[row] = newUid(state)
	nodes.version[row] = newVersion(state)
	nodes.createdAt[row] = state.now
	nodes.upAt[row] = state.now
	nodes.ready[row] = Readiness.None
	nodes.readySince[row] = state.now
	nodes.pressure[row] = 0
	for (const rare of [nodes.downAt, nodes.pressureAt, nodes.slowness]) rare.delete(row)
	nodes.count++
	state.lost.delete(row)
	nodes.timer[row] = schedule(state.timeline, state.now + state.settings.nodeReadyMs, Due.Node, row, 1)
	machine.facts.node(row, "joined")
	nodeEvent(machine, row, EventCode.RegisteredNode)
	nodeReacts(machine, row)
}

/** A node's object is gone: what stood on it is left to pod garbage collection (rules M7, N6). */
export function removeNode(machine: Machine, row: number): void {
	const { state } = machine
	const { nodes } = state
	if (nodes.timer[row] !== -1) cancel(state.timeline, nodes.timer[row] as number)
	nodes.timer[row] = -1
	stopStories(state, row)
	forgetImages(state, row)
	nodes.exists[row] = 0
	nodes.overlays.delete(row)
	nodes.count--
	newVersion(state)
	machine.facts.node(row, "left")
	nodeEvent(machine, row, EventCode.RemovingNode)
	dropSubject(state.events, nodes.subject[row] as number)
	nodes.subject[row] = -1
	nodeLeft(machine, row)
	if (nodes.firstPod[row] !== -1) state.lost.set(row, state.now)
	settleNodeRow(machine, row)
}

/** The machine is gone: nothing goes on there, and no kubelet is left to say so. */
function stopStories({ nodes, pods, timeline }: State, node: number): void {
	for (let row = nodes.firstPod[node] as number; row !== -1; row = pods.nextHere[row] as number) {
		if (pods.bound[row] !== 1 || pods.timer[row] === -1) continue
		cancel(timeline, pods.timer[row] as number)
		pods.timer[row] = -1
	}
}

/** Labels, taints, capacity or cordon change. Tells the facts, and who looks at nodes. */
export function reshapeNode(machine: Machine, row: number, after: NodeShape): void {
	const { state, facts } = machine
	const { nodes } = state
	const before = nodeShapeOf(machine, row)
	const id = internShape(machine, after)
	if (id === nodes.shape[row]) {
		releaseInterned(state.nodeShapes, id)
		return
	}
	releaseInterned(state.nodeShapes, nodes.shape[row] as number)
	nodes.shape[row] = id
	nodes.version[row] = newVersion(state)
	if (before.unschedulable !== after.unschedulable) {
		facts.node(row, after.unschedulable ? "cordoned" : "uncordoned")
		nodeEvent(machine, row, after.unschedulable ? EventCode.NodeNotSchedulable : EventCode.NodeSchedulable)
	}
	const tainted = !jsonEqual(before.taints, after.taints)
	if (tainted) facts.node(row, after.taints.length >= before.taints.length ? "tainted" : "untainted")
	if (tainted || !jsonEqual(before.labels, after.labels) || before.hostnamed !== after.hostnamed)
		nodeReacts(machine, row)
	machine.afterNode(row, tainted)
}

/** Interns by content, but asks the content only once of one and the same value. */
function internShape({ state, memo }: Machine, shape: NodeShape): number {
	const known = memo.shapeIds.get(shape)
	if (known !== undefined && state.nodeShapes.values[known] === shape) return useInterned(state.nodeShapes, known)
	const id = intern(state.nodeShapes, shape)
	if (state.nodeShapes.values[id] === shape) memo.shapeIds.set(shape, id)
	return id
}

/** A row for a name that pods are pinned to, whether such a node exists or not. */
export function nodeRowFor(machine: Machine, name: string): number {
	const known = findNode(machine.state, name)
	if (known !== -1) return known
	const blank = intern(machine.state.nodeShapes, EMPTY)
	const [row = -1] = rowsFor(machine, [name], blank)
	releaseInterned(machine.state.nodeShapes, blank)
	return row
}

/** What a Node manifest or dump says that rules look at. */
export function shapeOfNode(node: Node): NodeShape {
	const { labels = {}, annotations = {}, name } = node.metadata
	const { capacity = {}, allocatable = capacity } = node.status ?? {}
	return {
		...splitHostname(labels, name),
		annotations,
		taints: (node.spec?.taints ?? []).map(plainTaint),
		unschedulable: node.spec?.unschedulable === true,
		capacity: Object.keys(capacity).length === 0 ? DEFAULT_CAPACITY : capacity,
		allocatable: Object.keys(allocatable).length === 0 ? DEFAULT_CAPACITY : allocatable,
		used: {},
	}
}

/** What dumps say of the machine itself: Ready=False or Unknown there is a node that is down here. */
export function isDownInDump(node: Node): boolean {
	const ready = readyInDump(node)
	return ready !== undefined && ready !== "True"
}

/** N8: a node that comes with its kubelet's report is Ready from the start. */
export function isReadyInDump(node: Node): boolean {
	return readyInDump(node) === "True"
}

function readyInDump(node: Node): string | undefined {
	return (node.status?.conditions ?? []).find(({ type }: Condition) => type === "Ready")?.status
}

/** The nodes of a pool from this index on: POOL-INDEX, zones dealt in turn. Nodes of one zone share their shape. */
export function nodesOfPool(pool: NodePool, from = 0): { readonly name: string; readonly shape: NodeShape }[] {
	const shapes = shapesOfPool(pool)
	return Array.from({ length: Math.max(0, pool.spec.replicas - from) }, (_, place) => ({
		name: poolNodeName(pool, from + place),
		shape: shapes[(from + place) % shapes.length] as NodeShape,
	}))
}

export function poolNodeName({ metadata }: NodePool, index: number): string {
	return `${metadata.name}-${index}`
}

/** By zone: the node with index i has the shape at i modulo how many there are. */
export function shapesOfPool(pool: NodePool): readonly NodeShape[] {
	const { zones = [] } = pool.spec
	return (zones.length === 0 ? [undefined] : zones).map((zone) => poolShape(pool, zone))
}

const DEFAULT_CAPACITY: ResourceList = { cpu: "4", memory: "16Gi", "ephemeral-storage": "100Gi", pods: "110" }

function poolShape({ spec }: NodePool, zone: string | undefined): NodeShape {
	const { metadata, spec: nodeSpec, status } = spec.template ?? {}
	const capacity = status?.capacity ?? status?.allocatable ?? DEFAULT_CAPACITY
	const labels: { [key: string]: string } = {
		"kubernetes.io/arch": "amd64",
		"kubernetes.io/os": "linux",
		...metadata?.labels,
		...(zone === undefined ? {} : { [ZONE]: zone }),
	}
	const hostnamed = !Object.hasOwn(labels, HOSTNAME)
	return {
		labels,
		hostnamed,
		annotations: metadata?.annotations ?? {},
		taints: (nodeSpec?.taints ?? []).map(plainTaint),
		unschedulable: nodeSpec?.unschedulable === true,
		capacity,
		allocatable: status?.allocatable ?? capacity,
		used: spec.used ?? {},
	}
}

/** The same node of the pool under another template: what the node lifecycle added stays. */
export function reshapedByPool(shape: NodeShape, before: NodeShape, after: NodeShape): NodeShape {
	const owned = (taint: Taint) => before.taints.some(({ key, effect }) => key === taint.key && effect === taint.effect)
	return {
		...after,
		taints: [...after.taints, ...shape.taints.filter((taint) => !owned(taint) && !isListed(after.taints, taint))],
		unschedulable: before.unschedulable === after.unschedulable ? shape.unschedulable : after.unschedulable,
		labels: { ...mapRest(shape.labels, before.labels), ...after.labels },
		annotations: { ...mapRest(shape.annotations, before.annotations), ...after.annotations },
	}
}

export function nodeState({ nodes }: State, row: number): NodeState {
	const pressure = nodes.pressure[row] as number
	const since = nodes.pressureAt.get(row) ?? (nodes.createdAt[row] as number)
	return {
		ready: (["none", "ready", "not-ready", "unknown"] as const)[nodes.ready[row] as number] ?? "none",
		readySince: nodes.readySince[row] as number,
		memoryPressure: (pressure & Pressure.memory) !== 0,
		memorySince: since,
		diskPressure: (pressure & Pressure.disk) !== 0,
		diskSince: since,
		pidPressure: (pressure & Pressure.pid) !== 0,
		pidSince: since,
		upSince: nodes.upAt[row] as number,
		downSince: nodes.downAt.get(row),
	}
}

export function nameOfNode({ nodes, strings }: State, row: number): string {
	return nodeName(strings, nodes.base[row] as number, nodes.number[row] as number)
}

export function nodeShapeById(state: State, id: number): NodeShape {
	return internedValue(state.nodeShapes, id)
}

/** Labels with the hostname taken out where it is the name: so nodes with no other difference share a shape. */
function splitHostname(labels: StringMap, name: string): { labels: StringMap; hostnamed: boolean } {
	if (labels[HOSTNAME] !== name) return { labels, hostnamed: false }
	const { [HOSTNAME]: _, ...rest } = labels
	return { labels: rest, hostnamed: true }
}

function admitted(shape: NodeShape): NodeShape {
	const own = shape.unschedulable ? [JOIN_TAINT, UNSCHEDULABLE] : [JOIN_TAINT]
	return { ...shape, taints: [...shape.taints, ...own.filter((taint) => !isListed(shape.taints, taint))] }
}

function plainTaint({ key, value, effect, timeAdded }: Taint): Taint {
	return {
		key,
		...(value === undefined || value === "" ? {} : { value }),
		effect,
		...(timeAdded === undefined || parseInstant(timeAdded) === undefined ? {} : { timeAdded }),
	}
}

function isListed(taints: readonly Taint[], taint: Taint): boolean {
	return taints.some(({ key, effect }) => key === taint.key && effect === taint.effect)
}

function mapRest(map: StringMap, without: StringMap): StringMap {
	return Object.fromEntries(Object.entries(map).filter(([key]) => !Object.hasOwn(without, key)))
}

/** The rest of a Node's object: what no rule looks at, kept as it was written. */
export function nodeRest(node: Node): KubeObject | undefined {
	const { labels: _labels, annotations: _annotations, ...metadata } = node.metadata
	const { taints: _taints, unschedulable: _unschedulable, ...spec } = node.spec ?? {}
	const {
		capacity: _capacity,
		allocatable: _allocatable,
		conditions: _conditions,
		...status
	} = isObject(node.status) ? node.status : {}
	const more = Object.keys(metadata).some((member) => !SERVER_OWNED.has(member))
	if (!more && Object.keys(spec).length === 0 && Object.keys(status).length === 0) return undefined
	return { apiVersion: "v1", kind: "Node", metadata, spec, status } as KubeObject
}
const SERVER_OWNED = new Set(["name", "uid", "resourceVersion", "generation", "creationTimestamp"])
