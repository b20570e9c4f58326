import { isObject, type JsonObject } from "../../base/index.ts"
import type { Cluster } from "../../cluster/index.ts"
import { compileSelector, type KubeObject, type LabelSelector, type Pod, resourceName } from "../../kube/index.ts"

/**
 * A PodDisruptionBudget with the status that the disruption controller gives it. K12: how many pods there should be
 * nobody can tell of a DaemonSet, so anything but a number of pods that must be available fails, and lets none go.
 */
export function withBudgetStatus(cluster: Cluster, budget: KubeObject): KubeObject {
	const { generation, creationTimestamp } = budget.metadata
	const pods = podsOf(cluster, budget)
	const judged = judge(budget, pods)
	const allowed =
		"failed" in judged || judged.expectedPods === 0 ? 0 : Math.max(0, judged.currentHealthy - judged.desiredHealthy)
	const [reason, message] =
		"failed" in judged ? ["SyncFailed", judged.failed] : [allowed > 0 ? "SufficientPods" : "InsufficientPods", ""]
	const observed = generation === undefined ? {} : { observedGeneration: generation }
	const condition = {
		type: "DisruptionAllowed",
		status: allowed > 0 ? "True" : "False",
		...observed,
		// Since when it has been so is not kept.
		lastTransitionTime: creationTimestamp ?? null,
		reason,
		message,
	}
	const counts = "failed" in judged ? { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 } : judged
	return { ...budget, status: { ...observed, disruptionsAllowed: allowed, ...counts, conditions: [condition] } }
}

type Judged =
	| { readonly currentHealthy: number; readonly desiredHealthy: number; readonly expectedPods: number }
	| { readonly failed: string }

function judge({ spec }: KubeObject, pods: readonly Pod[]): Judged {
	const { minAvailable } = isObject(spec) ? spec : {}
	const currentHealthy = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && isReady(pod)).length
	if (typeof minAvailable === "number")
		return { currentHealthy, desiredHealthy: minAvailable, expectedPods: pods.length }
	for (const { metadata } of pods) {
		const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
		if (owner !== undefined) return { failed: `${resourceName(owner)} does not implement the scale subresource` }
	}
	return { currentHealthy, desiredHealthy: 0, expectedPods: 0 }
}

/** The pods that a budget is about. */
function podsOf(cluster: Cluster, { metadata, spec }: KubeObject): readonly Pod[] {
	const { selector: given } = (isObject(spec) ? spec : {}) as JsonObject
	const selector = compileSelector(isObject(given) ? (given as LabelSelector) : undefined)
	if ("error" in selector || given === undefined) return []
	const pods = cluster.list({ group: "", kind: "Pod", namespace: metadata.namespace ?? "" })
	return [...pods].filter((pod) => selector.matches(pod.metadata.labels ?? {})) as Pod[]
}

export function isReady({ status }: Pod): boolean {
	const conditions = status?.conditions ?? []
	return conditions.some(({ type, status }) => type === "Ready" && status === "True")
}
