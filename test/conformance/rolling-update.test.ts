import {
	BURST_REPLICAS,
	Flag,
	rollingUpdate,
	rolloutBudget,
	targetNodeName,
} from "../../src/cluster/daemonset/index.ts"
import { difference, suite } from "./cases.ts"
import { type Choice, type ClusterCase, censusOf, choiceDifference, podNames } from "./objects.ts"

type Expected =
	| { readonly error: true }
	| {
			readonly error?: never
			readonly create: Choice
			readonly delete: Choice
			readonly desiredNumberScheduled: number
			readonly maxSurge: number
			readonly maxUnavailable: number
	  }
type RollCase = ClusterCase & { readonly expected: Expected }

suite<RollCase>("rolling-update", "[R1] to [R9] the rolling update does what Kubernetes' does", (given) => {
	const { expected } = given
	const { updateStrategy } = given.daemonSet.spec
	const census = censusOf(given)
	const got = rollingUpdate(census, updateStrategy, BURST_REPLICAS)
	if (expected.error) {
		return difference({ ...got, error: got.error !== undefined }, { create: [], remove: [], error: true })
	}
	if (got.error !== undefined) return got.error
	const nodeOf = new Map(given.pods.map((pod) => [pod.metadata.name, targetNodeName(pod.spec) ?? ""]))
	const desired = census.count(Flag.Desired)
	return (
		choiceDifference(got.create.map(census.nodeName), expected.create) ??
		choiceDifference(podNames(census, got.remove), expected.delete, (pod) => nodeOf.get(pod) ?? "") ??
		difference(
			{ desiredNumberScheduled: desired, ...rolloutBudget(updateStrategy, desired) },
			{
				desiredNumberScheduled: expected.desiredNumberScheduled,
				maxSurge: expected.maxSurge,
				maxUnavailable: expected.maxUnavailable,
			},
		)
	)
})
