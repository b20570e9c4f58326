import type { Json } from "../../base/index.ts"
import type { Affinity, DaemonSet, OwnerReference, PodSpec, StringMap } from "../../kube/index.ts"
import { GENERATION_ANNOTATION, GENERATION_LABEL, HASH_LABEL } from "./names.ts"
import { daemonTolerations } from "./tolerations.ts"

/** What the controller sends to the API for one node: everything but the name, which `generateName` begins. */
export type DaemonPod = {
	readonly apiVersion: "v1"
	readonly kind: "Pod"
	readonly metadata: {
		readonly generateName: string
		readonly namespace: string
		readonly labels: StringMap
		readonly annotations?: StringMap
		readonly finalizers?: readonly string[]
		readonly ownerReferences: readonly OwnerReference[]
	}
	readonly spec: PodSpec
}

/** P5, P6, P7: the pod that belongs on `nodeName`. The scheduler binds it; only a template's own nodeName is set. */
export function daemonPod(daemonSet: DaemonSet, hash: string, nodeName: string): DaemonPod {
	const { template } = daemonSet.spec
	const { annotations, finalizers } = template.metadata ?? {}
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			generateName: generateName(daemonSet.metadata.name),
			namespace: daemonSet.metadata.namespace ?? "",
			labels: daemonPodLabels(daemonSet, hash),
			...(annotations === undefined ? {} : { annotations }),
			...(finalizers === undefined ? {} : { finalizers }),
			ownerReferences: [ownerReference(daemonSet)],
		},
		spec: {
			...template.spec,
			affinity: pinned(template.spec.affinity, nodeName),
			tolerations: daemonTolerations(template.spec),
		},
	}
}

/** P7: the template's labels, the hash label above them, the generation label where its annotation parses. */
export function daemonPodLabels(daemonSet: DaemonSet, hash: string): StringMap {
	const generation = templateGeneration(daemonSet)
	return {
		...daemonSet.spec.template.metadata?.labels,
		...(generation === undefined ? {} : { [GENERATION_LABEL]: generation }),
		[HASH_LABEL]: hash,
	}
}

/** The deprecated annotation as the label spells it; undefined where it is missing or no 64-bit integer. */
export function templateGeneration(daemonSet: DaemonSet): string | undefined {
	const { annotations } = daemonSet.metadata
	const text =
		annotations !== undefined && Object.hasOwn(annotations, GENERATION_ANNOTATION)
			? annotations[GENERATION_ANNOTATION]
			: undefined
	if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined
	const generation = BigInt(text.replace(/^\+/, ""))
	return BigInt.asIntN(64, generation) === generation ? generation.toString() : undefined
}

/** R3: the pod is of the current template by its hash, or by its template generation. */
export function isUpdated(labels: StringMap | undefined, hash: string, generation: string | undefined): boolean {
	if (labels === undefined) return false
	if (hash !== "" && labels[HASH_LABEL] === hash) return true
	return generation !== undefined && labels[GENERATION_LABEL] === generation
}

/** The reference by which a DaemonSet owns pods and revisions. */
export function ownerReference({ metadata }: DaemonSet): OwnerReference {
	return {
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		name: metadata.name,
		uid: metadata.uid ?? "",
		controller: true,
		blockOwnerDeletion: true,
	}
}

// A name as long as names may be leaves no room for the dash.
function generateName(name: string): string {
	return name.length < 253 ? `${name}-` : name
}

// P6: the required terms are replaced by the node's name; all else stays.
function pinned(affinity: Affinity | undefined, nodeName: string): Affinity {
	const pin: Json = {
		nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [nodeName] }] }],
	}
	return {
		...affinity,
		nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: pin },
	}
}
