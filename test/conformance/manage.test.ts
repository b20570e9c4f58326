import {
	type BackOff,
	BURST_REPLICAS,
	backOffKey,
	claim,
	manage,
	nextBackOff,
} from "../../src/cluster/daemonset/index.ts"
import { difference, suite } from "./cases.ts"
import { type ClusterCase, censusOf, instantOf, ownerOf, podNames } from "./objects.ts"

type Expected = {
	readonly createOnNodes: readonly string[]
	readonly deletePods: readonly string[]
	readonly deleteOneOf?: readonly (readonly string[])[]
	readonly adopt?: readonly string[]
	readonly release?: readonly string[]
	readonly expectations: { readonly add: number; readonly del: number }
}
type ManageCase = ClusterCase & {
	readonly failedPodsBackoff?: readonly { readonly node: string; readonly markedSecondsAgo: readonly number[] }[]
	readonly expected: Expected
}

suite<ManageCase>("manage", "[M1] to [M7] [C1] [C2] [C3] the placement pass does what Kubernetes' does", (given) => {
	const { adopt = [], release = [], deleteOneOf = [], ...expected } = given.expected
	const census = censusOf(given)
	const claims = claim(ownerOf(given.daemonSet), given.pods)
	const got = manage(census, failingOf(given), BURST_REPLICAS)
	const removed = podNames(census, got.remove)
	const oneOf = new Set(deleteOneOf.flat())
	const perGroup = deleteOneOf.map((group) => group.filter((pod) => removed.includes(pod)).length)
	return difference(
		{
			createOnNodes: got.create.map(census.nodeName),
			deletePods: removed.filter((pod) => !oneOf.has(pod)),
			expectations: { add: got.create.length, del: got.remove.length },
			perGroup,
			adopt: claims.adopt.map(({ metadata }) => metadata.name).sort(),
			release: claims.release.map(({ metadata }) => metadata.name).sort(),
		},
		{ ...expected, perGroup: deleteOneOf.map(() => 1), adopt, release },
	)
})

function failingOf(given: ManageCase) {
	const uid = given.daemonSet.metadata.uid ?? ""
	const observedGeneration = given.daemonSet.status?.observedGeneration ?? 0
	const backOffs = new Map<string, BackOff>()
	for (const { node, markedSecondsAgo } of given.failedPodsBackoff ?? []) {
		const key = backOffKey(uid, observedGeneration, node)
		for (const ago of markedSecondsAgo) backOffs.set(key, nextBackOff(backOffs.get(key), instantOf(given) - ago * 1000))
	}
	return { uid, observedGeneration, backOffs }
}
