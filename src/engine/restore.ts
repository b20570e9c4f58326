import type { Instant } from "../base/index.ts"
import { type ClusterOptions, createCluster, loadCluster } from "../cluster/index.ts"
import type { Store } from "./ports.ts"
import { RecordedCluster } from "./recorded-cluster.ts"

export type Restored = {
	readonly recorded: RecordedCluster
	/** False where the ledger and the replay disagree: the ledger wins. */
	readonly faithful: boolean
}

/**
 * The cluster as the ledger left it, or as it was at `at`: the newest snapshot, then every later input at its place, up
 * to the mark. Undefined where nothing was ever recorded.
 */
export function restore(store: Store, at?: Instant): Restored | undefined {
	const mark = store.mark(at)
	if (mark === undefined) return undefined
	const snapshot = store.snapshot(mark.at)
	if (snapshot === undefined) return undefined
	const recorded = new RecordedCluster(loadCluster(snapshot.cluster), snapshot)
	for (const row of store.inputs(snapshot.mark.journal)) {
		if (row.number > mark.journal) break
		recorded.advance(row.at)
		recorded.act(row.input, row.wall, () => [])
	}
	recorded.advance(at === undefined ? mark.at : Math.max(mark.at, at))
	// What replaying produced is in the ledger already.
	recorded.take()
	return { recorded, faithful: at !== undefined || recorded.mark().digest === mark.digest }
}

/** A cluster in which nothing has happened yet. */
export function begin(options: ClusterOptions): RecordedCluster {
	return new RecordedCluster(createCluster(options))
}
