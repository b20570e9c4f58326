import type { Instant } from "../base/index.ts"
import { type ClusterOptions, createCluster, loadCluster } from "../cluster/index.ts"
import type { Store } from "./ports.ts"
import { RecordedCluster } from "./recorded-cluster.ts"

export type Restored = {
	readonly recorded: RecordedCluster
	/** False where the ledger and the replay disagree: the ledger wins. Known of the end alone, not of a moment before it. */
	readonly faithful: boolean
}

/**
 * The cluster as the ledger left it, or as it was at `at`: the newest snapshot before, then every later input at its
 * place. Never beyond what is recorded. Undefined where nothing was recorded yet, or not so early.
 */
export function restore(store: Store, at: Instant = Number.POSITIVE_INFINITY): Restored | undefined {
	const mark = store.mark()
	if (mark === undefined) return undefined
	const to = Math.min(at, mark.at)
	const snapshot = store.snapshot(to)
	if (snapshot === undefined) return undefined
	const recorded = new RecordedCluster(loadCluster(snapshot.cluster), snapshot)
	for (const row of store.inputs(snapshot.mark.journal)) {
		if (row.number > mark.journal || row.at > to) break
		recorded.advance(row.at)
		recorded.act(row.input, row.wall, () => [])
	}
	recorded.advance(to)
	// What replaying produced is in the ledger already.
	recorded.take()
	return { recorded, faithful: to < mark.at || recorded.mark().digest === mark.digest }
}

/** A cluster in which nothing has happened yet. */
export function begin(options: ClusterOptions): RecordedCluster {
	return new RecordedCluster(createCluster(options))
}
