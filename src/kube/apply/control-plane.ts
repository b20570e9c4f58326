import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"
import { shapeOf } from "../schema/facts-reader.ts"
import { difference, everyField, type FieldSet, givenFields, union } from "./field-set.ts"
import { contentOf } from "./managed-fields.ts"
import { type Managed, managersOf, withManagers } from "./managers.ts"

const CONTROLLERS = "kube-controller-manager"
const KUBELET = "kubelet"
const SCHEDULER = "kube-scheduler"

/**
 * A14: a Pod or a Node with what the control plane owns of it. Rows keep none of that: it follows from the object, until
 * another hand writes it, and of the status also then. Other objects are as they are.
 */
export function withControlPlane(object: KubeObject): KubeObject {
	const { apiVersion, kind } = object
	if (apiVersion !== "v1" || (kind !== "Pod" && kind !== "Node")) return object
	const kept = managersOf(object).filter((entry) => entry.manager !== KUBELET || entry.subresource === undefined)
	const made = kept.length > 0 ? kept : kind === "Pod" ? makersOfPod(object) : makersOfNode(object)
	return withManagers(object, [...made, ...tellersOf(object)])
}

/** What a controller made of a template; what admission and the scheduler add is nobody's. */
function makersOfPod(pod: KubeObject): readonly Managed[] {
	const spec = (isObject(pod["spec"]) ? pod["spec"] : {}) as JsonObject
	const { containers = [] } = spec
	const known = specs.get(containers as readonly Json[])
	const fields = known ?? addedFields(pod, { spec: madeSpec(spec) })
	if (known === undefined) specs.set(containers as readonly Json[], fields)
	const { metadata = {} } = contentOf({ ...pod, status: {} })
	return [entryBy(CONTROLLERS, pod, union(fields, addedFields(pod, { metadata })))]
}

/** By containers, which the pods of one template share: what else their specs say has the same members. */
const specs = new WeakMap<readonly Json[], FieldSet>()

function madeSpec({
	nodeName: _node,
	priority: _priority,
	preemptionPolicy: _policy,
	...spec
}: JsonObject): JsonObject {
	const { serviceAccountName, serviceAccount: _account, ...made } = spec
	return serviceAccountName === "default" ? made : spec
}

/** A kubelet registers its node; controllers give it addresses for pods, and taints. */
function makersOfNode(node: KubeObject): readonly Managed[] {
	const { podCIDR, podCIDRs, taints, ...own } = (isObject(node["spec"]) ? node["spec"] : {}) as JsonObject
	const { labels, annotations } = node.metadata
	return [
		entryBy(KUBELET, node, addedFields(node, { metadata: present({ labels, annotations }), spec: own })),
		entryBy(CONTROLLERS, node, addedFields(node, { spec: present({ podCIDR, podCIDRs, taints }) })),
	]
}

function present(members: Readonly<Record<string, Json | undefined>>): JsonObject {
	return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject
}

/** Of what is there the fields that the server does not show of nothing. */
function addedFields({ apiVersion, kind }: KubeObject, content: JsonObject): FieldSet {
	const shape = shapeOf(apiVersion, kind)
	return difference(everyField(shape, content), givenFields(shape))
}

function entryBy(manager: string, { apiVersion, metadata }: KubeObject, fields: FieldSet): Managed {
	const { creationTimestamp: time } = metadata
	return { manager, operation: "Update", apiVersion, ...(time && { time }), fields: { ...fields, self: false } }
}

/** What a kubelet says of its node, or of a pod from its start on; before that the scheduler has a word. */
function tellersOf(object: KubeObject): readonly Managed[] {
	const { qosClass: _class, ...status } = (isObject(object["status"]) ? object["status"] : {}) as JsonObject
	const { conditions: _conditions, ...rest } = status
	const conditions = conditionsIn(status)
	const scheduled = conditions.find((each) => each["type"] === "PodScheduled")
	if (object.kind === "Pod" && status["startTime"] === undefined) {
		return scheduled?.["status"] === "False" ? [statusEntry(SCHEDULER, object, { conditions: [scheduled] })] : []
	}
	const own = conditions.filter((each) => each !== scheduled)
	return [statusEntry(KUBELET, object, own.length === 0 ? rest : { ...rest, conditions: own })]
}

function statusEntry(manager: string, object: KubeObject, status: JsonObject): Managed {
	const { apiVersion, kind } = object
	const { children = new Map() } = everyField(shapeOf(apiVersion, kind), { status }).children.get("f:status") ?? {}
	const conditions = children.get("f:conditions")
	// A pod's first condition is there before its kubelet has a word.
	const told: ReadonlyMap<string, FieldSet> =
		conditions === undefined || manager !== KUBELET
			? children
			: new Map([...children, ["f:conditions", { ...conditions, self: false }]])
	const times = conditionsIn(status).flatMap((each) => [each["lastHeartbeatTime"], each["lastTransitionTime"]])
	const time = [...times, status["startTime"]]
		.filter((each) => typeof each === "string")
		.sort()
		.at(-1)
	const fields: FieldSet = { self: false, children: new Map([["f:status", { self: false, children: told }]]) }
	return { manager, operation: "Update", apiVersion, subresource: "status", ...(time && { time }), fields }
}

function conditionsIn({ conditions }: JsonObject): readonly JsonObject[] {
	return Array.isArray(conditions) ? (conditions as readonly Json[]).filter(isObject) : []
}
