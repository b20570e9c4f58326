import type { Cluster } from "../../../src/cluster/index.ts"
import type { ControllerRevision, DaemonSet, KubeObject, Node, Pod } from "../../../src/kube/index.ts"
import { targetOf } from "./actions.ts"
import type { NodeView, PodView, RevisionView, Row, SetView, World } from "./recording.ts"

const EMPTY: World = { pods: {}, daemonsets: {}, controllerrevisions: {}, nodes: {} }
const MEMBER = {
	pod: "pods",
	daemonset: "daemonsets",
	controllerrevision: "controllerrevisions",
	node: "nodes",
} as const
type Watched = keyof typeof MEMBER

/** What the recorder would have seen of our cluster now. */
export function worldOf(cluster: Cluster, hashes: Map<string, string>): World {
	const revisions = [...cluster.list({ group: "apps", kind: "ControllerRevision" })] as unknown as ControllerRevision[]
	for (const { metadata } of revisions.sort((a, b) => a.revision - b.revision)) {
		const hash = hashOf(metadata.name)
		if (!hashes.has(hash)) hashes.set(hash, `hash${hashes.size + 1}`)
	}
	return {
		nodes: byName(cluster.list({ group: "", kind: "Node" }), (node) => nodeView(node as Node)),
		daemonsets: byName(cluster.list({ group: "apps", kind: "DaemonSet" }), (set) => setView(set as DaemonSet)),
		controllerrevisions: Object.fromEntries(
			revisions.map((revision) => {
				const hash = hashOf(revision.metadata.name)
				return [revision.metadata.name.replace(hash, hashes.get(hash) ?? hash), revisionView(revision)]
			}),
		),
		pods: byName(cluster.list({ group: "", kind: "Pod" }), (pod) => podView(pod as Pod, hashes)),
	}
}

/** What watches show of the way from one world to the next. */
export function rowsBetween(before: World, after: World, t: number): readonly Row[] {
	const rows: Row[] = []
	for (const watch of ["node", "daemonset", "controllerrevision", "pod"] as const) {
		const had: { readonly [name: string]: object } = before[MEMBER[watch]]
		const has: { readonly [name: string]: object } = after[MEMBER[watch]]
		for (const name of Object.keys(had))
			if (!Object.hasOwn(has, name)) rows.push({ t, watch, name, type: "DELETED", ...had[name] })
		for (const [name, view] of Object.entries(has)) {
			if (!Object.hasOwn(had, name)) rows.push({ t, watch, name, type: "ADDED", ...view })
			else if (JSON.stringify(had[name]) !== JSON.stringify(view))
				rows.push({ t, watch, name, type: "MODIFIED", ...view })
		}
	}
	return rows
}

/** The world that rows lead to, up to a time. */
export function worldAt(initial: World, rows: readonly Row[], until: number): World {
	const world = { ...EMPTY, ...structuredClone(initial) } as { [member in keyof World]: { [name: string]: object } }
	for (const row of rows) {
		const member = MEMBER[row.watch as Watched]
		if (member === undefined || row.t > until) continue
		const { t: _t, watch: _watch, name, type, rv: _rv, ...view } = row
		if (type === "DELETED") delete world[member][name]
		else world[member][name] = view
	}
	return world as World
}

function byName<T>(objects: Iterable<KubeObject>, view: (object: KubeObject) => T): { [name: string]: T } {
	return Object.fromEntries([...objects].map((object) => [object.metadata.name, view(object)]))
}

function hashOf(revision: string): string {
	return revision.slice(revision.lastIndexOf("-") + 1)
}

function podView(pod: Pod, hashes: ReadonlyMap<string, string>): Partial<PodView> {
	const { labels = {}, ownerReferences = [], deletionTimestamp } = pod.metadata
	const hash = labels["controller-revision-hash"]
	const status = pod.status as
		| {
				phase?: string
				nominatedNodeName?: string
				conditions?: readonly { type: string; status: string; reason?: string; message?: string }[]
				containerStatuses?: readonly { state?: { waiting?: { reason?: string } } }[]
		  }
		| undefined
	const condition = (type: string) => status?.conditions?.find((one) => one.type === type)
	const waiting = status?.containerStatuses?.[0]?.state?.waiting?.reason
	const priority = (pod.spec as { priority?: number }).priority ?? 0
	return {
		node: pod.spec.nodeName ?? null,
		targetNode: targetOf(pod),
		phase: status?.phase ?? "",
		ready: condition("Ready")?.status === "True",
		image: pod.spec.containers[0]?.image ?? "",
		hash: hash === undefined ? null : (hashes.get(hash) ?? hash),
		generation: labels["pod-template-generation"] ?? null,
		owner: ownerReferences.map(({ name }) => name),
		...(deletionTimestamp === undefined ? {} : { terminating: true }),
		...(waiting === undefined || /Creating|Initializing/.test(waiting) ? {} : { waiting: waitingAs(waiting) }),
		...(priority === 0 ? {} : { priority }),
		...(status?.nominatedNodeName ? { nominatedNodeName: status.nominatedNodeName } : {}),
		...(condition("PodScheduled")?.status === "False" ? { PodScheduled: withoutTimes(condition("PodScheduled")) } : {}),
	}
}

/** Freedom `fake-kubelet-pulls`: the back-off of a pull is all that the fake kubelet tells of it. */
function waitingAs(reason: string): string {
	return reason === "ErrImagePull" ? "ImagePullBackOff" : reason
}

function withoutTimes({
	status = "",
	reason = "",
	message = "",
}: {
	status?: string
	reason?: string
	message?: string
} = {}) {
	return { status, reason, message }
}

function nodeView(node: Node): Partial<NodeView> {
	const conditions = (node.status?.conditions ?? []) as readonly { type: string; status: string; reason?: string }[]
	const ready = conditions.find(({ type }) => type === "Ready")
	return {
		taints: node.spec?.taints ?? [],
		unschedulable: node.spec?.unschedulable === true,
		ready: ready?.status ?? null,
		readyReason: ready?.reason ?? null,
		labels: Object.fromEntries(Object.entries(node.metadata.labels ?? {}).filter(([key]) => !isStandard(key))),
	}
}

/** The recorder leaves out what every machine has. */
function isStandard(key: string): boolean {
	return /(?:^|\.)kubernetes\.io\/|^ref\//.test(key)
}

function setView(set: DaemonSet): Partial<SetView> {
	const { generation = 0, deletionTimestamp, finalizers = [] } = set.metadata
	return {
		generation,
		image: set.spec.template.spec?.containers[0]?.image ?? "",
		status: (set.status ?? {}) as SetView["status"],
		...(deletionTimestamp === undefined ? {} : { terminating: true }),
		...(finalizers.length === 0 ? {} : { finalizers }),
	}
}

function revisionView(revision: ControllerRevision): RevisionView {
	const image = /"image":"([^"]*)"/.exec(JSON.stringify(revision["data"]))?.[1] ?? ""
	const owner = (revision.metadata.ownerReferences ?? []).map(({ name }) => name)
	return { revision: revision.revision, owner, image }
}
