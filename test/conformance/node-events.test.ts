import { controllerOf, nodeQueues, nodeUpdateCounts, placement } from "../../src/cluster/daemonset/index.ts"
import type { DaemonSet, Node, Pod } from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type EventCase = Case & {
	readonly event: "add" | "update"
	readonly oldNode?: Node
	readonly node: Node
	readonly daemonSet: DaemonSet
	readonly pods: readonly Pod[]
}

suite<EventCase>("node-events", "[S6] the changes of nodes queue what they queue in Kubernetes", (given) => {
	const { daemonSet, node, oldNode } = given
	const { name, labels } = node.metadata
	const considered = oldNode === undefined || nodeUpdateCounts(oldNode, node)
	const daemonSetQueued =
		considered &&
		nodeQueues({
			placement: placement(daemonSet.spec.template, { name, labels, taints: node.spec?.taints }),
			hasPod: given.pods.some((pod) => pod.spec.nodeName === name && controllerOf(pod)?.uid === daemonSet.metadata.uid),
			misscheduled: daemonSet.status?.numberMisscheduled ?? 0,
		})
	return difference({ considered, daemonSetQueued }, given.expected)
})
