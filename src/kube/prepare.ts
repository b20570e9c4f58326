import { isObject, type Json, type JsonObject, jsonEqual } from "../base/index.ts"
import { applyDefaults } from "./defaults/apply-defaults.ts"
import { findKind } from "./kinds.ts"
import { groupOf, type KubeObject, type ObjectMeta } from "./object.ts"

export const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
const NOT_READY: JsonObject = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }
const NO_GENERATION = new Set([
	"",
	"rbac.authorization.k8s.io",
	"storage.k8s.io",
	"coordination.k8s.io",
	"events.k8s.io",
])
const NO_STATUS = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }

/**
 * A7: a new object as the server stores it: defaults, generation 1 where the kind has one, no namespace where it has
 * none; a DaemonSet without status and with its template's generation; a Node with the not-ready taint (N8). Uid,
 * times and a generated name are the cluster's.
 */
export function prepareCreate(object: KubeObject): KubeObject {
	const stored = withoutDeletion(applyDefaults(withoutNamespace(object)))
	const counted = hasGeneration(stored) ? withMetadata(stored, { generation: 1 }) : stored
	if (isDaemonSet(counted)) {
		const generation = Math.max(1, templateGeneration(counted.metadata))
		return { ...withTemplateGeneration(counted, generation), status: NO_STATUS }
	}
	return counted.kind === "Node" && counted.apiVersion === "v1" ? withNotReadyTaint(counted) : counted
}

/** Which half of an object a write may change; a commit's may change both, because git describes nodes whole. */
export type WrittenPart = "spec" | "status" | "both"

/**
 * A8: the next state of a stored object: what the server keeps (identity, times, the half that is not written) stays,
 * and a changed spec raises the generation, a changed template also the template's.
 */
export function prepareUpdate(live: KubeObject, object: KubeObject, part: WrittenPart = "spec"): KubeObject {
	const stored = keepOtherHalf(live, applyDefaults(withoutNamespace(object)), part)
	const { uid, creationTimestamp, generation, resourceVersion, deletionTimestamp } = live.metadata
	const kept: Partial<ObjectMeta> = {
		...(uid === undefined ? {} : { uid }),
		...(creationTimestamp === undefined ? {} : { creationTimestamp }),
		...(resourceVersion === undefined ? {} : { resourceVersion }),
		...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
		...(generation === undefined ? {} : { generation }),
	}
	const next = withMetadata(stored, kept)
	const raised =
		generation === undefined || jsonEqual(judged(live), judged(next))
			? next
			: withMetadata(next, { generation: generation + 1 })
	if (!isDaemonSet(raised)) return raised
	const before = templateGeneration(live.metadata)
	const same = jsonEqual(template(live), template(raised))
	return withTemplateGeneration(raised, same ? before : before + 1)
}

function keepOtherHalf(live: KubeObject, next: KubeObject, part: WrittenPart): KubeObject {
	if (part === "both" || (live["status"] === undefined && next["status"] === undefined)) return next
	if (part === "status") return { ...live, ...(next["status"] === undefined ? {} : { status: next["status"] }) }
	const { status: _, ...rest } = next
	return live["status"] === undefined ? (rest as KubeObject) : ({ ...rest, status: live["status"] } as KubeObject)
}

/** What generation counts: the spec, or all but metadata and status where there is none; nothing of a PriorityClass. */
function judged(object: KubeObject): Json {
	if (object.kind === "PriorityClass") return null
	const { metadata: _, status: _status, apiVersion: _apiVersion, kind: _kind, ...rest } = object
	return object["spec"] ?? rest
}

function template(object: KubeObject): Json | undefined {
	return isObject(object["spec"]) ? object["spec"]["template"] : undefined
}

function isDaemonSet(object: KubeObject): boolean {
	return object.kind === "DaemonSet" && groupOf(object.apiVersion) === "apps"
}

function hasGeneration({ apiVersion, kind }: KubeObject): boolean {
	return kind === "Pod" || !NO_GENERATION.has(groupOf(apiVersion))
}

function withoutNamespace(object: KubeObject): KubeObject {
	if (
		object.metadata.namespace === undefined ||
		findKind(groupOf(object.apiVersion), object.kind)?.namespaced !== false
	) {
		return object
	}
	const { namespace: _, ...metadata } = object.metadata
	return { ...object, metadata }
}

/** Nothing is created already on its way out. */
function withoutDeletion(object: KubeObject): KubeObject {
	if (object.metadata.deletionTimestamp === undefined) return object
	const { deletionTimestamp: _, deletionGracePeriodSeconds: _period, ...metadata } = object.metadata
	return { ...object, metadata }
}

function withMetadata(object: KubeObject, members: Partial<ObjectMeta>): KubeObject {
	return { ...object, metadata: { ...object.metadata, ...members } }
}

function templateGeneration({ annotations }: ObjectMeta): number {
	const text = annotations?.[TEMPLATE_GENERATION]
	return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 0
}

function withTemplateGeneration(object: KubeObject, generation: number): KubeObject {
	const annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(generation) }
	return withMetadata(object, { annotations })
}

function withNotReadyTaint(node: KubeObject): KubeObject {
	const spec = isObject(node["spec"]) ? node["spec"] : {}
	const taints = Array.isArray(spec["taints"]) ? (spec["taints"] as readonly Json[]) : []
	const there = taints.some(
		(taint) => isObject(taint) && taint["key"] === NOT_READY["key"] && taint["effect"] === NOT_READY["effect"],
	)
	return there ? node : { ...node, spec: { ...spec, taints: [...taints, NOT_READY] } }
}
