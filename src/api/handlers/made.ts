import { byCodeUnit, isObject, uuidOf } from "../../base/index.ts"
import type { Cluster } from "../../cluster/index.ts"
import { type KubeObject, keyOf, keyParts, type Node, type ObjectKey, objectKey } from "../../kube/index.ts"
import type { Resource } from "../route/resources.ts"

const LEASES = "kube-node-lease"
const NAMESPACES = ["default", LEASES, "kube-public", "kube-system"]

/** Whether a control plane makes objects of this kind that the cluster does not keep: they follow from others. */
export function isMade({ group, kind }: Pick<Resource, "group" | "kind">): boolean {
	return (group === "" && kind === "Namespace") || (group === "coordination.k8s.io" && kind === "Lease")
}

export function hasNamespace(cluster: Cluster, name: string): boolean {
	return (
		NAMESPACES.includes(name) ||
		cluster.read(objectKey({ group: "", kind: "Namespace", namespace: "", name })) !== undefined
	)
}

/** Such an object, by its name; undefined where a control plane would have none. */
export function madeObject(
	cluster: Cluster,
	resource: Pick<Resource, "group" | "kind">,
	namespace: string,
	name: string,
): KubeObject | undefined {
	if (!isMade(resource)) return undefined
	if (resource.kind === "Namespace") return NAMESPACES.includes(name) ? namespaceObject(cluster, name) : undefined
	if (namespace !== LEASES) return undefined
	const node = cluster.read(objectKey({ group: "", kind: "Node", namespace: "", name }))
	return node === undefined ? undefined : leaseOf(node as Node)
}

/** An object that the cluster keeps, or one that is made. */
export function readAny(cluster: Cluster, key: ObjectKey): KubeObject | undefined {
	return cluster.read(key) ?? madeFor(cluster, key)
}

export function madeFor(cluster: Cluster, key: ObjectKey): KubeObject | undefined {
	const { namespace, name, ...kind } = keyParts(key)
	return madeObject(cluster, kind, namespace, name)
}

export function leaseKey(node: string): ObjectKey {
	return objectKey({ group: "coordination.k8s.io", kind: "Lease", namespace: LEASES, name: node })
}

/** The objects of the cluster together with those that are made, in order. */
export function withMade(
	cluster: Cluster,
	{ kind }: Resource,
	namespace: string,
	stored: Iterable<KubeObject>,
): readonly KubeObject[] {
	const made = kind === "Namespace" ? NAMESPACES.map((name) => namespaceObject(cluster, name)) : []
	const isHere = kind === "Lease" && (namespace === "" || namespace === LEASES)
	const nodes = isHere ? [...cluster.list({ group: "", kind: "Node" })] : []
	const all = [...made, ...nodes.map((node) => leaseOf(node as Node)), ...stored]
	return [...new Map(all.map((object) => [keyOf(object), object])).values()].sort(
		(a, b) =>
			byCodeUnit(a.metadata.namespace ?? "", b.metadata.namespace ?? "") ||
			byCodeUnit(a.metadata.name, b.metadata.name),
	)
}

/** As old as the cluster: as the PriorityClasses that every cluster begins with. */
function namespaceObject(cluster: Cluster, name: string): KubeObject {
	const first = cluster.read("scheduling.k8s.io/PriorityClass//system-node-critical")
	const { creationTimestamp } = first?.metadata ?? {}
	return {
		apiVersion: "v1",
		kind: "Namespace",
		metadata: {
			name,
			uid: uuidOf(cluster.seed, `namespace/${name}`),
			resourceVersion: "1",
			...(creationTimestamp === undefined ? {} : { creationTimestamp }),
			labels: { "kubernetes.io/metadata.name": name },
		},
		spec: { finalizers: ["kubernetes"] },
		status: { phase: "Active" },
	}
}

/** A kubelet renews its lease whenever it tells of its conditions, and more often: what is known is when it did. */
function leaseOf({ metadata, status }: Node): KubeObject {
	const { name, uid = "", resourceVersion = "", creationTimestamp = "" } = metadata
	const ready = (status?.conditions ?? []).find(({ type }) => type === "Ready")
	const heard = isObject(ready) ? ready["lastHeartbeatTime"] : undefined
	return {
		apiVersion: "coordination.k8s.io/v1",
		kind: "Lease",
		metadata: {
			name,
			namespace: LEASES,
			uid: uuidOf(uid, "lease"),
			resourceVersion,
			creationTimestamp,
			ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }],
		},
		spec: {
			holderIdentity: name,
			leaseDurationSeconds: 40,
			...(typeof heard === "string" ? { renewTime: heard.replace(/(\.\d+)?Z$/, ".000000Z") } : {}),
		},
	}
}
