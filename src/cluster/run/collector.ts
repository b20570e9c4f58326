import { deepFreeze, formatInstant } from "../../base/index.ts"
import {
	type KubeObject,
	keyOf,
	keyParts,
	type NodePool,
	type ObjectKey,
	type OwnerReference,
	objectKey,
	SIMULATION_GROUP,
} from "../../kube/index.ts"
import {
	beginDelete,
	judgeDependent,
	judgeOwner,
	type Owned,
	type OwnerAction,
	type OwnerIndex,
	type Propagation,
} from "../garbage/index.ts"
import { readObject } from "../reads/read-object.ts"
import { ownersOf } from "../reads/read-pod.ts"
import { half } from "../state/pods.ts"
import type { Task } from "../state/state.ts"
import { newVersion, uidText } from "../state/uids.ts"
import { type Machine, podShapeOf } from "../writes/machine.ts"
import { storeObject } from "../writes/objects.ts"
import { deletePod } from "../writes/terminate.ts"
import { isWaiting, lookLater, toldGone } from "../writes/waiting.ts"
import { release } from "./daemonset-claims.ts"
import { CLEANUP, definitionsOf, instancesOf } from "./definitions.ts"
import { behaviorsChanged } from "./lives.ts"
import { resizePool } from "./node-objects.ts"

/** A pod by its row, any other object by itself. */
type Id = number | KubeObject
type Collect = Extract<Task, { readonly kind: "collect" }>

/** G8: the first thing that a deletion does; what follows is the collector's. */
export function beginRemoval(machine: Machine, live: KubeObject, propagation: Propagation): void {
	const { state } = machine
	const instances = instancesOf(machine, live)
	const before = live.metadata.finalizers ?? []
	const { gone, finalizers } = beginDelete(instances.length === 0 ? before : [...before, CLEANUP], propagation)
	if (gone) {
		removeObject(machine, live)
		return
	}
	if (live.metadata.deletionTimestamp !== undefined) return
	const { generation } = live.metadata
	const metadata = {
		...live.metadata,
		finalizers,
		deletionTimestamp: formatInstant(state.now),
		deletionGracePeriodSeconds: 0,
		// N13: background deletion does not raise it.
		...(generation === undefined || propagation === "Background" ? {} : { generation: generation + 1 }),
	}
	restore(machine, live, metadata)
	if (propagation !== "Background") lookLater(machine.state, live)
	for (const instance of instances) beginRemoval(machine, instance, "Background")
	if (instances.length > 0) definitionWaits(machine, keyOf(live))
}

/** G12: the definition goes with the last of what it defines. */
function definitionWaits(machine: Machine, key: ObjectKey): void {
	const live = machine.state.objects.get(key)
	if (live?.metadata.finalizers?.includes(CLEANUP) !== true || instancesOf(machine, live).length > 0) return
	dropFinalizer(machine, live, CLEANUP)
}

/** Takes the object away, with what it stands for; its dependents and the owners that waited for it are looked at. */
export function removeObject(machine: Machine, live: KubeObject): void {
	storeObject(machine, live, undefined)
	const { group, kind } = keyParts(keyOf(live))
	if (group === SIMULATION_GROUP && kind === "NodePool") resizePool(machine, live as NodePool, undefined)
	if (group === SIMULATION_GROUP && kind === "PodBehavior") behaviorsChanged(machine)
	if (!isEmpty(dependents(machine, live.metadata.uid ?? ""))) lookLater(machine.state, live)
	toldGone(machine, live.metadata)
	// What went at once went with its definition, or leaves it alone.
	if (live.metadata.deletionTimestamp === undefined) return
	for (const definition of definitionsOf(machine, live)) definitionWaits(machine, definition)
}

/** The collector looks at an owner: its dependents where it is gone (G9), itself where it waits for them (G10). */
export function collect(machine: Machine, { uid, key }: Collect): void {
	const live = machine.state.objects.get(key)
	const index = indexOf(machine)
	if (live !== undefined && live.metadata.uid === uid) {
		for (const action of judgeOwner(ownedObject(live), index)) perform(machine, action)
		return
	}
	for (const dependent of [...index.dependents(uid)]) {
		const action = judgeDependent(dependent, index)
		if (action !== undefined) perform(machine, action)
	}
}

function perform(machine: Machine, action: OwnerAction<Id>): void {
	const { state } = machine
	const { id } = action
	if (typeof id === "number") {
		if (action.kind === "release") for (const uid of action.uids) release(machine, id, uid)
		else if (action.kind === "delete" && state.pods.deletedAt[half(id)] === 0) deletePod(machine, id)
		return
	}
	const live = state.objects.get(keyOf(id))
	if (live === undefined || live.metadata.uid !== id.metadata.uid) return
	if (action.kind === "delete") beginRemoval(machine, live, action.propagation)
	else if (action.kind === "release") disown(machine, live, action.uids)
	else dropFinalizer(machine, live, action.finalizer)
}

