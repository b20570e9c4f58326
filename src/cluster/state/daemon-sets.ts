import type { Instant } from "../../base/index.ts"
import type { DaemonSetStatus, KubeObject, ObjectKey } from "../../kube/index.ts"
import type { BitTree } from "./bit-tree.ts"
import type { TextId } from "./strings.ts"

/** What the DaemonSet controller remembers of one DaemonSet between calls: queue, expectations, back-offs, census. */
export type DaemonSetRow = {
	readonly key: ObjectKey
	readonly uid: string
	/** Its number as a subject of Events. */
	readonly uidNumber: number
	/** Whom its Events are about, or -1 before the first one. */
	subject: number
	readonly keyText: TextId
	readonly uidText: TextId
	readonly namespace: TextId
	readonly name: TextId
	/** What the names of its pods begin with. */
	readonly base: TextId
	/** The object is gone; the row stays while pods name it as their owner. */
	gone: boolean
	/** Hash label of the current template; 0 before the first sync. */
	hash: TextId
	revision: number
	/** The revisions are as the template wants them. */
	planned: boolean
	/** Another hand changed revisions since the sync under way looked at them. */
	disturbed: boolean
	/** Names of the other revisions. */
	oldRevisions: string[]
	census: CensusColumns
	/** Pods by shape and side: `[on side 0, on side 1]`. */
	shapes: Map<number, number[]>
	firstPod: number
	podCount: number
	expectations: { creations: number; deletions: number; since: Instant } | undefined
	backOffs: Map<string, { delayMs: number; since: Instant }>
	/** Waits in the queue; is being synced; was queued again while it was being synced. */
	queued: boolean
	running: boolean
	again: boolean
	/** `census.changes` when a sync found nothing to do that time alone could bring; -1 where the last one did not. */
	rests: number
	/** Failed syncs in a row (work-queue back-off). */
	failures: number
	/** Pending entry that queues it later, or -1; when that is, and the last moment that was asked for. */
	later: number
	laterAt: Instant
	latestAt: Instant
	/** What the watch will deliver, by instant: `at, creations, deletions` of each, one after another. */
	deliveries: number[]
	/** N12: when the allowance of Events is full again, and by code how many pods similar Events have named lately. */
	recorder: { fullAt: Instant; similar: Map<number, { names: number; at: Instant }> }
	unwritten: UnwrittenStatus | undefined
	work: SyncWork | undefined
}

/** A stored status that its object does not have yet. */
export type UnwrittenStatus = {
	readonly status: DaemonSetStatus
	/** The resourceVersion that it brought, and when. */
	readonly version: number
	readonly at: Instant
	/** Members that have changed since the object had its last one. */
	readonly changed: readonly (keyof DaemonSetStatus)[]
}

/** A sync under way, between two of its writes: what it keeps while it waits for the client limit. */
export type SyncWork = {
	/** `SyncPlace` and `StepOutcome` of the DaemonSet controller: plain data. */
	place: JsonLike
	outcome: JsonLike | undefined
	/** The DaemonSet as it was when the sync began. */
	daemonSet: KubeObject
	/** The write that is next, and how many of its parts are done. */
	write: number
	part: number
	/** S5: how many creations of the present batch are left. */
	batch: number
	batchSize: number
	/**
	 * Whom the outcome's writes mean, one list a write: uids of pods, names of nodes (two numbers each). Rows may be free,
	 * or somebody else's, by the time the client limit lets a write through.
	 */
	meant: number[][]
	error: string
	/** So far it has found nothing to do, now or later. */
	quiet: boolean
}
type JsonLike = unknown

/** Verdicts by node row, their counts, and per flag that rules ask for in order the ranks of its nodes. */
export type CensusColumns = {
	/** By node row: 1 should run, 2 should continue (rule P2). */
	places: Uint8Array
	/** By node row: its first pod there, plus one; 0 for none. `PodRows.nextMate` goes on. */
	first: Uint32Array
	verdicts: Uint32Array
	/** How often a verdict has changed. */
	changes: number
	counts: Int32Array
	sets: (BitTree | undefined)[]
	newSide: 0 | 1
	surge: boolean
	minReadySeconds: number
}

export function createCensusColumns(): CensusColumns {
	return {
		places: new Uint8Array(64),
		first: new Uint32Array(64),
		verdicts: new Uint32Array(64),
		changes: 0,
		counts: new Int32Array(32),
		sets: new Array<BitTree | undefined>(32).fill(undefined),
		newSide: 0,
		surge: false,
		minReadySeconds: 0,
	}
}
