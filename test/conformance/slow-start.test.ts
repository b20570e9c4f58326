import { BURST_REPLICAS, expect, lower, nextBatch, startSlowly } from "../../src/cluster/daemonset/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type SlowStartCase = Case & {
	readonly nodesNeedingPods: number
	readonly podsToDelete: number
	readonly createsAllowedBeforeFailure: number
	readonly failure: "none" | "createFails" | "deleteFails" | "deleteNotFound" | "terminating"
}

suite<SlowStartCase>("slow-start", "[S4] [S5] batches grow, stop and count as in Kubernetes", (given) => {
	const { failure } = given
	const total = Math.min(given.nodesNeedingPods, BURST_REPLICAS)
	const deletions = Math.min(given.podsToDelete, BURST_REPLICAS)
	let waits = expect(total, deletions, 0) as ReturnType<typeof expect> | undefined
	let created = 0
	let createCalls = 0
	let error = false
	let batch = startSlowly(total)
	while (batch.batch > 0) {
		let failed = false
		for (let call = 0; call < batch.batch; call++) {
			createCalls++
			const refused =
				failure !== "none" && !failure.startsWith("delete") && created >= given.createsAllowedBeforeFailure
			if (!refused) created++
			else if (failure === "createFails") {
				waits = lower(waits, { creations: 1 })
				failed = true
			}
		}
		error ||= failed
		const { next, skipped } = nextBatch(batch, failed)
		waits = lower(waits, { creations: skipped })
		batch = next
	}
	if (failure.startsWith("delete")) waits = lower(waits, { deletions })
	error ||= failure === "deleteFails" && deletions > 0
	return difference(
		{
			created,
			createCalls,
			deleteCalls: deletions,
			error,
			pendingAdds: waits?.creations,
			pendingDeletes: waits?.deletions,
		},
		given.expected,
	)
})
