import { deepFreeze } from "../../base/index.ts"
import { compileSelector, type DaemonSet, type KubeObject, type Pod, type PodSpec } from "../../kube/index.ts"
import type { Verdict } from "../contract.ts"
import { controllerOf, HASH_LABEL, isUpdated, targetNodeName, templateGeneration } from "../daemonset/index.ts"
import { Stage } from "../kubelet/index.ts"
import { podPriority } from "../scheduler/index.ts"
import { intern, releaseInterned } from "../state/interned.ts"
import { podNamePair } from "../state/names.ts"
import { half, type PodShape } from "../state/pods.ts"
import { textId, textOf } from "../state/strings.ts"
import { newVersion } from "../state/uids.ts"
import { deliver } from "../timeline/work-queue.ts"
import { judgePod, podReacts } from "../wiring.ts"
import type { Machine } from "../writes/machine.ts"
import { nodeRowFor } from "../writes/nodes.ts"
import { addPod, dropPod, findPod, regroup, setOwner } from "../writes/pods.ts"
import { isHeld } from "../writes/terminate.ts"
import { refuse } from "../writes/write.ts"
import { classesOf } from "./daemonset-pods.ts"
import { expectPod } from "./scheduler.ts"

/** Stores a pod that somebody wrote: its object is kept beside its row. Returns a refusal where its class is unknown (K16). */
export function storePod(machine: Machine, before: Pod | undefined, after: Pod): Verdict | undefined {
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
	podReacts(machine, row, 1)
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
	pods.setOverlay(row, overlay)
	pods.version[half(row)] = newVersion(state)
	const owner = ownerSlot(machine, overlay)
	if (owner !== pods.owner[row]) setOwner(machine, row, owner, sideOf(machine, owner, overlay))
	else podReacts(machine, row)
	judgePod(machine, row)
	queueSelecting(machine, overlay)
	// G8: what only a finalizer kept goes with it.
	const ended = pods.bound[row] === 0 || pods.stage[row] === Stage.Succeeded || pods.stage[row] === Stage.Failed
	if ((pods.deletedAt[half(row)] as number) > 0 && ended && !isHeld(machine, row)) dropPod(machine, row)
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
