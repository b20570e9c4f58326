import { deepFreeze } from "../../base/index.ts"
import {
	compileSelector,
	type DaemonSet,
	type KubeObject,
	keyParts,
	type Node,
	type NodePool,
	type ObjectKey,
	type Pod,
	type PodSpec,
	type Scenario,
	SIMULATION_GROUP,
} from "../../kube/index.ts"
import type { Fault, Verdict, Write } from "../contract.ts"
import { controllerOf, HASH_LABEL, isUpdated, targetNodeName, templateGeneration } from "../daemonset/index.ts"
import { readObject } from "../reads/read-object.ts"
import { podPriority } from "../scheduler/index.ts"
import { intern, releaseInterned } from "../state/interned.ts"
import { podNamePair } from "../state/names.ts"
import { Readiness } from "../state/nodes.ts"
import type { PodShape } from "../state/pods.ts"
import { textId, textOf } from "../state/strings.ts"
import { newUid, newVersion, uidText } from "../state/uids.ts"
import { deliver } from "../timeline/work-queue.ts"
import { judgePod, podReacts } from "../wiring.ts"
import type { Machine } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import {
	isDownInDump,
	isReadyInDump,
	joinNodes,
	nodeRest,
	nodeRowFor,
	nodeShapeById,
	nodesOfPool,
	removeNode,
	reshapedByPool,
	reshapeNode,
	shapeOfNode,
} from "../writes/nodes.ts"
import { storeObject } from "../writes/objects.ts"
import { addPod, findPod, regroup, setOwner } from "../writes/pods.ts"
import { deletePod } from "../writes/terminate.ts"
import { judgeWrite, missing, refuse, stamped } from "../writes/write.ts"
import { beginRemoval } from "./collector.ts"
import { classesOf } from "./daemonset-worker.ts"
import { behaviorsChanged } from "./kubelet.ts"
import { breakNode, mendNode, pressNode, retaint, setReadiness } from "./node-lifecycle.ts"
import { planScenario } from "./scenarios.ts"
import { expectPod } from "./scheduler.ts"

/** Judges a write, and with `act` performs it. */
export function answer(machine: Machine, write: Write, act: boolean): Verdict {
	if (write.verb === "fault") return answerFault(machine, write.fault, act)
	const live = readObject(machine, write.key)
	if (write.verb === "delete") return answerDelete(machine, write, live, act)
	const judged = judgeWrite(write, live)
	if (judged.kind === "refused") return { accepted: false, refusal: judged.refusal }
	if (!judged.changed || !act) return { accepted: true, changed: judged.changed, object: judged.after, warnings: [] }
	const refused = store(machine, write.key, judged.before, judged.after)
	if (refused !== undefined) return refused
	const object = readObject(machine, write.key)
	return { accepted: true, changed: true, ...(object === undefined ? {} : { object }), warnings: [] }
}

function answerDelete(
	machine: Machine,
	write: Extract<Write, { readonly verb: "delete" }>,
	live: KubeObject | undefined,
	act: boolean,
): Verdict {
	const { group, kind, namespace, name } = keyParts(write.key)
	if (live === undefined) {
		const apiVersion = group === "" ? "v1" : `${group}/v1`
		return { accepted: false, refusal: missing({ apiVersion, kind, metadata: { name, namespace } }).refusal }
	}
	if (!act) return { accepted: true, changed: true, object: live, warnings: [] }
	if (group === "" && kind === "Node") removeNode(machine, findNode(machine.state, name))
	else if (group === "" && kind === "Pod")
		deletePod(machine, findPod(machine.state, namespace, name), write.gracePeriodSeconds)
	else beginRemoval(machine, live, write.propagation ?? "Background")
	return { accepted: true, changed: true, object: live, warnings: [] }
}

