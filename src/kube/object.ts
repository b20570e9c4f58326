import type { Json, JsonObject } from "../base/index.ts"

/** Any Kubernetes object: frozen plain JSON. A change is a new object. */
export type KubeObject = {
	readonly apiVersion: string
	readonly kind: string
	readonly metadata: ObjectMeta
	readonly [member: string]: Json
}

export type StringMap = { readonly [key: string]: string }

export type ObjectMeta = {
	readonly name: string
	readonly namespace?: string
	readonly generateName?: string
	readonly uid?: string
	readonly resourceVersion?: string
	readonly generation?: number
	readonly creationTimestamp?: string
	readonly deletionTimestamp?: string
	readonly deletionGracePeriodSeconds?: number
	readonly labels?: StringMap
	readonly annotations?: StringMap
	readonly finalizers?: readonly string[]
	readonly ownerReferences?: readonly OwnerReference[]
	readonly managedFields?: readonly JsonObject[]
}

export type OwnerReference = {
	readonly apiVersion: string
	readonly kind: string
	readonly name: string
	readonly uid: string
	readonly controller?: boolean
	readonly blockOwnerDeletion?: boolean
}

/**
 * What makes an object the same object, whatever file or version of its group it stands in:
 * `group/Kind/namespace/name`, with empty parts left empty: `apps/DaemonSet/kube-system/fluentd`, `/Node//worker-1`.
 */
export type ObjectKey = string

export type KeyParts = {
	readonly group: string
	readonly kind: string
	readonly namespace: string
	readonly name: string
}

export function objectKey(parts: KeyParts): ObjectKey {
	return `${parts.group}/${parts.kind}/${parts.namespace}/${parts.name}`
}

export function keyParts(key: ObjectKey): KeyParts {
	const [group = "", kind = "", namespace = "", ...name] = key.split("/")
	return { group, kind, namespace, name: name.join("/") }
}

/** The object as people name it: `DaemonSet kube-system/fluentd`, `Node n1`. */
export function sayKey(key: ObjectKey): string {
	const { kind, namespace, name } = keyParts(key)
	return `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`
}

/** The group of an `apiVersion`: `apps` of `apps/v1`, and nothing of `v1`. */
export function groupOf(apiVersion: string): string {
	const slash = apiVersion.indexOf("/")
	return slash < 0 ? "" : apiVersion.slice(0, slash)
}

/** The key of an object as it stands; `extensions` counts as `apps` (a DaemonSet that changes its group stays itself). */
export function keyOf(object: KubeObject): ObjectKey {
	const group = groupOf(object.apiVersion)
	return objectKey({
		group: group === "extensions" && object.kind === "DaemonSet" ? "apps" : group,
		kind: object.kind,
		namespace: object.metadata.namespace ?? "",
		name: object.metadata.name,
	})
}

/** On a Namespace that no manifest defines: made because an object needed it. */
export const IMPLIED_ANNOTATION = "rollcall.dev/implied"
