import { type Instant, parseInstant } from "../../base/index.ts"
import type { RolloutRow } from "../../history/index.ts"
import { objectKey, type Pod } from "../../kube/index.ts"
import { summarizePod } from "../get/pod-status.ts"
import type { Paint } from "../output/paint.ts"
import { formatTable } from "../output/table.ts"
import type { ClusterReader } from "../reader.ts"
import type { TraceRow } from "./rows.ts"
import { ageAt, placeOf, shortCommit } from "./words.ts"

type Rollouts = (daemonSet: string) => readonly RolloutRow[]

/** What a node runs, in order of DaemonSet: the pods that the cluster has then, told apart by the ledger. */
export function traceNode(cluster: ClusterReader, rolloutsOf: Rollouts, node: string): readonly TraceRow[] {
	const rows: TraceRow[] = []
	for (const object of cluster.list({ group: "", kind: "Pod", nodeName: node })) {
		const pod = object as Pod
		const owner = (pod.metadata.ownerReferences ?? []).find(
			({ controller, kind }) => controller && kind === "DaemonSet",
		)
		if (!owner) continue
		const daemonSet = objectKey({
			group: "apps",
			kind: "DaemonSet",
			namespace: pod.metadata.namespace ?? "",
			name: owner.name,
		})
		const since = parseInstant(pod.metadata.creationTimestamp ?? "") ?? 0
		const hash = pod.metadata.labels?.["controller-revision-hash"] ?? ""
		rows.push({
			daemonSet,
			pod: pod.metadata.name,
			status: summarizePod(pod).status,
			images: pod.spec.containers.map((container) => container.image ?? ""),
			since,
			...revisionOf(rolloutsOf(daemonSet), hash, since, cluster.now()),
		})
	}
	return rows.sort((a, b) => (a.daemonSet < b.daemonSet ? -1 : 1))
}

export function traceTable(
	rows: readonly TraceRow[],
	options: { readonly now: Instant; readonly paint: Paint; readonly wide: boolean; readonly noHeaders: boolean },
): string {
	const header = ["DAEMONSET", "REVISION", "COMMIT", "AUTHOR", "SINCE", "STATUS", "POD", "SUBJECT"]
	return formatTable(
		options.wide ? [...header, "ROLLOUT", "SIGNATURE", "HASH", "IMAGES"] : header,
		rows.map((row) => [
			placeOf(row.daemonSet),
			{
				text: row.revision === undefined ? "<unknown>" : `${row.revision}${row.current ? "" : " (old)"}`,
				paint: row.current ? options.paint.green : options.paint.yellow,
			},
			row.commit ? shortCommit(row.commit.commit) : "<none>",
			row.commit?.author ?? "<none>",
			ageAt(row.since, options.now),
			row.status,
			row.pod,
			row.commit?.subject ?? "<none>",
			...(options.wide
				? [`${row.rollout ?? "<none>"}`, row.commit?.signature ?? "<none>", row.hash, row.images.join(",")]
				: []),
		]),
		{ noHeaders: options.noHeaders },
	)
}

/** Newest first. A revision that returned left the pods alone that had it (rule H3): what brought a pod came before it. */
function revisionOf(
	rollouts: readonly RolloutRow[],
	hash: string,
	since: Instant,
	now: Instant,
): Pick<TraceRow, "hash" | "current" | "revision" | "rollout" | "commit"> {
	const known = rollouts.filter(({ startedAt }) => startedAt <= now)
	const same = known.filter(({ to }) => to.hash === hash)
	// Creation times are whole seconds (rule T1).
	const row = same.find(({ startedAt }) => startedAt < since + 1_000) ?? same.at(-1)
	return {
		hash,
		current: known[0]?.to.hash === hash,
		...(row ? { revision: row.to.revision, rollout: row.rollout } : {}),
		...(row?.commit ? { commit: row.commit } : {}),
	}
}
