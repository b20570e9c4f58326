import { formatInstant, type Instant } from "../../src/base/index.ts"
import { type TakenCensus, takeCensus } from "../../src/cluster/daemonset/index.ts"
import type {
	DaemonSet,
	DaemonSetSpec,
	Node,
	ObjectMeta,
	Pod,
	PodSpec,
	StringMap,
	Taint,
} from "../../src/kube/index.ts"

export const NOW: Instant = 1_750_000_000_000
export const NEW = "newhash"
export const OLD = "oldhash"

/** A node that every plain template places on. */
export function node(name: string, over: { labels?: StringMap; taints?: readonly Taint[] } = {}): Node {
	const { labels, taints } = over
	const metadata: ObjectMeta = { name, ...(labels === undefined ? {} : { labels }) }
	return { apiVersion: "v1", kind: "Node", metadata, ...(taints === undefined ? {} : { spec: { taints } }) } as Node
}

type SpecWords = Partial<Omit<DaemonSetSpec, "updateStrategy" | "template">> & {
	readonly maxUnavailable?: number | string
	readonly maxSurge?: number | string
	readonly onDelete?: true
	readonly podSpec?: Partial<PodSpec>
}

/** A DaemonSet `agent` that selects `app: agent`; a rolling update with maxUnavailable 1 where nothing is said. */
export function daemonSet(words: SpecWords = {}, over: Partial<DaemonSet> = {}): DaemonSet {
	const { maxUnavailable, maxSurge, onDelete, podSpec, ...spec } = words
	const rollingUpdate = {
		maxUnavailable: maxUnavailable ?? (maxSurge === undefined ? 1 : 0),
		...(maxSurge === undefined ? {} : { maxSurge }),
	}
	return {
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "agent", namespace: "default", uid: "agent-uid", generation: 1 },
		spec: {
			selector: { matchLabels: { app: "agent" } },
			template: { metadata: { labels: { app: "agent" } }, spec: { containers: [{ name: "agent" }], ...podSpec } },
			updateStrategy: onDelete ? { type: "OnDelete" } : { type: "RollingUpdate", rollingUpdate },
			...spec,
		},
		...over,
	} as DaemonSet
}

type PodWords = {
	readonly node?: string
	/** Pinned to the node, not bound. */
	readonly pinned?: true
	readonly hash?: string
	/** Seconds before NOW. */
	readonly age?: number
	/** Seconds since the pod turned Ready; false where it is not. */
	readonly ready?: number | false
	/** False for one that was never Ready. */
	readonly served?: false
	readonly phase?: "Pending" | "Running" | "Failed" | "Succeeded"
	readonly terminating?: true
	readonly labels?: StringMap
	/** UID of the owner; none for an orphan. */
	readonly owner?: string | "none"
}

/** A ready old pod of `daemonSet()` on node `n1`, an hour of age, where nothing else is said. */
export function pod(name: string, words: PodWords = {}): Pod {
	const { node: nodeName = "n1", hash = OLD, age = 3600, ready = 600, phase = "Running", owner = "agent-uid" } = words
	const pin = [{ matchFields: [{ key: "metadata.name", operator: "In", values: [nodeName] }] }]
	const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: pin } } }
	const lastTransitionTime = formatInstant(NOW - (ready === false ? 0 : ready) * 1000)
	const startTime = words.served === false ? lastTransitionTime : formatInstant(NOW - age * 1000)
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name,
			namespace: "default",
			labels: { app: "agent", "controller-revision-hash": hash, ...words.labels },
			creationTimestamp: formatInstant(NOW - age * 1000),
			...(words.terminating ? { deletionTimestamp: formatInstant(NOW) } : {}),
			...(owner === "none"
				? {}
				: {
						ownerReferences: [
							{ apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: owner, controller: true },
						],
					}),
		},
		spec: { containers: [], ...(words.pinned ? { affinity } : { nodeName }) },
		status: {
			phase,
			startTime,
			conditions: [{ type: "Ready", status: ready === false ? "False" : "True", lastTransitionTime }],
		},
	} as Pod
}

/** The census of claimed pods at NOW; `nodes` by name, or whole. */
export function census(
	nodes: readonly (string | Node)[],
	pods: readonly Pod[],
	owner: DaemonSet = daemonSet(),
): TakenCensus {
	const whole = nodes.map((each) => (typeof each === "string" ? node(each) : each))
	return takeCensus({ daemonSet: owner, nodes: whole, pods, hash: NEW }, NOW)
}

/** Names instead of handles. */
export function named(
	from: TakenCensus,
	outcome: { readonly create: readonly number[]; readonly remove: readonly number[] },
): { create: readonly string[]; remove: readonly string[] } {
	return {
		create: outcome.create.map(from.nodeName),
		remove: outcome.remove.map((handle) => from.pod(handle).metadata.name),
	}
}