function answerFault(machine: Machine, fault: Fault, act: boolean): Verdict {
	const { state } = machine
	const node = findNode(state, fault.node)
	if (node === -1 || state.nodes.exists[node] !== 1) {
		return { accepted: false, refusal: refuse("NotFound", `nodes "${fault.node}" not found`).refusal }
	}
	const down = (state.nodes.downAt[node] as number) > 0
	const bit = fault.kind === "pressure" ? { memory: 1, disk: 2, pid: 4 }[fault.resource] : 0
	const changed =
		fault.kind === "node-down"
			? !down
			: fault.kind === "node-up"
				? down
				: fault.kind === "pressure"
					? (((state.nodes.pressure[node] as number) & bit) !== 0) !== fault.on
					: state.nodes.slowness[node] !== fault.factor
	if (act && changed) {
		if (fault.kind === "node-down") breakNode(machine, node)
		else if (fault.kind === "node-up") mendNode(machine, node)
		else if (fault.kind === "pressure") pressNode(machine, node, fault.resource, fault.on)
		else state.nodes.slowness[node] = fault.factor
	}
	return { accepted: true, changed, warnings: [] }
}

/** Stores what a write came to, by kind. Returns a refusal where only storing could tell. */
function store(
	machine: Machine,
	key: ObjectKey,
	before: KubeObject | undefined,
	after: KubeObject,
): Verdict | undefined {
	const { group, kind } = keyParts(key)
	if (group === "" && kind === "Node") return storeNode(machine, before as Node | undefined, after as Node)
	if (group === "" && kind === "Pod") return storePod(machine, before as Pod | undefined, after as Pod)
	const { state } = machine
	const object =
		before === undefined
			? stamped(after, uidText(state, newUid(state)), newVersion(state), state.now)
			: { ...after, metadata: { ...after.metadata, resourceVersion: String(newVersion(state)) } }
	storeObject(machine, before, deepFreeze(object) as KubeObject)
	if (group === SIMULATION_GROUP) storeSimulation(machine, kind, before, object)
	return undefined
}

function storeSimulation(machine: Machine, kind: string, before: KubeObject | undefined, after: KubeObject): void {
	if (kind === "NodePool") resizePool(machine, before as NodePool | undefined, after as NodePool)
	else if (kind === "PodBehavior") behaviorsChanged(machine)
	else if (kind === "Scenario" && before === undefined) planScenario(machine, after as Scenario)
}

/** A pool's nodes follow it: more or fewer at the end, and what its template changes. */
export function resizePool(machine: Machine, before: NodePool | undefined, after: NodePool | undefined): void {
	const { state } = machine
	const old = before === undefined ? [] : nodesOfPool(before)
	const wanted = after === undefined ? [] : nodesOfPool(after)
	for (const { name } of old.slice(wanted.length).reverse()) {
		const row = findNode(state, name)
		if (row !== -1 && state.nodes.exists[row] === 1) removeNode(machine, row)
	}
	for (const [index, { name, shape }] of wanted.slice(0, old.length).entries()) {
		const row = findNode(state, name)
		const was = old[index]?.shape
		if (row === -1 || state.nodes.exists[row] !== 1 || was === undefined) continue
		const now = nodeShapeById(state, state.nodes.shape[row] as number)
		reshapeNode(machine, row, reshapedByPool(now, was, shape))
		retaint(machine, row, "NoSchedule")
	}
	joinNodes(machine, wanted.slice(old.length))
}

function storeNode(machine: Machine, before: Node | undefined, after: Node): undefined {
	const { state } = machine
	const shape = shapeOfNode(after)
	if (before === undefined) joinNodes(machine, [{ name: after.metadata.name, shape }])
	const row = findNode(state, after.metadata.name)
	const rest = nodeRest(after)
	if (rest === undefined) state.nodes.overlays.delete(row)
	else state.nodes.overlays.set(row, deepFreeze(rest) as KubeObject)
	if (before === undefined) {
		if (isDownInDump(after)) breakNode(machine, row)
		else if (isReadyInDump(after)) setReadiness(machine, row, Readiness.True)
		return undefined
	}
	const { used } = nodeShapeById(state, state.nodes.shape[row] as number)
	state.nodes.version[row] = newVersion(state)
	reshapeNode(machine, row, { ...shape, used })
	if (state.nodes.ready[row] !== Readiness.None) retaint(machine, row, "NoSchedule")
	return undefined
}

function storePod(machine: Machine, before: Pod | undefined, after: Pod): Verdict | undefined {
	const { state } = machine
	const { status: _status, ...object } = after
	const spec = after.spec
	const priority = podPriority(spec.priorityClassName, classesOf(machine))
	if (before === undefined && "refused" in priority) {
		const message = `pods "${after.metadata.name}" is forbidden: ${priority.refused}`
		return { accepted: false, refusal: refuse("Forbidden", message).refusal }
	}
	const full: PodSpec = "refused" in priority || spec.priority !== undefined ? spec : withPriority(spec, priority)
	const overlay = deepFreeze({ ...object, spec: full }) as KubeObject
	const shape = intern(state.podShapes, bareShape(overlay, full))
	if (before === undefined) createBarePod(machine, overlay, full, shape)
	else changeBarePod(machine, overlay)
	releaseInterned(state.podShapes, shape)
	return undefined
}

