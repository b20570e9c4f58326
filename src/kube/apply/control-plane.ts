import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"
import { shapeOf } from "../schema/facts-reader.ts"
import { everyField, type FieldSet } from "./field-set.ts"
import { type Managed, managersOf, updateManaged, withManagers } from "./managed-fields.ts"

const CONTROLLERS = "kube-controller-manager"
const STATUS = { manager: "kubelet", operation: "Update", apiVersion: "v1", subresource: "status" } as const

/**
 * A14: a Pod or a Node with what the control plane owns of it. Rows keep none of that: it follows from the object, until
 * another hand writes it, and of the status also then. Other objects are as they are.
 */
export function withControlPlane(object: KubeObject): KubeObject {
	const { apiVersion, kind } = object
	if (apiVersion !== "v1" || (kind !== "Pod" && kind !== "Node")) return object
	const kept = managersOf(object).filter((entry) => entry.manager !== STATUS.manager || entry.subresource === undefined)
	const made = kept.length > 0 ? kept : kind === "Pod" ? makersOfPod(object) : makersOfNode(object)
	return withManagers(object, [...made, ...kubeletsOf(object)])
}

/** What a controller made of a template; what admission and the scheduler add is nobody's. */
function makersOfPod({ spec, status: _status, ...object }: KubeObject): readonly Managed[] {
	const { nodeName: _node, priority: _priority, preemptionPolicy: _policy, ...rest } = isObject(spec) ? spec : {}
	const { serviceAccountName, serviceAccount: _account, ...others } = rest as JsonObject
	const made = serviceAccountName === "default" ? others : rest
	return managersOf(updateManaged(undefined, { ...object, spec: made }, writerOf(object, CONTROLLERS)))
}

/** A kubelet registers its node; controllers give it addresses for pods, and taints. */
function makersOfNode({ apiVersion, kind, metadata, spec }: KubeObject): readonly Managed[] {
	const { podCIDR, podCIDRs, taints, ...own } = isObject(spec) ? spec : {}
	const given = Object.entries({ podCIDR, podCIDRs, taints }).filter(([, value]) => value !== undefined)
	const { labels, annotations, name, creationTimestamp } = metadata
	const registered = {
		...{ apiVersion, kind, spec: own },
		metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
	}
	const controlled = { apiVersion, kind, metadata: { name }, spec: Object.fromEntries(given) as JsonObject }
	const object = { metadata: { name, ...(creationTimestamp && { creationTimestamp }) } }
	return [
		...managersOf(updateManaged(undefined, registered, writerOf(object, STATUS.manager))),
		...(given.length === 0 ? [] : managersOf(updateManaged(undefined, controlled, writerOf(object, CONTROLLERS)))),
	]
}

/** What a kubelet says of its node, or of a pod from its start on; before that the scheduler has a word. */
function kubeletsOf(object: KubeObject): readonly Managed[] {
	const { qosClass: _class, ...status } = (isObject(object["status"]) ? object["status"] : {}) as JsonObject
	const conditions = Array.isArray(status["conditions"]) ? (status["conditions"] as readonly Json[]) : []
	const scheduled = conditions.find((each) => isObject(each) && each["type"] === "PodScheduled")
	const isPod = object.kind === "Pod"
	if (isPod && status["startTime"] === undefined) {
		if (!isObject(scheduled) || scheduled["status"] !== "False") return []
		return [entryOf(object, { conditions: [scheduled] }, "kube-scheduler")]
	}
	const own = conditions.filter((each) => each !== scheduled)
	return [entryOf(object, own.length === 0 ? status : { ...status, conditions: own }, STATUS.manager)]
}

function entryOf(object: KubeObject, status: JsonObject, manager: string): Managed {
	const shape = shapeOf(object.apiVersion, object.kind)
	const whole = everyField(shape, { status })
	const inside = whole.children.get("f:status")?.children ?? new Map<string, FieldSet>()
	// The server shows the status, and a pod's first condition, before a kubelet has a word.
	const children = [...inside].map(([name, set]): [string, FieldSet] =>
		name === "f:conditions" && manager === STATUS.manager ? [name, { ...set, self: false }] : [name, set],
	)
	const fields: FieldSet = {
		self: false,
		children: new Map([["f:status", { self: false, children: new Map(children) }]]),
	}
	const time = lastTime(status)
	return { ...STATUS, manager, ...(time === "" ? {} : { time }), fields }
}

/** The newest moment that the status names. */
function lastTime(status: JsonObject): string {
	const conditions = Array.isArray(status["conditions"]) ? (status["conditions"] as readonly Json[]) : []
	const times = conditions.flatMap((each) =>
		isObject(each) ? [each["lastHeartbeatTime"], each["lastTransitionTime"]] : [],
	)
	const texts = [...times, status["startTime"]].filter((time) => typeof time === "string")
	return texts.sort().at(-1) ?? ""
}

function writerOf({ metadata }: Pick<KubeObject, "metadata">, manager: string) {
	return { manager, time: metadata.creationTimestamp ?? "" }
}
