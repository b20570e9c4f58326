import { deepFreeze, formatInstant } from "../../base/index.ts"
import {
	type ControllerRevision,
	type DaemonSet,
	type KubeObject,
	keyOf,
	objectKey,
	updateManaged,
} from "../../kube/index.ts"
import { controllerOf, HASH_LABEL, type RevisionWrite, type StepOutcome } from "../daemonset/index.ts"
import type { DaemonSetRow, SyncWork } from "../state/daemon-sets.ts"
import { intern, internedValue, releaseInterned } from "../state/interned.ts"
import { half } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textId } from "../state/strings.ts"
import { newUid, newVersion, uidText } from "../state/uids.ts"
import { assumeHash, judgePod } from "../wiring.ts"
import type { Machine } from "../writes/machine.ts"
import { storeObject } from "../writes/objects.ts"
import { regroup } from "../writes/pods.ts"
import { CONTROLLERS, storeStatus } from "../writes/statuses.ts"

export function revise(machine: Machine, row: DaemonSetRow, work: SyncWork, next: RevisionWrite): void {
	const { state } = machine
	if (next.kind === "create-revision") {
		const { revision } = next
		const metadata = {
			...controlled(state, undefined, revision).metadata,
			uid: uidText(state, newUid(state)),
			resourceVersion: String(newVersion(state)),
			creationTimestamp: formatInstant(state.now),
		}
		storeObject(machine, undefined, deepFreeze({ ...revision, metadata }) as ControllerRevision)
	} else if (next.kind === "update-revision") {
		const before = state.objects.get(keyOf(next.revision))
		const { metadata: managed } = controlled(state, before, next.revision)
		const metadata = { ...managed, resourceVersion: String(newVersion(state)) }
		storeObject(machine, before, deepFreeze({ ...next.revision, metadata }) as ControllerRevision)
	} else if (next.kind === "delete-revision") {
		const { namespace = "" } = work.daemonSet.metadata
		const key = objectKey({ group: "apps", kind: "ControllerRevision", namespace, name: next.name })
		row.oldRevisions = row.oldRevisions.filter((name) => name !== next.name)
		storeObject(machine, state.objects.get(key), undefined)
	} else if (next.kind === "relabel-pods") {
		relabel(machine, row, next.hash)
	} else {
		const status = { ...(work.daemonSet as DaemonSet).status, collisionCount: next.collisionCount }
		storeStatus(machine, row, status as NonNullable<DaemonSet["status"]>)
	}
}

/** With what the controller owns of it from now on. */
function controlled(state: State, before: KubeObject | undefined, revision: ControllerRevision): KubeObject {
	return updateManaged(before, revision, { manager: CONTROLLERS, time: formatInstant(state.now) })
}

/** The current revision is this one: roles follow, and it is told. */
export function takeRevision(machine: Machine, row: DaemonSetRow, work: SyncWork): void {
	const { state } = machine
	const { found, writes } = work.outcome as StepOutcome
	if (found === undefined) return
	const hash = textId(state.strings, found.hash)
	const { namespace = "" } = work.daemonSet.metadata
	const current = currentRevision(state, row, namespace, found.hash)
	if (!row.planned || hash !== row.hash) {
		row.hash = hash
		assumeHash(machine, row, work.daemonSet as DaemonSet)
	}
	if (
		current === undefined ||
		(current.revision === row.revision && !writes.some(({ kind }) => kind === "create-revision"))
	)
		return
	row.revision = current.revision
	machine.facts.rare({
		kind: "revision",
		daemonSet: row.key,
		uid: row.uid,
		revision: current.revision,
		hash: found.hash,
		name: current.metadata.name,
		returned: !writes.some(({ kind }) => kind === "create-revision"),
	})
}

function currentRevision(
	state: State,
	row: DaemonSetRow,
	namespace: string,
	hash: string,
): ControllerRevision | undefined {
	return revisionsOf(state, namespace)
		.filter((revision) => controllerOf(revision)?.uid === row.uid && revision.metadata.labels?.[HASH_LABEL] === hash)
		.sort((a, b) => b.revision - a.revision)[0]
}

export function revisionsOf(state: State, namespace: string): ControllerRevision[] {
	const found: ControllerRevision[] = []
	for (const key of state.revisions.get(namespace) ?? []) {
		const object = state.objects.get(key)
		if (object !== undefined) found.push(object as ControllerRevision)
	}
	return found
}

/** H6: the same pods under another hash label. */
function relabel(machine: Machine, row: DaemonSetRow, hash: string): void {
	const { state } = machine
	const { pods } = state
	const id = textId(state.strings, hash)
	for (let pod = row.firstPod; pod !== -1; pod = pods.nextOwned[pod] as number) {
		if (pods.hash[pod] === id) continue
		const before = internedValue(state.podShapes, pods.shape[pod] as number)
		const after = intern(state.podShapes, { ...before, labels: { ...before.labels, [HASH_LABEL]: hash } })
		regroup(state, pod, () => {
			releaseInterned(state.podShapes, pods.shape[pod] as number)
			pods.shape[pod] = after
			pods.hash[pod] = id
			pods.version[half(pod)] = newVersion(state)
		})
		judgePod(machine, pod)
	}
}
