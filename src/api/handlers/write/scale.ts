import { formatInstant, isObject, type Json, type JsonObject } from "../../../base/index.ts"
import type { Edited } from "../../../engine/index.ts"
import {
	type KubeObject,
	type LabelSelector,
	labelText,
	type Refusal,
	type ScalePaths,
	type StringMap,
	selectorText,
} from "../../../kube/index.ts"
import { type Answer, json } from "../../ask.ts"
import { badRequest, noObject } from "../../refused.ts"
import type { Resource } from "../../route/resources.ts"
import type { Call, Handler } from "../handler.ts"
import { readOne } from "../read.ts"
import { parsedPatch, patchedBy } from "./patch.ts"
import { answerWith, keyOfTarget } from "./perform.ts"
import { nextState, notFound } from "./update.ts"
import { optionsOf } from "./write-body.ts"
import { writeOptions } from "./write-options.ts"

/** How many there are of something, and how many there should be. */
export const getScale: Handler = ({ target, cluster }) => {
	const { resource, namespace, name } = target
	const object = readOne(cluster, resource, namespace, name)
	return object === undefined ? noObject(resource, name) : json(scaleOf(object, resource))
}

/** Sets how many there should be, by a whole Scale or by a patch of it. */
export async function writeScale(call: Call): Promise<Answer> {
	const { ask, target, cluster } = call
	const isPatch = ask.method === "PATCH"
	const options = writeOptions(ask, isPatch ? "PatchOptions" : "UpdateOptions")
	if ("refusal" in options) return options.refusal
	if (ask.contentType === "application/apply-patch+yaml")
		return badRequest("a scale cannot be applied, only patched or replaced")
	const body = isPatch ? parsedPatch(ask) : optionsOf(ask)
	if ("refusal" in body) return body.refusal
	const { manager, dryRun } = options
	const edit = (live: KubeObject | undefined): Edited => {
		if (live === undefined) return { refusal: notFound(target) }
		const scale =
			"object" in body ? body : patchedBy(ask.contentType, scaleOf(live, target.resource) as KubeObject, body.value)
		if ("error" in scale) return { refusal: unusable(scale.error) }
		const wanted = wantedBy(scale.object, target.name)
		if (typeof wanted === "object") return { refusal: wanted }
		const object = withReplicas(live, pathOf(target.resource), wanted)
		return nextState({ ...target, subresource: "" }, live, object, { manager, time: formatInstant(cluster.now()) })
	}
	const write = { verb: "edit", key: keyOfTarget(target, target.name), as: isPatch ? "patch" : "update", edit } as const
	return answerWith(call, write, { dryRun, by: manager }, { show: (object) => scaleOf(object, target.resource) })
}

/** Of a custom resource its definition says where they are. */
function pathOf({ defined }: Resource): readonly string[] {
	return (defined?.scale?.replicas ?? ".spec.replicas").split(".").filter((name) => name !== "")
}

function scaleOf(object: KubeObject, resource: Resource): JsonObject {
	const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
	const { current, selector } = statusOf(object, resource.defined?.scale)
	const given = Object.entries({ name, namespace, uid, resourceVersion, creationTimestamp })
	return {
		kind: "Scale",
		apiVersion: "autoscaling/v1",
		metadata: Object.fromEntries(given.filter(([, value]) => value !== undefined)) as JsonObject,
		spec: { replicas: numberAt(object, pathOf(resource)) },
		status: { replicas: current, ...(selector === "" ? {} : { selector }) },
	}
}

function statusOf(object: KubeObject, paths: ScalePaths | undefined): { current: number; selector: string } {
	if (paths !== undefined) {
		const [[current], [selector]] = [paths.current(object), paths.selector(object)]
		return {
			current: typeof current === "number" ? current : 0,
			selector: typeof selector === "string" ? selector : "",
		}
	}
	const { selector } = isObject(object["spec"]) ? object["spec"] : {}
	const text =
		object.kind === "ReplicationController" ? labelText(selector as StringMap) : selectorText(selector as LabelSelector)
	return { current: numberAt(object, ["status", "replicas"]), selector: text }
}

function numberAt(object: JsonObject, path: readonly string[]): number {
	const found = path.reduce<Json | undefined>((value, name) => (isObject(value) ? value[name] : undefined), object)
	return typeof found === "number" ? found : 0
}

function wantedBy(scale: Json, name: string): number | Refusal {
	const spec = isObject(scale) && isObject(scale["spec"]) ? scale["spec"] : {}
	const wanted = spec["replicas"] ?? 0
	if (typeof wanted !== "number" || !Number.isInteger(wanted)) return unusable("spec.replicas is a whole number")
	if (wanted >= 0) return wanted
	const cause = {
		type: "Invalid",
		field: "spec.replicas",
		message: `Invalid value: ${wanted}: must be greater than or equal to 0`,
	} as const
	const message = `Scale.autoscaling "${name}" is invalid: ${cause.field}: ${cause.message}`
	return { reason: "Invalid", message, causes: [cause] }
}

function withReplicas(object: KubeObject, [name = "", ...rest]: readonly string[], wanted: number): KubeObject {
	const member = object[name]
	const value = rest.length === 0 ? wanted : withReplicas((isObject(member) ? member : {}) as KubeObject, rest, wanted)
	return { ...object, [name]: value }
}

function unusable(message: string): Refusal {
	return { reason: "BadRequest", message, causes: [] }
}
