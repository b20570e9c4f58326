import type { PodSpec, Toleration } from "../../kube/index.ts"

// P5: in this order. not-ready:NoSchedule is not among them.
const ADDED: readonly (readonly [key: string, effect: string])[] = [
	["node.kubernetes.io/not-ready", "NoExecute"],
	["node.kubernetes.io/unreachable", "NoExecute"],
	["node.kubernetes.io/disk-pressure", "NoSchedule"],
	["node.kubernetes.io/memory-pressure", "NoSchedule"],
	["node.kubernetes.io/pid-pressure", "NoSchedule"],
	["node.kubernetes.io/unschedulable", "NoSchedule"],
]
const NETWORK_UNAVAILABLE = ["node.kubernetes.io/network-unavailable", "NoSchedule"] as const

/** P5: the tolerations of a daemon pod: the template's, and those that every daemon pod has. */
export function daemonTolerations(spec: PodSpec): readonly Toleration[] {
	const tolerations = [...(spec.tolerations ?? [])]
	for (const [key, effect] of spec.hostNetwork ? [...ADDED, NETWORK_UNAVAILABLE] : ADDED) {
		const added: Toleration = { key, operator: "Exists", effect }
		let found = false
		for (const [index, own] of tolerations.entries()) {
			if (own.key !== key || own.effect !== effect || own.operator !== "Exists" || own.value) continue
			// Replaced in place: an own tolerationSeconds does not survive.
			tolerations[index] = added
			found = true
		}
		if (!found) tolerations.push(added)
	}
	return tolerations
}
