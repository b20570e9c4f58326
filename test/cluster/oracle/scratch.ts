import { Flag, onSide, SidedFlag, type TakenCensus, takeCensus } from "../../../src/cluster/daemonset/index.ts"
import type { Cluster } from "../../../src/cluster/index.ts"
import type { DaemonSetRow } from "../../../src/cluster/state/daemon-sets.ts"
import { decodePlain } from "../../../src/cluster/state/plain.ts"
import type { State } from "../../../src/cluster/state/state.ts"
import { textOf } from "../../../src/cluster/state/strings.ts"
import type { DaemonSet, DaemonSetStatus, Node, Pod } from "../../../src/kube/index.ts"

/** What the cluster holds, as a copy to look into. */
export function stateOf(on: Cluster): State {
	return decodePlain(on.save()) as State
}

/** The DaemonSets that exist, by slot. */
export function* living(state: State): Generator<{ readonly slot: number; readonly row: DaemonSetRow }> {
	for (const [slot, row] of state.daemonSets.entries()) if (row !== undefined && !row.gone) yield { slot, row }
}

/** The census of a DaemonSet from the objects as they can be read, under the revision that its last sync found. */
export function censusFromScratch(on: Cluster, state: State, row: DaemonSetRow, now = on.now()): TakenCensus {
	const daemonSet = asSynced(on.read(row.key) as DaemonSet, row)
	const nodes = [...on.list({ group: "", kind: "Node" })] as Node[]
	const { namespace = "" } = daemonSet.metadata
	const pods = ([...on.list({ group: "", kind: "Pod", namespace })] as Pod[]).filter((pod) => isOwnedBy(pod, row.uid))
	return takeCensus({ daemonSet, nodes, pods, hash: textOf(state.strings, row.hash) }, now)
}

/** R3: a sync under way goes by the template's generation that it began with. */
function asSynced(daemonSet: DaemonSet, { work }: DaemonSetRow): DaemonSet {
	const began = work?.daemonSet as DaemonSet | undefined
	if (began?.metadata.annotations === undefined) return daemonSet
	return { ...daemonSet, metadata: { ...daemonSet.metadata, annotations: began.metadata.annotations } }
}

export function isOwnedBy({ metadata }: Pod, uid: string): boolean {
	return metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid) === true
}

/** S1. */
export function numbersOf(census: TakenCensus): Partial<DaemonSetStatus> {
	const desired = census.count(Flag.Desired)
	const available = census.count(Flag.Available)
	return {
		currentNumberScheduled: census.count(Flag.Current),
		numberMisscheduled: census.count(Flag.Misscheduled),
		desiredNumberScheduled: desired,
		numberReady: census.count(Flag.Ready),
		updatedNumberScheduled: census.count(onSide(SidedFlag.Judged, census.settings.newSide)),
		numberAvailable: available,
		numberUnavailable: desired - available,
	}
}
