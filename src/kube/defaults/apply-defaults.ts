import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import { decode } from "../decode.ts"
import { groupOf, type KubeObject } from "../object.ts"
import { podSpecDefaults, roundedToMilli, withEach, withMember, withMissing } from "./pod.ts"
import { WORKLOAD_DEFAULTS } from "./workloads.ts"

type Defaults = (object: JsonObject) => JsonObject

const BY_KIND: ReadonlyMap<string, Defaults> = new Map([
	["apps/DaemonSet", daemonSetDefaults],
	["/Pod", podDefaults],
	["/Node", nodeDefaults],
	["/Namespace", namespaceDefaults],
	["/Service", serviceDefaults],
	["/Secret", (object) => withMissing(object, { type: "Opaque" })],
	["/PersistentVolume", volumeDefaults],
	["/PersistentVolumeClaim", claimDefaults],
	[
		"storage.k8s.io/StorageClass",
		(object) => withMissing(object, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
	],
	["networking.k8s.io/NetworkPolicy", networkPolicyDefaults],
	...WORKLOAD_DEFAULTS,
	["apiextensions.k8s.io/CustomResourceDefinition", definitionDefaults],
	["scheduling.k8s.io/PriorityClass", (object) => withMissing(object, { preemptionPolicy: "PreemptLowerPriority" })],
])

/**
 * A4: the object as the server stores it: read by its types, with the defaults of its kind. Doing it twice changes
 * nothing. What the server assigns (uid, times, generation) is `prepareCreate`'s and the cluster's.
 */
export function applyDefaults(object: KubeObject): KubeObject {
	const read = decode(object).object
	const defaults = BY_KIND.get(`${groupOf(object.apiVersion)}/${object.kind}`)
	return (defaults === undefined ? read : defaults(read)) as KubeObject
}

function daemonSetDefaults(object: JsonObject): JsonObject {
	return withMember(object, "spec", (spec) => {
		const filled = withMissing(spec, { revisionHistoryLimit: 10, updateStrategy: {}, template: {} })
		const strategy = withMember(filled, "updateStrategy", strategyDefaults)
		return withMember(strategy, "template", (template) =>
			withMember(withMissing(template, { spec: {} }), "spec", podSpecDefaults),
		)
	})
}

/** The server's own type has no absent numbers: beside OnDelete, what is missing reads as 0. */
function strategyDefaults(strategy: JsonObject): JsonObject {
	const typed = withMissing(strategy, { type: "RollingUpdate" })
	const rolling = typed["type"] === "RollingUpdate"
	const filled = rolling ? withMissing(typed, { rollingUpdate: {} }) : typed
	return withMember(filled, "rollingUpdate", (numbers) =>
		withMissing(numbers, { maxUnavailable: rolling ? 1 : 0, maxSurge: 0 }),
	)
}

function podDefaults(object: JsonObject): JsonObject {
	return withMember(object, "spec", (spec) => {
		let result = withMissing(podSpecDefaults(spec), { enableServiceLinks: true })
		const onHost = result["hostNetwork"] === true
		for (const containers of ["containers", "initContainers"]) {
			result = withEach(result, containers, (container) => {
				const requested = withMember(container, "resources", requestsFromLimits)
				return onHost ? withEach(requested, "ports", hostPort) : requested
			})
		}
		return result
	})
}

function requestsFromLimits(resources: JsonObject): JsonObject {
	const { limits, requests } = resources
	if (!isObject(limits)) return resources
	return { ...resources, requests: withMissing(isObject(requests) ? requests : {}, limits) }
}

function hostPort(port: JsonObject): JsonObject {
	const { containerPort } = port
	return containerPort === undefined ? port : withMissing(port, { hostPort: containerPort })
}

function nodeDefaults(object: JsonObject): JsonObject {
	const spec = withMember(object, "spec", (node) => {
		const { podCIDR, podCIDRs } = node
		const listed: Json | undefined = Array.isArray(podCIDRs) ? podCIDRs[0] : undefined
		if (podCIDR === undefined) return listed === undefined ? node : { ...node, podCIDR: listed }
		return listed === podCIDR ? node : { ...node, podCIDRs: [podCIDR] }
	})
	return withMember(spec, "status", (status) => {
		const rounded = withMember(withMember(status, "capacity", roundedToMilli), "allocatable", roundedToMilli)
		const { capacity } = rounded
		const filled = capacity === undefined ? rounded : withMissing(rounded, { allocatable: capacity })
		return withEach(filled, "images", (image) => withMissing(image, { names: null }))
	})
}

function namespaceDefaults(object: JsonObject): JsonObject {
	const metadata = isObject(object["metadata"]) ? object["metadata"] : {}
	const labels = isObject(metadata["labels"]) ? metadata["labels"] : {}
	const { name } = metadata
	const named =
		name === undefined
			? object
			: { ...object, metadata: { ...metadata, labels: { ...labels, "kubernetes.io/metadata.name": name } } }
	const spec = withMember(withMissing(named, { spec: {} }), "spec", (value) =>
		withMissing(value, { finalizers: ["kubernetes"] }),
	)
	return withMember(withMissing(spec, { status: {} }), "status", (status) => withMissing(status, { phase: "Active" }))
}

function serviceDefaults(object: JsonObject): JsonObject {
	return withMember(object, "spec", (spec) => {
		const typed = withMissing(spec, { sessionAffinity: "None", type: "ClusterIP" })
		const { type, sessionAffinity } = typed
		const outside = type === "NodePort" || type === "LoadBalancer"
		const filled = withMissing(typed, {
			...(type === "ExternalName" ? {} : { internalTrafficPolicy: "Cluster" }),
			...(outside ? { externalTrafficPolicy: "Cluster" } : {}),
			...(type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
			...(sessionAffinity === "ClientIP" ? { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } } : {}),
		})
		return withEach(filled, "ports", (port) =>
			withMissing(port, { protocol: "TCP", ...(port["port"] === undefined ? {} : { targetPort: port["port"] }) }),
		)
	})
}

function definitionDefaults(object: JsonObject): JsonObject {
	return withMember(object, "spec", (spec) => {
		const { names } = spec
		const kind = isObject(names) ? names["kind"] : undefined
		const filled = withMissing(spec, { conversion: { strategy: "None" } })
		if (typeof kind !== "string") return filled
		return withMember(filled, "names", (given) =>
			withMissing(given, { singular: kind.toLowerCase(), listKind: `${kind}List` }),
		)
	})
}

function volumeDefaults(object: JsonObject): JsonObject {
	const kept = { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" }
	return pending(withMember(object, "spec", (spec) => withMissing(spec, kept)))
}

function claimDefaults(object: JsonObject): JsonObject {
	return pending(withMember(object, "spec", (spec) => withMissing(spec, { volumeMode: "Filesystem" })))
}

function pending(object: JsonObject): JsonObject {
	return withMember(withMissing(object, { status: {} }), "status", (status) =>
		withMissing(status, { phase: "Pending" }),
	)
}

function networkPolicyDefaults(object: JsonObject): JsonObject {
	return withMember(object, "spec", (spec) => {
		const { egress } = spec
		const isOutside = Array.isArray(egress) && egress.length > 0
		return withMissing(spec, { policyTypes: isOutside ? ["Ingress", "Egress"] : ["Ingress"] })
	})
}
