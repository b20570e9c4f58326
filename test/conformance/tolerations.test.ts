import { daemonPod } from "../../src/cluster/daemonset/index.ts"
import type { DaemonSet } from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type PodCase = Case & { readonly hash: string; readonly daemonSet: DaemonSet; readonly nodeName: string }

suite<PodCase>("tolerations", "[P5] [P6] [P7] the created pod is the one Kubernetes creates", (given) => {
	const { daemonSet } = given
	// The cases leave out the uid that their expected owner reference has.
	const metadata = { uid: "ds-uid", ...daemonSet.metadata }
	const pod = daemonPod({ ...daemonSet, metadata }, given.hash, given.nodeName)
	const { namespace: _, ...rest } = pod.metadata
	const { affinity, hostNetwork = false, nodeName = "", nodeSelector, tolerations } = pod.spec
	return difference(
		{ pod: { metadata: rest, spec: { affinity, hostNetwork, nodeName, nodeSelector } }, tolerations },
		given.expected,
	)
})
