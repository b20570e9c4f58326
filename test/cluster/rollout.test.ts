import { describe, expect, it } from "vitest"
import { apply, behavior, cluster, daemonSet, FLUENTD, pods, settle, status } from "../builders/cluster.ts"

describe("a DaemonSet", () => {
	it("goes from created to all ready on every node", () => {
		const running = cluster(60)
		apply(running, behavior())
		apply(running, daemonSet())
		settle(running)
		expect(status(running)).toMatchObject({
			desiredNumberScheduled: 60,
			numberReady: 60,
			numberAvailable: 60,
			updatedNumberScheduled: 60,
			observedGeneration: 1,
		})
		expect(pods(running)).toHaveLength(60)
	})

	it("[R5] never has more than maxUnavailable nodes without an available pod while it rolls", () => {
		const running = cluster(20)
		apply(running, behavior())
		const first = daemonSet({ spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 3 } } } })
		apply(running, first)
		settle(running)
		const before = running.sequence()
		apply(
			running,
			daemonSet({ image: "fluentd:v2", spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 3 } } } }),
			first,
		)
		settle(running)
		const down = new Set<string>()
		let most = 0
		for (const fact of running.facts(before)) {
			if (fact.kind !== "pod") continue
			if (fact.step === "terminating") down.add(fact.node)
			if (fact.step === "available") down.delete(fact.node)
			most = Math.max(most, down.size)
		}
		expect(most).toBe(3)
		expect(status(running)).toMatchObject({ updatedNumberScheduled: 20, numberAvailable: 20, observedGeneration: 2 })
		expect(running.read(FLUENTD)?.metadata.generation).toBe(2)
	})
})
