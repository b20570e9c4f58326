import type { Cluster } from "../cluster/index.ts"
import type { NodeStep, RolloutRow, Why } from "../history/index.ts"
import type { ObjectKey } from "../kube/index.ts"

/** What the commands that only read need of a cluster: the running one's last saved state serves as well. */
export type ClusterReader = Pick<Cluster, "read" | "list" | "now"> & {
	/** Where a DaemonSet stands and what keeps it; undefined where there is none. */
	why(daemonSet: ObjectKey): Why | undefined
	/** What nodes went through in a rollout that goes on, by node name; undefined of all others. */
	stepsSoFar(row: Pick<RolloutRow, "daemonSet" | "rollout" | "verdict">): readonly NodeStep[] | undefined
}

/** Why a rollout is not complete; undefined where it is, or is not the newest of its DaemonSet. */
export function whyOfRollout(
	cluster: Pick<ClusterReader, "why">,
	{ daemonSet, rollout, verdict }: Pick<RolloutRow, "daemonSet" | "rollout" | "verdict">,
): Why | undefined {
	if (verdict !== undefined && verdict !== "stuck") return undefined
	const why = cluster.why(daemonSet)
	return why?.rollout === rollout ? why : undefined
}
