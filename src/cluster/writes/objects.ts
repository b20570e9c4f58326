import { deepFreeze, jsonEqual } from "../../base/index.ts"
import { type DaemonSet, isPaused, type KubeObject, keyOf, keyParts, type ObjectKey } from "../../kube/index.ts"
import { controllerOf } from "../daemonset/index.ts"
import { createCensusColumns, type DaemonSetRow } from "../state/daemon-sets.ts"
import { dropSubject } from "../state/event-subjects.ts"
import type { State, Task } from "../state/state.ts"
import { textId } from "../state/strings.ts"
import { newUid, newVersion, uidText } from "../state/uids.ts"
import { Due } from "../timeline/due.ts"
import { cancel, schedule } from "../timeline/timeline.ts"
import { startWorkers } from "../timeline/work-queue.ts"
import { daemonSetReacts } from "../wiring.ts"
import type { Machine } from "./machine.ts"

/** Stores an object that is neither pod nor node; `after` undefined removes it. Tells the fact, and who acts on the kind. */
export function storeObject(machine: Machine, before: KubeObject | undefined, after: KubeObject | undefined): void {
	const { state } = machine
	const object = after ?? before
	if (object === undefined) return
	const key = keyOf(object)
	if (after === undefined) {
		state.objects.delete(key)
		newVersion(state)
	} else {
		state.objects.set(key, deepFreeze(after))
	}
	machine.facts.rare({
		kind: "object",
		step: after === undefined ? "deleted" : before === undefined ? "created" : "changed",
		key,
		spec: before === undefined || after === undefined || contentChanged(before, after),
	})
	const { kind, group } = keyParts(key)
	if (group === "apps" && kind === "DaemonSet") storeDaemonSet(machine, key, before as DaemonSet, after as DaemonSet)
	else if (group === "apps" && kind === "ControllerRevision") noteRevision(state, key, before, after)
	else if (kind === "PriorityClass") forgetClasses(machine)
}

/** Metadata and status aside, is it still the same? */
export function contentChanged(before: KubeObject, after: KubeObject): boolean {
	return !jsonEqual(contentOf(before), contentOf(after))
}

function forgetClasses({ memo }: Machine): void {
	memo.classes = undefined
	memo.shapes = new WeakMap()
}

/** Puts a task on the timeline. */
export function planTask(state: State, at: number, task: Task): void {
	const number = ++state.taskCount
	state.tasks.set(number, task)
	schedule(state.timeline, at, Due.Task, number)
}

function contentOf(object: KubeObject) {
	const { metadata: _metadata, status: _status, ...content } = object
	return content
}

function storeDaemonSet(
	machine: Machine,
	key: ObjectKey,
	before: DaemonSet | undefined,
	after: DaemonSet | undefined,
): void {
	const { state } = machine
	let slot = state.slots.get(key)
	const known = slot === undefined ? undefined : state.daemonSets[slot]
	if (known !== undefined && slot !== undefined && known.uid !== after?.metadata.uid) {
		retire(state, slot, known)
		slot = undefined
	}
	if (after === undefined) return
	slot ??= newSlot(state, key, after)
	const row = state.daemonSets[slot]
	if (row === undefined) return
	row.planned = false
	const same = before?.metadata.uid === after.metadata.uid ? before : undefined
	if (
		same === undefined ||
		contentChanged(same, after) ||
		isPaused(same) !== isPaused(after) ||
		same.metadata.deletionTimestamp !== after.metadata.deletionTimestamp
	) {
		daemonSetReacts(machine, slot, same, after)
	}
}

function newSlot(state: State, key: ObjectKey, { metadata }: DaemonSet): number {
	const free = state.daemonSets.indexOf(undefined)
	const slot = free === -1 ? state.daemonSets.length : free
	state.daemonSets[slot] = newRow(state, key, metadata)
	state.slots.set(key, slot)
	return slot
}

function newRow(state: State, key: ObjectKey, metadata: KubeObject["metadata"]): DaemonSetRow {
	const { strings } = state
	const uid = metadata.uid ?? uidText(state, newUid(state))
	return {
		key,
		uid,
		uidNumber: newUid(state),
		subject: -1,
		keyText: textId(strings, key),
		uidText: textId(strings, uid),
		namespace: textId(strings, metadata.namespace ?? ""),
		name: textId(strings, metadata.name),
		base: textId(strings, metadata.name.length < 253 ? `${metadata.name}-` : metadata.name),
		gone: false,
		hash: 0,
		revision: 0,
		planned: false,
		disturbed: false,
		oldRevisions: [],
		census: createCensusColumns(),
		shapes: new Map(),
		firstPod: -1,
		podCount: 0,
		expectations: undefined,
		backOffs: new Map(),
		queued: false,
		running: false,
		again: false,
		rests: -1,
		failures: 0,
		later: -1,
		laterAt: 0,
		latestAt: 0,
		deliveries: [],
		recorder: { fullAt: state.now, similar: new Map() },
		unwritten: undefined,
		work: undefined,
	}
}

/** The DaemonSet is gone; its row stays while pods name it, and a worker that holds it lets it go. */
function retire(state: State, slot: number, row: DaemonSetRow): void {
	row.gone = true
	state.slots.delete(row.key)
	if (row.later !== -1) cancel(state.timeline, row.later)
	row.later = -1
	state.queue = state.queue.filter((waiting) => waiting !== slot)
	row.queued = false
	dropRow(state, slot)
	startWorkers(state)
}

/** Frees the slot of a DaemonSet that is gone once nothing on the timeline or among the pods means it. */
export function dropRow(state: State, slot: number): void {
	const row = state.daemonSets[slot]
	if (row === undefined || !row.gone || row.podCount > 0 || row.running || row.deliveries.length > 0) return
	if (row.subject !== -1) dropSubject(state.events, row.subject)
	state.daemonSets[slot] = undefined
}

const DAEMON_SET = "apps/DaemonSet".length

function noteRevision(
	state: State,
	key: ObjectKey,
	before: KubeObject | undefined,
	after: KubeObject | undefined,
): void {
	const { namespace } = keyParts(key)
	const others = (state.revisions.get(namespace) ?? []).filter((other) => other !== key)
	state.revisions.set(namespace, after === undefined ? others : [...others, key].sort())
	const owners = [before, after].map((object) => object && controllerOf(object)?.uid)
	const orphan = (before !== undefined && owners[0] === undefined) || (after !== undefined && owners[1] === undefined)
	for (const row of state.daemonSets) {
		if (row === undefined) continue
		// A DaemonSet that was made anew uses its predecessor's revision until that is collected.
		const isUsed = after === undefined && key.startsWith(`apps/ControllerRevision${row.key.slice(DAEMON_SET)}-`)
		if (!orphan && !owners.includes(row.uid) && !isUsed) continue
		row.planned = false
		row.disturbed = true
	}
}
