import { isObject, type JsonObject } from "../../../base/index.ts"
import type { Cluster } from "../../../cluster/index.ts"
import type { Edited } from "../../../engine/index.ts"
import { compileSelector, type KubeObject, type LabelSelector, type Pod, type Refusal } from "../../../kube/index.ts"
import { type Answer, json } from "../../ask.ts"
import { badRequest, refused, refusedBy } from "../../refused.ts"
import { isReady } from "../budget-status.ts"
import type { Call } from "../handler.ts"
import { deletion } from "./delete.ts"
import { keyOfTarget, perform, warningHeaders, withHeaders } from "./perform.ts"
import { notFound } from "./update.ts"
import { optionsOf } from "./write-body.ts"
import { deleteOptions, programOf, writeOptions } from "./write-options.ts"

/** A deletion that asks the PodDisruptionBudgets first; what they forbid may be asked again later. */
export async function evict(call: Call): Promise<Answer> {
	const { ask, target, cluster } = call
	const body = optionsOf(ask)
	if ("refusal" in body) return body.refusal
	const query = writeOptions(ask, "CreateOptions")
	if ("refusal" in query) return query.refusal
	const { metadata, deleteOptions: given } = body.object
	const named = isObject(metadata) ? metadata["name"] : undefined
	if (named !== undefined && named !== target.name) {
		return badRequest("name in URL does not match name in Eviction object")
	}
	const options = deleteOptions(isObject(given) ? given : {}, new URLSearchParams())
	if ("refusal" in options) return options.refusal
	let forbidden: Answer | undefined
	const edit = (live: KubeObject | undefined): Edited => {
		if (live === undefined) return { refusal: notFound(target) }
		forbidden = forbiddenBy(cluster, live as Pod)
		const write = deletion(target, target.name, options)
		return forbidden !== undefined || write.verb !== "delete" ? { refusal: BROKEN } : { write }
	}
	const doing = { dryRun: query.dryRun || options.dryRun, by: programOf(ask.userAgent) }
	const key = keyOfTarget(target, target.name)
	const { verdict, warnings } = await perform(call, { verb: "edit", key, as: "evict", edit }, doing)
	if (forbidden !== undefined) return forbidden
	const headers = warningHeaders(warnings)
	if (!verdict.accepted) return withHeaders(refusedBy(verdict.refusal, target.resource, target.name), headers)
	return json({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }, 201, headers)
}

const VIOLATES = "Cannot evict pod as it would violate the pod's disruption budget."
const BROKEN: Refusal = { reason: "Forbidden", message: VIOLATES, causes: [] }

/** The answer where a budget forbids it; what has ended, or has not begun, no budget protects. */
function forbiddenBy(cluster: Cluster, pod: Pod): Answer | undefined {
	const { metadata, status } = pod
	if (metadata.deletionTimestamp !== undefined || status?.phase !== "Running") return undefined
	const [budget, other] = budgetsOf(cluster, pod)
	if (budget === undefined) return undefined
	if (other !== undefined) {
		const message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
		return refused(500, "InternalError", message)
	}
	const { name, needed, healthy } = budget
	// An unready pod goes where the others are enough.
	if (healthy > needed || (!isReady(pod) && healthy >= needed && needed > 0)) return undefined
	const message = `The disruption budget ${name} needs ${needed} healthy pods and has ${healthy} currently`
	return refused(429, "TooManyRequests", VIOLATES, { causes: [{ reason: "DisruptionBudget", message }] })
}

type Budget = { readonly name: string; readonly needed: number; readonly healthy: number }

function budgetsOf(cluster: Cluster, pod: Pod): readonly Budget[] {
	const namespace = pod.metadata.namespace ?? ""
	const budgets: Budget[] = []
	for (const { metadata, spec } of cluster.list({ group: "policy", kind: "PodDisruptionBudget", namespace })) {
		const { selector: given, minAvailable } = (isObject(spec) ? spec : {}) as JsonObject
		const selector = compileSelector(isObject(given) ? (given as LabelSelector) : undefined)
		if ("error" in selector || given === undefined || !selector.matches(pod.metadata.labels ?? {})) continue
		let healthy = 0
		let count = 0
		for (const other of cluster.list({ group: "", kind: "Pod", namespace })) {
			if (!selector.matches(other.metadata.labels ?? {})) continue
			count++
			if (other.metadata.deletionTimestamp === undefined && isReady(other as Pod)) healthy++
		}
		// K12: how many there should be nobody can tell of a DaemonSet's pods, so anything but a number lets none go.
		budgets.push({ name: metadata.name, needed: typeof minAvailable === "number" ? minAvailable : count, healthy })
	}
	return budgets
}
