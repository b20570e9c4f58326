import { isObject, type Json, type JsonObject } from "../base/index.ts"
import type { KubeObject } from "../kube/index.ts"

/** Metadata that says how an object came about, not what it is. */
const HISTORY: ReadonlySet<string> = new Set([
	"creationTimestamp",
	"generation",
	"managedFields",
	"resourceVersion",
	"selfLink",
	"uid",
])
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
const OWN_POD_FIELDS = [
	"nodeName",
	"nodeSelector",
	"hostNetwork",
	"overhead",
	"preemptionPolicy",
	"priority",
	"priorityClassName",
	"resources",
	"schedulerName",
	"terminationGracePeriodSeconds",
	"tolerations",
]

/** A Node as a file would describe it: of its status what it has, what machine it is and Ready are left. */
export function nodeOf(object: KubeObject): KubeObject {
	const status = isObject(object["status"]) ? object["status"] : {}
	const conditions = listOf(status["conditions"]).filter((condition) => condition["type"] === "Ready")
	const ready = conditions.map((condition) => pick(condition, ["type", "status", "reason", "message"]))
	const left = {
		...pick(status, ["capacity", "allocatable", "daemonEndpoints", "nodeInfo"]),
		...(ready.length > 0 ? { conditions: ready } : {}),
	}
	const { metadata, spec, ...rest } = object
	const identity = { apiVersion: rest.apiVersion, kind: rest.kind, metadata: withoutHistory(metadata) }
	return { ...identity, ...(isObject(spec) ? { spec } : {}), ...(Object.keys(left).length > 0 ? { status: left } : {}) }
}

/** A Pod as far as it fills its node: what it asks for, where it is, whose it is. */
export function podOf(object: KubeObject): KubeObject {
	const spec = isObject(object["spec"]) ? object["spec"] : {}
	const { annotations: _, ...metadata } = withoutHistory(object.metadata)
	const status = isObject(object["status"]) ? pick(object["status"], ["phase"]) : {}
	const initContainers = listOf(spec["initContainers"]).map(containerOf)
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: metadata as KubeObject["metadata"],
		spec: {
			...pick(spec, OWN_POD_FIELDS),
			containers: listOf(spec["containers"]).map(containerOf),
			...(initContainers.length > 0 ? { initContainers } : {}),
		},
		...(Object.keys(status).length > 0 ? { status } : {}),
	}
}

/** True for a Pod that has ended and holds nothing of its node any more. */
export function hasEnded(pod: KubeObject): boolean {
	const phase = isObject(pod["status"]) ? pod["status"]["phase"] : undefined
	return phase === "Succeeded" || phase === "Failed"
}

function containerOf(container: JsonObject): JsonObject {
	const ports = listOf(container["ports"]).filter((port) => port["hostPort"] !== undefined)
	return { ...pick(container, ["name", "image", "resources", "restartPolicy"]), ...(ports.length > 0 ? { ports } : {}) }
}

function withoutHistory(metadata: KubeObject["metadata"]): KubeObject["metadata"] {
	const left = Object.fromEntries(Object.entries(metadata).filter(([member]) => !HISTORY.has(member)))
	const annotations = left["annotations"]
	if (!isObject(annotations)) return left as KubeObject["metadata"]
	const others = Object.entries(annotations as JsonObject).filter(([name]) => name !== LAST_APPLIED)
	return { ...left, annotations: Object.fromEntries(others) } as KubeObject["metadata"]
}

function pick(from: JsonObject, members: readonly string[]): JsonObject {
	return Object.fromEntries(members.flatMap((member) => (from[member] === undefined ? [] : [[member, from[member]]])))
}

function listOf(value: Json | undefined): readonly JsonObject[] {
	return Array.isArray(value) ? value.filter(isObject) : []
}
