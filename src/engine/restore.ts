import type { Instant } from "../base/index.ts"
import { type ClusterOptions, createCluster, emptyLike, loadCluster, SnapshotError } from "../cluster/index.ts"
import { bring } from "./begin-anew.ts"
import type { Mark, Snapshot, Store } from "./ports.ts"
import { parseRest, RecordedCluster } from "./recorded-cluster.ts"

export type Restored = {
	readonly recorded: RecordedCluster
	/** False where the newest mark until then says otherwise than the replay: the ledger wins. */
	readonly faithful: boolean
	/** The newest of all. */
	readonly mark: Mark
}

/**
 * The cluster as the ledger left it, or as it was at `at`: the newest snapshot before, then every later input at its
 * place. Never beyond what is recorded. Undefined where nothing was recorded yet, or nothing of that time is kept.
 */
export function restore(store: Store, at: Instant = Number.POSITIVE_INFINITY): Restored | undefined {
	const newest = store.mark()
	if (newest === undefined) return undefined
	const to = Math.min(at, newest.at)
	const found = newestReadable(store.snapshots(to))
	if (found === undefined) return undefined
	const { recorded, from } = found
	const mark = store.mark(to) ?? from
	// A mark that is older than the snapshot has nothing to say.
	let faithful = mark.sequence < from.sequence ? true : undefined
	for (const row of store.inputs(from.journal)) {
		if (row.number > newest.journal || row.at > to) break
		if (row.number > mark.journal) faithful ??= agrees(recorded, mark)
		recorded.advance(row.at)
		recorded.act(row.input, row.wall, () => [])
	}
	faithful ??= agrees(recorded, mark)
	recorded.advance(to)
	// What replaying produced is in the ledger already.
	recorded.take()
	return { recorded, faithful, mark: newest }
}

/**
 * The newest snapshot that this version can read. Without one it begins where the record does: before the first input
 * there was nothing but settings, and later on, where the first inputs were pruned, what was described is all that is
 * known.
 */
function newestReadable(snapshots: Iterable<Snapshot>): { recorded: RecordedCluster; from: Mark } | undefined {
	let oldest: Snapshot | undefined
	for (const snapshot of snapshots) {
		try {
			return { recorded: new RecordedCluster(loadCluster(snapshot.cluster), snapshot), from: snapshot.mark }
		} catch (problem) {
			if (!(problem instanceof SnapshotError)) throw problem
			oldest = snapshot
		}
	}
	if (oldest === undefined) return undefined
	const { cluster, mark, rest } = oldest
	const recorded = new RecordedCluster(emptyLike(cluster, mark.at, mark.sequence), { mark })
	const described = parseRest(rest)
	recorded.numberRolloutsFrom(described.history.nextRollout)
	bring(recorded, described, 0)
	return { recorded, from: mark }
}

/** Goes on to the mark and compares. */
function agrees(recorded: RecordedCluster, mark: Mark): boolean {
	const { cluster } = recorded
	// A mark may stand in the middle of an instant: what comes after it there is not in its digest.
	const reached = (): boolean => cluster.sequence() >= mark.sequence
	if (!reached()) recorded.advance(mark.at, reached)
	return cluster.digest() === mark.digest
}

/** A cluster in which nothing has happened yet. */
export function begin(options: ClusterOptions): RecordedCluster {
	return new RecordedCluster(createCluster(options))
}

/** The same after a past of which the ledger has the rows alone: times and numbers go on from there. */
export function beginAfter(store: Store, options: ClusterOptions): RecordedCluster {
	const recorded = begin({ ...options, start: Math.max(options.start, store.lastAt() ?? options.start) })
	recorded.numberRolloutsFrom(store.nextRollout())
	return recorded
}
