import { byCodeUnit, type Instant, parseInstant } from "../../base/index.ts"
import type { Ledger, NodeStep, RolloutRow } from "../../history/index.ts"
import { type KubeObject, keyParts, type ObjectKey, objectKey, type Pod, summarizePod } from "../../kube/index.ts"
import type { Paint } from "../output/paint.ts"
import { type Cell, formatTable } from "../output/table.ts"
import type { ClusterReader } from "../reader.ts"
import type { TraceRow } from "./rows.ts"
import { ageAt, authorOf, placeOf, shortCommit } from "./words.ts"

type Rollouts = (daemonSet: string) => readonly RolloutRow[]

/** What a node runs, in order of DaemonSet: the pods that the cluster has then, told apart by the ledger. */
export function traceNode(cluster: ClusterReader, rolloutsOf: Rollouts, node: string): readonly TraceRow[] {
	return inOrder(rowsOf(cluster, rolloutsOf, cluster.list({ group: "", kind: "Pod", nodeName: node })))
}

/** Which of a DaemonSet's revisions each node runs, in order of node. */
export function traceDaemonSet(
	cluster: ClusterReader,
	rolloutsOf: Rollouts,
	daemonSet: ObjectKey,
): readonly TraceRow[] {
	const { namespace } = keyParts(daemonSet)
	const pods = cluster.list({ group: "", kind: "Pod", namespace })
	return inOrder(rowsOf(cluster, rolloutsOf, pods, daemonSet))
}

/** Every pod that a commit put on a node until then: those that still run, and those that are gone. */
export function traceCommit(
	cluster: ClusterReader,
	ledger: Pick<Ledger, "rollouts" | "steps">,
	rollouts: readonly RolloutRow[],
): readonly TraceRow[] {
	const begun = rollouts.filter(({ startedAt }) => startedAt <= cluster.now())
	const numbers = new Set(begun.map(({ rollout }) => rollout))
	const rolloutsOf: Rollouts = (daemonSet) => ledger.rollouts({ daemonSet })
	const live = [...new Set(begun.map(({ daemonSet }) => daemonSet))]
		.flatMap((daemonSet) => traceDaemonSet(cluster, rolloutsOf, daemonSet))
		.filter(({ rollout }) => rollout !== undefined && numbers.has(rollout))
	const running = new Set(live.map(({ daemonSet, pod }) => `${daemonSet} ${pod}`))
	const gone = begun.flatMap((row) =>
		[...ledger.steps(row.rollout), ...(cluster.stepsSoFar(row) ?? [])]
			.filter(({ createdAt }) => createdAt !== 0 && createdAt <= cluster.now())
			.filter(({ pod }) => !running.has(`${row.daemonSet} ${pod}`))
			.map((step) => goneRow(row, step)),
	)
	return inOrder([...live, ...gone])
}

function goneRow(row: RolloutRow, { node, pod, createdAt }: NodeStep): TraceRow {
	const { daemonSet, rollout, commit, trigger, to } = row
	const { hash, revision, images } = to
	const by = commit === undefined ? {} : { commit }
	return {
		daemonSet,
		node,
		pod,
		status: "Gone",
		hash,
		revision,
		rollout,
		trigger,
		images,
		since: createdAt,
		current: false,
		...by,
	}
}

function rowsOf(
	cluster: ClusterReader,
	rolloutsOf: Rollouts,
	pods: Iterable<KubeObject>,
	only?: ObjectKey,
): readonly TraceRow[] {
	const rows: TraceRow[] = []
	const known = new Map<ObjectKey, readonly RolloutRow[]>()
	for (const object of pods) {
		const pod = object as Pod
		const daemonSet = ownerOf(pod)
		if (daemonSet === undefined || (only !== undefined && daemonSet !== only)) continue
		const rollouts = known.get(daemonSet) ?? rolloutsOf(daemonSet)
		known.set(daemonSet, rollouts)
		const since = parseInstant(pod.metadata.creationTimestamp ?? "") ?? 0
		rows.push({
			daemonSet,
			node: pod.spec.nodeName ?? "",
			pod: pod.metadata.name,
			status: summarizePod(pod).status,
			images: pod.spec.containers.map((container) => container.image ?? ""),
			since,
			...revisionOf(rollouts, pod.metadata.labels?.["controller-revision-hash"] ?? "", since, cluster.now()),
		})
	}
	return rows
}

