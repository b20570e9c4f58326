import { byCodeUnit, isObject, uuidOf } from "../../base/index.ts"
import type { Cluster, ListQuery } from "../../cluster/index.ts"
import { type KubeObject, keyParts, type Node, type ObjectKey, objectKey } from "../../kube/index.ts"
import type { Resource } from "../route/resources.ts"

const LEASES = "kube-node-lease"
const NAMESPACES = ["default", LEASES, "kube-public", "kube-system"]

/** By kind: the objects that a control plane makes and the cluster does not keep, in order; no fewer than are asked for. */
const MADE: { readonly [kind: string]: (cluster: Cluster, query: Query) => Iterable<KubeObject> } = {
	"/Namespace": (cluster) => NAMESPACES.map((name) => namespaceObject(cluster, name)),
	"/Service": (cluster, { namespace }) => (isOf(namespace, "default") ? [apiService(cluster)] : []),
	"/ServiceAccount": (cluster, { namespace }) =>
		namespacesOf(cluster)
			.filter((name) => isOf(namespace, name))
			.map((name) => serviceAccount(cluster, name)),
	"coordination.k8s.io/Lease": (cluster, query) => (isOf(query.namespace, LEASES) ? leases(cluster, query) : []),
}

type Query = Pick<ListQuery, "namespace" | "after">
type KindName = Pick<Resource, "group" | "kind">

/** Such an object, by its name; undefined where a control plane would have none. */
export function madeObject(
	cluster: Cluster,
	resource: KindName,
	namespace: string,
	name: string,
): KubeObject | undefined {
	if (resource.kind !== "Lease")
		return [...madeIn(cluster, resource, { namespace })].find(({ metadata }) => metadata.name === name)
	if (resource.group !== "coordination.k8s.io" || namespace !== LEASES) return undefined
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

/** The objects of the cluster, which are in order, together with those that are made; what is stored goes before. */
export function* withMade(
	cluster: Cluster,
	resource: Resource,
	query: Query,
	stored: Iterable<KubeObject>,
): Generator<KubeObject> {
	const made = madeIn(cluster, resource, query)
	let next = made.next()
	for (const object of stored) {
		for (; next.done !== true && byPlace(next.value, object) <= 0; next = made.next()) {
			if (byPlace(next.value, object) < 0) yield next.value
		}
		yield object
	}
	for (; next.done !== true; next = made.next()) yield next.value
}

export function isMade({ group, kind }: KindName): boolean {
	return Object.hasOwn(MADE, `${group}/${kind}`)
}

export function hasNamespace(cluster: Cluster, name: string): boolean {
	return (
		NAMESPACES.includes(name) ||
		cluster.read(objectKey({ group: "", kind: "Namespace", namespace: "", name })) !== undefined
	)
}

function* madeIn(cluster: Cluster, { group, kind }: KindName, query: Query): Generator<KubeObject> {
	const name = `${group}/${kind}`
	const { after } = query
	for (const object of (Object.hasOwn(MADE, name) && MADE[name]?.(cluster, query)) || []) {
		if (after === undefined || byPlace(object, { metadata: after }) > 0) yield object
	}
}

/** One for each node; a page begins with that of its first node. */
function* leases(cluster: Cluster, { after }: Query): Generator<KubeObject> {
	const from = after?.namespace === LEASES ? { after: { namespace: "", name: after.name } } : {}
	for (const node of cluster.list({ group: "", kind: "Node", ...from })) yield leaseOf(node as Node)
}

type Placed = { readonly metadata: { readonly namespace?: string; readonly name: string } }

function byPlace({ metadata: a }: Placed, { metadata: b }: Placed): number {
	return byCodeUnit(a.namespace ?? "", b.namespace ?? "") || byCodeUnit(a.name, b.name)
}

/** `namespace`: the one that is asked for; all where there is none. */
function isOf(namespace: string | undefined, name: string): boolean {
	return namespace === undefined || namespace === "" || namespace === name
}

function namespacesOf(cluster: Cluster): readonly string[] {
	const stored = [...cluster.list({ group: "", kind: "Namespace" })].map(({ metadata }) => metadata.name)
	return [...new Set([...NAMESPACES, ...stored])].sort(byCodeUnit)
}

function namespaceObject(cluster: Cluster, name: string): KubeObject {
	return {
		apiVersion: "v1",
		kind: "Namespace",
		metadata: { name, ...born(cluster, `namespace/${name}`), labels: { "kubernetes.io/metadata.name": name } },
		spec: { finalizers: ["kubernetes"] },
		status: { phase: "Active" },
	}
}

/** How pods would reach the API. */
function apiService(cluster: Cluster): KubeObject {
	return {
		apiVersion: "v1",
		kind: "Service",
		metadata: {
			name: "kubernetes",
			namespace: "default",
			...born(cluster, "service/kubernetes"),
			labels: { component: "apiserver", provider: "kubernetes" },
		},
		spec: {
			clusterIP: "10.96.0.1",
			clusterIPs: ["10.96.0.1"],
			internalTrafficPolicy: "Cluster",
			ipFamilies: ["IPv4"],
			ipFamilyPolicy: "SingleStack",
			ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }],
			sessionAffinity: "None",
			type: "ClusterIP",
		},
		status: { loadBalancer: {} },
	}
}

/** What every pod runs as that names no other. */
function serviceAccount(cluster: Cluster, namespace: string): KubeObject {
	const metadata = { name: "default", namespace, ...born(cluster, `serviceaccount/${namespace}`) }
	return { apiVersion: "v1", kind: "ServiceAccount", metadata }
}

/** As old as the cluster: as the PriorityClasses that every cluster begins with. */
function born(cluster: Cluster, what: string) {
	const { creationTimestamp } = cluster.read("scheduling.k8s.io/PriorityClass//system-node-critical")?.metadata ?? {}
	return {
		uid: uuidOf(cluster.seed, what),
		resourceVersion: "1",
		...(creationTimestamp === undefined ? {} : { creationTimestamp }),
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
