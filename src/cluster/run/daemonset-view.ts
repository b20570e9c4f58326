import type { ControllerRevision, DaemonSet, DaemonSetStatus } from "../../kube/index.ts"
import { isMaxUnavailableHard, isPaused, keyParts, objectKey } from "../../kube/index.ts"
import { type BackOff, HASH_LABEL, type SyncView } from "../daemonset/index.ts"
import { runningCensus } from "../daemonset/running-census.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import { internedValue } from "../state/interned.ts"
import type { State } from "../state/state.ts"
import { type Machine, remembered } from "../writes/machine.ts"
import { storedStatus } from "../writes/statuses.ts"
import { claims } from "./daemonset-claims.ts"
import { revisionsOf } from "./daemonset-revisions.ts"

/** One view for all syncs of a DaemonSet: it reads the row and the state as they are. */
export function viewOf(machine: Machine, slot: number, row: DaemonSetRow): SyncView {
	return remembered(machine.memo.views, row, () => {
		const { state } = machine
		const { namespace = "" } = keyParts(row.key)
		const census = runningCensus(state, row)
		let known: { readonly of: unknown; readonly with: DaemonSet } | undefined
		return {
			get daemonSet() {
				const status = storedStatus(state, row)
				if (known === undefined || known.of !== row.work?.daemonSet || known.with.status !== status)
					known = { of: row.work?.daemonSet, with: withStoredStatus(state, row) }
				return known.with
			},
			get expectations() {
				return row.expectations
			},
			backOffs: row.backOffs as ReadonlyMap<string, BackOff>,
			burst: state.settings.burstReplicas,
			revisions: () => revisionsOf(state, namespace),
			revisionNamed: (name) =>
				state.objects.get(objectKey({ group: "apps", kind: "ControllerRevision", namespace, name })) as
					| ControllerRevision
					| undefined,
			claims: () => claims(machine, slot, row),
			census: () => census,
			get paused() {
				return isPaused(state.objects.get(row.key))
			},
			get hard() {
				return isMaxUnavailableHard(state.objects.get(row.key))
			},
			liveHashes: () => liveHashes(state, row),
		}
	})
}

// As it was when the sync began; but a collision count that this very sync raised must not be lost by its status.
export function withStoredStatus(state: State, row: DaemonSetRow): DaemonSet {
	const daemonSet = row.work?.daemonSet as DaemonSet
	const status = storedStatus(state, row)
	return status === undefined || status === daemonSet.status ? daemonSet : withStatus(daemonSet, status)
}

// Written out: there is one for nearly every sync, and a DaemonSet has no other members.
function withStatus({ apiVersion, kind, metadata, spec }: DaemonSet, status: DaemonSetStatus): DaemonSet {
	return { apiVersion, kind, metadata, spec, status }
}

function liveHashes(state: State, row: DaemonSetRow): ReadonlySet<string> {
	const hashes = new Set<string>()
	for (const shape of row.shapes.keys()) hashes.add(internedValue(state.podShapes, shape).labels[HASH_LABEL] ?? "")
	return hashes
}
