import { placement } from "../../src/cluster/daemonset/index.ts"
import type { DaemonSet, Node } from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type PlacementCase = Case & { readonly node: Node; readonly daemonSet: DaemonSet }

suite<PlacementCase>("placement", "[P1] [P2] [P3] [P4] placement answers as Kubernetes does", (given) => {
	const { metadata, spec } = given.node
	const got = placement(given.daemonSet.spec.template, {
		name: metadata.name ?? "",
		labels: metadata.labels,
		taints: spec?.taints,
	})
	return difference({ shouldRun: got.shouldRun, shouldContinueRunning: got.shouldContinue }, given.expected)
})