function ownerOf({ metadata }: Pod): ObjectKey | undefined {
	const owner = (metadata.ownerReferences ?? []).find(({ controller, kind }) => controller && kind === "DaemonSet")
	if (owner === undefined) return undefined
	return objectKey({ group: "apps", kind: "DaemonSet", namespace: metadata.namespace ?? "", name: owner.name })
}

function inOrder(rows: readonly TraceRow[]): readonly TraceRow[] {
	return [...rows].sort(
		(a, b) => byCodeUnit(a.daemonSet, b.daemonSet) || byCodeUnit(a.node, b.node) || a.since - b.since,
	)
}

/** What a trace is about: columns that would say the same in every line are left out. */
export type TraceSubject = "node" | "daemonset" | "commit"

export function traceTable(
	rows: readonly TraceRow[],
	subject: TraceSubject,
	options: { readonly now: Instant; readonly paint: Paint; readonly wide: boolean; readonly noHeaders: boolean },
): string {
	const wide = options.wide
	const isSigned = rows.some(({ commit }) => commit?.signature !== undefined)
	const columns: readonly (readonly [name: string, shown: boolean, cell: (row: TraceRow) => Cell])[] = [
		["DAEMONSET", subject !== "daemonset", (row) => placeOf(row.daemonSet)],
		["NODE", subject !== "node", (row) => row.node || "<none>"],
		["REVISION", true, (row) => revisionCell(row, options.paint)],
		["COMMIT", true, (row) => (row.commit ? shortCommit(row.commit.commit) : "<none>")],
		["AUTHOR", true, (row) => (row.trigger ? authorOf(row.commit, row.trigger) : "<none>")],
		["SIGNATURE", isSigned, (row) => row.commit?.signature ?? "<none>"],
		["SINCE", true, (row) => ageAt(row.since, options.now)],
		["STATUS", true, (row) => row.status],
		["POD", true, (row) => row.pod],
		["SUBJECT", true, (row) => row.commit?.subject ?? "<none>"],
		["ROLLOUT", wide, (row) => `${row.rollout ?? "<none>"}`],
		["HASH", wide, (row) => row.hash],
		["IMAGES", wide, (row) => row.images.join(",")],
	]
	const shown = columns.filter(([, isShown]) => isShown)
	return formatTable(
		shown.map(([name]) => name),
		rows.map((row) => shown.map(([, , cell]) => cell(row))),
		{ noHeaders: options.noHeaders },
	)
}

function revisionCell({ revision, current, status }: TraceRow, paint: Paint): Cell {
	const old = current || status === "Gone" ? "" : " (old)"
	const text = revision === undefined ? "<unknown>" : `${revision}${old}`
	return { text, paint: current ? paint.green : paint.yellow }
}

/** Newest first. A revision that returned left the pods alone that had it (rule H3): what brought a pod came before it. */
function revisionOf(
	rollouts: readonly RolloutRow[],
	hash: string,
	since: Instant,
	now: Instant,
): Pick<TraceRow, "hash" | "current" | "revision" | "rollout" | "trigger" | "commit"> {
	const known = rollouts.filter(({ startedAt }) => startedAt <= now)
	const same = known.filter(({ to }) => to.hash === hash)
	// Creation times are whole seconds (rule T1).
	const row = same.find(({ startedAt }) => startedAt < since + 1_000) ?? same.at(-1)
	return {
		hash,
		current: known[0]?.to.hash === hash,
		...(row ? { revision: row.to.revision, rollout: row.rollout, trigger: row.trigger } : {}),
		...(row?.commit ? { commit: row.commit } : {}),
	}
}