function dropFinalizer(machine: Machine, live: KubeObject, finalizer: string): void {
	const finalizers = (live.metadata.finalizers ?? []).filter((name) => name !== finalizer)
	if (finalizers.length === 0) removeObject(machine, live)
	else restore(machine, live, { ...live.metadata, finalizers })
}

function disown(machine: Machine, live: KubeObject, uids: readonly string[]): void {
	const { ownerReferences = [], ...metadata } = live.metadata
	const rest = ownerReferences.filter(({ uid }) => !uids.includes(uid))
	restore(machine, live, rest.length === 0 ? metadata : { ...metadata, ownerReferences: rest })
}

function restore(machine: Machine, live: KubeObject, metadata: KubeObject["metadata"]): void {
	const resourceVersion = String(newVersion(machine.state))
	storeObject(machine, live, deepFreeze({ ...live, metadata: { ...metadata, resourceVersion } }) as KubeObject)
}

/** What judges ask about the others, worked out once for a look. */
function indexOf(machine: Machine): OwnerIndex<Id> {
	const { objects, pods } = machine.state
	const byUid = new Map<string, KubeObject>()
	const named = new Map<string, { readonly reference: OwnerReference; readonly namespace: string }>()
	const note = ({ ownerReferences = [], namespace = "" }: KubeObject["metadata"]) => {
		for (const reference of ownerReferences) named.set(reference.uid, { reference, namespace })
	}
	for (const object of objects.values()) {
		byUid.set(object.metadata.uid ?? "", object)
		note(object.metadata)
	}
	for (const { metadata } of pods.overlays.values()) note(metadata)
	const owns = (uid: string) => named.has(uid) || isDaemonSetRow(machine, uid)
	return {
		exists: (uid) => byUid.has(uid) || isPodOrNode(machine, named.get(uid)),
		waits: (uid) => {
			const owner = byUid.get(uid)
			return owner !== undefined && isWaiting(owner)
		},
		dependents: (uid) => (owns(uid) ? dependents(machine, uid) : []),
	}
}

function isDaemonSetRow({ state }: Machine, uid: string): boolean {
	return state.daemonSets.some((row) => row?.uid === uid)
}

function isPodOrNode(
	machine: Machine,
	owner: { readonly reference: OwnerReference; readonly namespace: string } | undefined,
): boolean {
	if (owner === undefined || owner.reference.apiVersion !== "v1") return false
	const { kind, name, uid } = owner.reference
	if (kind !== "Pod" && kind !== "Node") return false
	const namespace = kind === "Pod" ? owner.namespace : ""
	return readObject(machine, objectKey({ group: "", kind, namespace, name }))?.metadata.uid === uid
}

/** Those that name this owner: its pods by age, pods written by hand, then objects. */
function* dependents(machine: Machine, uid: string): Generator<Owned<Id>> {
	const { pods, objects, daemonSets } = machine.state
	const slot = daemonSets.findIndex((row) => row?.uid === uid)
	const rows: number[] = []
	for (let row = daemonSets[slot]?.firstPod ?? -1; row !== -1; row = pods.nextOwned[row] as number) rows.push(row)
	rows.sort((a, b) => (pods.uid[half(a)] as number) - (pods.uid[half(b)] as number))
	for (const row of rows) yield ownedPod(machine, row)
	for (const [row, { metadata }] of pods.overlays) {
		if (pods.owner[row] !== slot && names(metadata.ownerReferences, uid)) yield ownedPod(machine, row)
	}
	for (const object of objects.values()) if (names(object.metadata.ownerReferences, uid)) yield ownedObject(object)
}

function ownedPod(machine: Machine, row: number): Owned<Id> {
	const { pods } = machine.state
	const overlay = pods.overlays.get(row)
	return {
		id: row,
		get uid() {
			return uidText(machine.state, pods.uid[half(row)] as number)
		},
		terminating: (pods.deletedAt[half(row)] as number) > 0,
		finalizers: overlay === undefined ? podShapeOf(machine, row).finalizers : (overlay.metadata.finalizers ?? []),
		owners: (overlay?.metadata ?? ownersOf(machine, row)).ownerReferences ?? [],
	}
}

function ownedObject(object: KubeObject): Owned<Id> {
	const { uid = "", deletionTimestamp, finalizers = [], ownerReferences = [] } = object.metadata
	return { id: object, uid, terminating: deletionTimestamp !== undefined, finalizers, owners: ownerReferences }
}

function names(references: readonly OwnerReference[] | undefined, uid: string): boolean {
	return references?.some((reference) => reference.uid === uid) === true
}

function isEmpty(items: Iterable<unknown>): boolean {
	for (const _ of items) return false
	return true
}
