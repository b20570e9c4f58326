import type { DaemonSet, KubeObject } from "../kube/index.ts"
import type { RevisionRef } from "./contract.ts"

const CHANGE_CAUSE = "kubernetes.io/change-cause"

/** The part of a DaemonSet that rollouts are about: what people set, without what the cluster adds. */
export function specOf(object: KubeObject | undefined): DaemonSet | undefined {
	if (object === undefined) return undefined
	const { apiVersion, kind, metadata, spec } = object as DaemonSet
	const { name, namespace, annotations } = metadata
	const changeCause = annotations?.[CHANGE_CAUSE]
	const kept = changeCause === undefined ? {} : { annotations: { [CHANGE_CAUSE]: changeCause } }
	return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }), ...kept }, spec }
}

export function describe(object: DaemonSet | undefined): Pick<RevisionRef, "images" | "changeCause"> {
	const images = object?.spec.template.spec.containers.map((container) => container.image ?? "") ?? []
	const changeCause = object?.metadata.annotations?.[CHANGE_CAUSE]
	return { images, ...(changeCause !== undefined && { changeCause }) }
}