function withPriority(
	spec: PodSpec,
	{ priority, preemptionPolicy }: { priority: number; preemptionPolicy: string },
): PodSpec {
	return { ...spec, priority, preemptionPolicy }
}

function bareShape({ metadata }: KubeObject, spec: PodSpec): PodShape {
	const { nodeName: _nodeName, ...rest } = spec
	return {
		labels: metadata.labels ?? {},
		annotations: {},
		finalizers: metadata.finalizers ?? [],
		spec: rest as PodSpec,
	}
}

function createBarePod(machine: Machine, overlay: KubeObject, spec: PodSpec, shape: number): void {
	const { state } = machine
	const { name, namespace = "", labels } = overlay.metadata
	const target = targetNodeName(spec)
	const owner = ownerSlot(machine, overlay)
	const pair = podNamePair(state.strings, name, true)
	if (pair === undefined) return
	const row = addPod(machine, {
		owner,
		shape,
		namespace: textId(state.strings, namespace),
		...pair,
		node: target === undefined ? -1 : nodeRowFor(machine, target),
		bound: Boolean(spec.nodeName),
		hash: textId(state.strings, labels?.[HASH_LABEL] ?? ""),
		side: sideOf(machine, owner, overlay),
		overlay,
	})
	podReacts(machine, row, { creations: 1 })
	expectPod(machine, row)
	queueSelecting(machine, overlay)
}

function changeBarePod(machine: Machine, overlay: KubeObject): void {
	const { state } = machine
	const { pods } = state
	const { name, namespace = "", labels } = overlay.metadata
	const row = findPod(state, namespace, name)
	regroup(state, row, () => {
		releaseInterned(state.podShapes, pods.shape[row] as number)
		pods.shape[row] = intern(state.podShapes, bareShape(overlay, overlay["spec"] as PodSpec))
		pods.hash[row] = textId(state.strings, labels?.[HASH_LABEL] ?? "")
		pods.side[row] = sideOf(machine, pods.owner[row] as number, overlay)
	})
	pods.overlays.set(row, overlay)
	pods.version[row] = newVersion(state)
	const owner = ownerSlot(machine, overlay)
	if (owner !== pods.owner[row]) setOwner(machine, row, owner, sideOf(machine, owner, overlay))
	else podReacts(machine, row)
	judgePod(machine, row)
	queueSelecting(machine, overlay)
}

function ownerSlot({ state }: Machine, overlay: KubeObject): number {
	const uid = controllerOf(overlay)?.uid
	return uid === undefined ? -1 : state.daemonSets.findIndex((row) => row !== undefined && !row.gone && row.uid === uid)
}

function sideOf({ state }: Machine, owner: number, overlay: KubeObject): 0 | 1 {
	const row = state.daemonSets[owner]
	const daemonSet = row === undefined ? undefined : state.objects.get(row.key)
	if (row === undefined || daemonSet === undefined) return 0
	const generation = templateGeneration(daemonSet as Parameters<typeof templateGeneration>[0])
	const { newSide } = row.census
	return isUpdated(overlay.metadata.labels, textOf(state.strings, row.hash), generation)
		? newSide
		: newSide === 0
			? 1
			: 0
}

/** S6: an orphan is shown to every DaemonSet that may adopt it. */
function queueSelecting(machine: Machine, overlay: KubeObject): void {
	const { state } = machine
	if (controllerOf(overlay) !== undefined) return
	const namespace = textId(state.strings, overlay.metadata.namespace ?? "")
	for (const [slot, row] of state.daemonSets.entries()) {
		if (row === undefined || row.gone || row.namespace !== namespace) continue
		const daemonSet = state.objects.get(row.key) as DaemonSet | undefined
		const selector = compileSelector(daemonSet?.spec.selector)
		if (!("error" in selector) && selector.matches(overlay.metadata.labels)) deliver(state, slot, 0, 0)
	}
}
