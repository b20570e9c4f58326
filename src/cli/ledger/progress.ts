import type { RolloutRow } from "../../history/index.ts"
import type { DaemonSet } from "../../kube/index.ts"
import type { ClusterReader } from "../reader.ts"

/** Rollouts that go on have no numbers in the ledger yet: what the DaemonSet's status says now stands in for them. */
export function withProgress(rows: readonly RolloutRow[], cluster: ClusterReader): readonly RolloutRow[] {
	return rows.map((row) => {
		if (row.verdict !== undefined || row.nodes !== undefined) return row
		const status = (cluster.read(row.daemonSet) as DaemonSet | undefined)?.status
		if (!status) return row
		const {
			desiredNumberScheduled: desired,
			updatedNumberScheduled: updated = 0,
			numberAvailable: available = 0,
		} = status
		return { ...row, nodes: { desired, updated, available, mostUnavailable: Math.max(0, desired - available) } }
	})
}
