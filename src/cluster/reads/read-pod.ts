import { formatInstant, type Instant } from "../../base/index.ts"
import type { DaemonSet, KubeObject, Pod, PodSpec, PodStatus } from "../../kube/index.ts"
import { ownerReference } from "../daemonset/index.ts"
import { nodeName, podName } from "../state/names.ts"
import { half, type PodShape } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textOf } from "../state/strings.ts"
import { uidText } from "../state/uids.ts"
import { type Machine, podShapeOf } from "../writes/machine.ts"
import { readStatus } from "./read-pod-status.ts"

/** The whole Pod as the API shows it: its shape, what is its own, and a status made now. */
export function readPod(machine: Machine, row: number): Pod {
	const { state } = machine
	const { pods } = state
	const own = ownOf(machine, row)
	const status = readStatus(machine, row, own)
	const overlay = pods.overlays.get(row)
	const deletion = deletionOf(state, row)
	if (overlay === undefined) return podOf(podShapeOf(machine, row), ownersOf(machine, row), own, deletion, status)
	const spec = { ...(overlay["spec"] as PodSpec), ...(own.bound ? { nodeName: own.node } : {}) }
	return wholePod(overlay.metadata, own, deletion, spec, status)
}

/** What pods of one shape differ in, beside their statuses. Without a node it is empty; `bound`: `spec.nodeName` is set. */
export type OwnWords = {
	readonly generateName: string
	readonly name: string
	readonly namespace: string
	readonly uid: string
	readonly version: string
	readonly createdAt: Instant
	readonly node: string
	readonly bound: boolean
}

export function ownOf({ state }: Machine, row: number): OwnWords {
	const { pods, strings, nodes } = state
	const node = pods.node[row] as number
	return {
		generateName: textOf(strings, pods.base[row] as number),
		name: podName(strings, pods.base[row] as number, pods.number[row] as number),
		namespace: textOf(strings, pods.namespace[row] as number),
		uid: uidText(state, pods.uid[half(row)] as number),
		version: String(pods.version[half(row)]),
		createdAt: pods.createdAt[half(row)] as number,
		node: node === -1 ? "" : nodeName(strings, nodes.base[node] as number, nodes.number[node] as number),
		bound: pods.bound[row] === 1,
	}
}

type Owners = Pick<KubeObject["metadata"], "ownerReferences">

/** A pod that its shape says all of. */
export function podOf(shape: PodShape, owners: Owners, own: OwnWords, deletion: object, status: PodStatus): Pod {
	const { labels, annotations, finalizers } = shape
	const metadata = {
		generateName: own.generateName,
		labels,
		...(Object.keys(annotations).length === 0 ? {} : { annotations }),
		...(finalizers.length === 0 ? {} : { finalizers }),
		...owners,
	}
	const spec = { ...pinned(shape.spec, own.node), ...(own.bound ? { nodeName: own.node } : {}) }
	return wholePod(metadata, own, deletion, spec, status)
}

function wholePod(metadata: object, own: OwnWords, deletion: object, spec: PodSpec, status: PodStatus): Pod {
	const { name, namespace, uid, version, createdAt } = own
	const creationTimestamp = formatInstant(createdAt)
	const identity = { name, namespace, uid, resourceVersion: version, generation: 1, creationTimestamp }
	return { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, ...identity, ...deletion }, spec, status } as Pod
}

function deletionOf({ pods }: State, row: number): object {
	const deletedAt = pods.deletedAt[half(row)] as number
	const graceMs = pods.graceMs[half(row)] as number
	if (deletedAt === 0) return {}
	const deletionTimestamp = formatInstant(deletedAt + graceMs)
	return { generation: 2, deletionTimestamp, deletionGracePeriodSeconds: graceMs / 1000 }
}

/** The reference to the DaemonSet that made the pod; also to one that is gone by now. */
export function ownersOf({ state }: Machine, row: number): Pick<KubeObject["metadata"], "ownerReferences"> {
	const owner = state.daemonSets[state.pods.owner[row] as number]
	if (owner === undefined) return {}
	const daemonSet = state.objects.get(owner.key) as DaemonSet | undefined
	if (daemonSet !== undefined && daemonSet.metadata.uid === owner.uid)
		return { ownerReferences: [ownerReference(daemonSet)] }
	const metadata = { name: textOf(state.strings, owner.name), uid: owner.uid }
	return { ownerReferences: [ownerReference({ metadata } as DaemonSet)] }
}

// P6: the pin stands in place of the template's required terms.
function pinned(spec: PodSpec, node: string): PodSpec {
	if (node === "") return spec
	const pin = { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }] }
	const nodeAffinity = { ...spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: pin }
	return { ...spec, affinity: { ...spec.affinity, nodeAffinity } }
}
