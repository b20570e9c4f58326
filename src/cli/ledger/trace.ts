import { type Instant, parseInstant } from "../../base/index.ts"
import type { NodeStep, RolloutRow } from "../../history/index.ts"
import { objectKey, type Pod } from "../../kube/index.ts"
import { summarizePod } from "../get/pod-status.ts"
import type { Paint } from "../output/paint.ts"
import { formatTable } from "../output/table.ts"
import type { ClusterReader } from "../reader.ts"
import type { TraceRow } from "./rows.ts"
import { ageAt, placeOf, shortCommit } from "./words.ts"

type Rollouts = (daemonSet: string) => readonly RolloutRow[]

/** What a node runs now, in order of DaemonSet: the pods that the cluster has, told apart by the ledger. */
export function traceNow(cluster: ClusterReader, rolloutsOf: Rollouts, node: string): readonly TraceRow[] {
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
		const hash = pod.metadata.labels?.["controller-revision-hash"] ?? ""
		rows.push({
			daemonSet,
			pod: pod.metadata.name,
			status: summarizePod(pod).status,
			images: pod.spec.containers.map((container) => container.image ?? ""),
			since: parseInstant(pod.metadata.creationTimestamp ?? "") ?? 0,
			...revisionOf(rolloutsOf(daemonSet), hash),
		})
	}
	return rows.sort((a, b) => (a.daemonSet < b.daemonSet ? -1 : 1))
}

/** What a node ran at a moment of the past, from what the ledger says that it went through. */
export function traceAt(
	steps: Iterable<{ readonly row: RolloutRow; readonly step: NodeStep }>,
	at: Instant,
): readonly TraceRow[] {
	const newest = new Map<string, TraceRow>()
	for (const { row, step } of steps) {
		if (step.createdAt === 0 || step.createdAt > at) continue
		const known = newest.get(row.daemonSet)
		if (known && known.since > step.createdAt) continue
		newest.set(row.daemonSet, {
			daemonSet: row.daemonSet,
			pod: step.pod,
			status: step.readyAt > 0 && step.readyAt <= at ? "Running" : step.cause || "Pending",
			hash: row.to.hash,
			revision: row.to.revision,
			rollout: row.rollout,
			images: row.to.images,
			...(row.commit ? { commit: row.commit } : {}),
			since: step.createdAt,
			current: true,
		})
	}
	return [...newest.values()].sort((a, b) => (a.daemonSet < b.daemonSet ? -1 : 1))
}

export function traceTable(
	rows: readonly TraceRow[],
	options: { readonly now: Instant; readonly paint: Paint; readonly wide: boolean; readonly noHeaders: boolean },
): string {
	const header = ["DAEMONSET", "REVISION", "COMMIT", "AUTHOR", "SINCE", "STATUS", "POD", "SUBJECT"]
	return formatTable(
		options.wide ? [...header, "ROLLOUT", "HASH", "IMAGES"] : header,
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
			...(options.wide ? [`${row.rollout ?? "<none>"}`, row.hash, row.images.join(",")] : []),
		]),
		{ noHeaders: options.noHeaders },
	)
}

/** Newest first: the first rollout of that hash is the one that brought it; the very first row is the current revision. */
function revisionOf(
	rollouts: readonly RolloutRow[],
	hash: string,
): Pick<TraceRow, "hash" | "current" | "revision" | "rollout" | "commit"> {
	const row = rollouts.find((rollout) => rollout.to.hash === hash)
	return {
		hash,
		current: rollouts[0]?.to.hash === hash,
		...(row ? { revision: row.to.revision, rollout: row.rollout } : {}),
		...(row?.commit ? { commit: row.commit } : {}),
	}
}
