import { deepFreeze, formatInstant } from "../../base/index.ts"
import { type DaemonSet, type KubeObject, keyOf, keyParts, type NodePool, SIMULATION_GROUP } from "../../kube/index.ts"
import {
	beginDelete,
	FOREGROUND,
	nextTick,
	ORPHAN,
	orphansCollectedAt,
	POD_GC_PACE,
	type Propagation,
} from "../garbage/index.ts"
import type { Task } from "../state/state.ts"
import { newVersion } from "../state/uids.ts"
import { Due } from "../timeline/due.ts"
import { schedule } from "../timeline/timeline.ts"
import type { Machine } from "../writes/machine.ts"
import { planTask, storeObject } from "../writes/objects.ts"
import { dropPod } from "../writes/pods.ts"
import { deletePod } from "../writes/terminate.ts"
import { release } from "./daemonset-claims.ts"
import { behaviorsChanged, podsOn } from "./kubelet.ts"
import { resizePool } from "./node-objects.ts"

/** G8: the first thing that a deletion does; what follows is the collector's. */
export function beginRemoval(machine: Machine, live: KubeObject, propagation: Propagation): void {
	const { state } = machine
	const owns = mayOwn(live)
	const { gone, finalizers } = beginDelete(live.metadata.finalizers ?? [], owns ? propagation : "Background")
	if (gone) {
		remove(machine, live)
		return
	}
	if (live.metadata.deletionTimestamp !== undefined) return
	const { generation } = live.metadata
	const metadata = {
		...live.metadata,
		finalizers,
		deletionTimestamp: formatInstant(state.now),
		deletionGracePeriodSeconds: 0,
		resourceVersion: String(newVersion(state)),
		// N13: background deletion does not raise it.
		...(generation === undefined || propagation === "Background" ? {} : { generation: generation + 1 }),
	}
	storeObject(machine, live, deepFreeze({ ...live, metadata }) as KubeObject)
	if (owns && propagation !== "Background") collectLater(machine, live, propagation)
}

/** The collector looks at the dependents of an owner that is gone, or that waits for them. */
export function collect(machine: Machine, task: Extract<Task, { readonly kind: "collect" }>): void {
	const { state } = machine
	const slot = state.daemonSets.findIndex((row) => row?.uid === task.uid)
	const pods: number[] = []
	for (let row = state.daemonSets[slot]?.firstPod ?? -1; row !== -1; row = state.pods.nextOwned[row] as number)
		pods.push(row)
	pods.sort((a, b) => (state.pods.uid[a] as number) - (state.pods.uid[b] as number))
	const others = dependents(machine, task.uid)
	if (task.propagation === "Orphan") {
		for (const row of pods) release(machine, row, task.uid)
		for (const object of others) disown(machine, object, task.uid)
		finishOwner(machine, task, ORPHAN)
		return
	}
	for (const row of pods) if ((state.pods.deletedAt[row] as number) === 0) deletePod(machine, row)
	for (const object of others) remove(machine, object)
	if (task.propagation === "Background") return
	const left = pods.some((row) => state.pods.owner[row] === slot)
	// What blocks is stopping; the collector looks again when it may have gone.
	if (left) collectLater(machine, { metadata: { uid: task.uid }, key: task.key }, "Foreground", 1_000)
	else finishOwner(machine, task, FOREGROUND)
}

/** G2: pods of nodes that are gone are collected by the look after their quarantine. */
export function planPodCollection(machine: Machine): void {
	const { state } = machine
	if (state.collecting !== -1 || state.lost.size === 0) return
	const first = Math.min(...state.lost.values())
	const at = Math.max(orphansCollectedAt(first, 0), nextTick(state.now, 0))
	state.collecting = schedule(state.timeline, at, Due.CollectPods, 0)
}

export function collectPods(machine: Machine): void {
	const { state } = machine
	state.collecting = -1
	for (const [node, goneAt] of [...state.lost]) {
		if (state.nodes.exists[node] === 1) state.lost.delete(node)
		else if (orphansCollectedAt(goneAt, 0, POD_GC_PACE) <= state.now) {
			state.lost.delete(node)
			for (const row of podsOn(state, node)) if (state.pods.bound[row] === 1) dropPod(machine, row)
		}
	}
	planPodCollection(machine)
}

function finishOwner(machine: Machine, task: Extract<Task, { readonly kind: "collect" }>, finalizer: string): void {
	const { state } = machine
	const live = state.objects.get(task.key)
	if (live === undefined || live.metadata.uid !== task.uid) return
	const finalizers = (live.metadata.finalizers ?? []).filter((name) => name !== finalizer)
	if (finalizers.length === 0) {
		remove(machine, live)
		return
	}
	const metadata = { ...live.metadata, finalizers, resourceVersion: String(newVersion(state)) }
	storeObject(machine, live, deepFreeze({ ...live, metadata }) as KubeObject)
}

/** Takes the object away, with what it stands for. */
function remove(machine: Machine, live: KubeObject): void {
	storeObject(machine, live, undefined)
	const { group, kind } = keyParts(keyOf(live))
	if (group === SIMULATION_GROUP && kind === "NodePool") resizePool(machine, live as NodePool, undefined)
	if (group === SIMULATION_GROUP && kind === "PodBehavior") behaviorsChanged(machine)
	if (mayOwn(live)) collectLater(machine, live, "Background")
}

function collectLater(
	machine: Machine,
	owner: { readonly metadata: { readonly uid?: string }; readonly key?: string },
	propagation: Propagation,
	afterMs = machine.state.settings.ownerGcMs,
): void {
	const { uid } = owner.metadata
	if (uid === undefined) return
	const key = owner.key ?? keyOf(owner as KubeObject)
	planTask(machine.state, machine.state.now + afterMs, { kind: "collect", uid, key, propagation })
}

function dependents({ state }: Machine, uid: string): KubeObject[] {
	const found: KubeObject[] = []
	for (const object of state.objects.values()) {
		if (object.metadata.ownerReferences?.some((reference) => reference.uid === uid)) found.push(object)
	}
	return found
}

function disown(machine: Machine, object: KubeObject, uid: string): void {
	const { state } = machine
	const rest = (object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid)
	const { ownerReferences: _, ...metadata } = object.metadata
	const next = {
		...metadata,
		...(rest.length === 0 ? {} : { ownerReferences: rest }),
		resourceVersion: String(newVersion(state)),
	}
	storeObject(machine, object, deepFreeze({ ...object, metadata: next }) as KubeObject)
}

// Only what has dependents here is worth a look; every other kind goes without one.
function mayOwn(object: KubeObject): boolean {
	return object.kind === "DaemonSet" && (object as DaemonSet).apiVersion.startsWith("apps/")
}
