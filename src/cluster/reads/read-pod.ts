import { formatInstant, type JsonObject } from "../../base/index.ts"
import type { DaemonSet, KubeObject, Pod, PodSpec } from "../../kube/index.ts"
import { ownerReference } from "../daemonset/index.ts"
import { type Moment, podStatus, qosOf, Stage, unscheduledStatus } from "../kubelet/index.ts"
import { momentOf } from "../run/kubelet.ts"
import { circumstancesOf, lifeFor } from "../run/lives.ts"
import { nodeName, podName } from "../state/names.ts"
import { Readiness } from "../state/nodes.ts"
import { half, POD_WORDS } from "../state/pods.ts"
import { textOf } from "../state/strings.ts"
import { uidText } from "../state/uids.ts"
import { type Machine, podShapeOf } from "../writes/machine.ts"

/** The whole Pod as the API shows it: its shape, what is its own, and a status made now. */
export function readPod(machine: Machine, row: number): Pod {
	const { state } = machine
	const { pods, strings } = state
	const overlay = pods.overlays.get(row)
	const shape = podShapeOf(machine, row)
	const node = pods.node[row] as number
	const nodeText = node === -1 ? "" : nameOf(machine, node)
	const bound = pods.bound[row] === 1
	const spec = overlay === undefined ? pinned(shape.spec, nodeText) : (overlay["spec"] as PodSpec)
	const deletedAt = pods.deletedAt[half(row)] as number
	const { labels, annotations, finalizers } = shape
	const metadata = overlay?.metadata ?? {
		generateName: textOf(strings, pods.base[row] as number),
		labels,
		...(Object.keys(annotations).length === 0 ? {} : { annotations }),
		...(finalizers.length === 0 ? {} : { finalizers }),
		...ownersOf(machine, row),
	}
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			...metadata,
			name: podName(strings, pods.base[row] as number, pods.number[row] as number),
			namespace: textOf(strings, pods.namespace[row] as number),
			uid: uidText(state, pods.uid[half(row)] as number),
			resourceVersion: String(pods.version[half(row)]),
			generation: 1,
			creationTimestamp: formatInstant(pods.createdAt[half(row)] as number),
			...(deletedAt === 0
				? {}
				: {
						deletionTimestamp: formatInstant(deletedAt + (pods.graceMs[half(row)] as number)),
						deletionGracePeriodSeconds: (pods.graceMs[half(row)] as number) / 1000,
					}),
		},
		spec: { ...spec, ...(bound ? { nodeName: nodeText } : {}) },
		status: statusOf(machine, row),
	} as Pod
}

function statusOf(machine: Machine, row: number): JsonObject {
	const { state } = machine
	const { pods, nodes } = state
	const node = pods.node[row] as number
	if (node === -1 || pods.bound[row] === 0) {
		const message = pods.message[row] as number
		return unscheduledStatus(
			{ qos: qosOf(podShapeOf(machine, row).spec) },
			message === 0 ? undefined : textOf(state.strings, message),
			pods.stageAt[half(row)] as number,
		)
	}
	const message = pods.message[row] as number
	if (pods.stage[row] === Stage.Failed && pods.containersAt[half(row)] === 0 && message !== 0)
		return rejected(textOf(state.strings, message), pods.stageAt[half(row)] as number)
	const moment: Moment = momentOf(state, row)
	if (pods.stage[row] === 0)
		return {
			phase: "Pending",
			conditions: [scheduled(pods.boundAt[half(row)] as number)],
			qosClass: qosOf(podShapeOf(machine, row).spec),
		}
	const containersAt = pods.containersAt[half(row)] as number
	const endedAt = pods.endedAt[half(row)] as number
	const host = addressOf(node)
	return podStatus(lifeFor(machine, row), {
		uid: uidText(state, pods.uid[half(row)] as number),
		name: podName(state.strings, pods.base[row] as number, pods.number[row] as number),
		namespace: textOf(state.strings, pods.namespace[row] as number),
		moment,
		given: circumstancesOf(machine, row),
		now: state.now,
		scheduledAt: pods.boundAt[half(row)] as number,
		since: pods.stageAt[half(row)] as number,
		startedAt: containersAt === 0 ? undefined : containersAt,
		finishedAt: endedAt === 0 ? undefined : endedAt,
		readyChangedAt: pods.readySince[half(row)] as number,
		nodeLost: nodes.ready[node] === Readiness.Unknown,
		hostIP: host,
		podIP: podShapeOf(machine, row).spec.hostNetwork === true ? host : addressOf(row / POD_WORDS + 1_000_000),
	}) as unknown as JsonObject
}

/** K19: what a kubelet says of a pod that it does not take. */
function rejected(text: string, at: number): JsonObject {
	const end = text.indexOf(": ")
	return { phase: "Failed", reason: text.slice(0, end), message: text.slice(end + 2), startTime: formatInstant(at) }
}

function scheduled(at: number): JsonObject {
	return { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: formatInstant(at) }
}

/** An address in 10.0.0.0/8 that tells rows apart. */
export function addressOf(number: number): string {
	const host = number + 257
	return `10.${(host >>> 16) & 255}.${(host >>> 8) & 255}.${host & 255}`
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

function nameOf({ state }: Machine, node: number): string {
	return nodeName(state.strings, state.nodes.base[node] as number, state.nodes.number[node] as number)
}
