import { describe, expect, test } from "vitest"
import { daemonSetStatus, statusDiffers, statusRetryMs } from "../../../src/cluster/daemonset/index.ts"
import { census, daemonSet, NEW, node, pod } from "../../builders/daemon-set.ts"

const owner = daemonSet(
	{ minReadySeconds: 30 },
	{
		metadata: { name: "agent", uid: "agent-uid", generation: 4 },
		status: {
			currentNumberScheduled: 0,
			desiredNumberScheduled: 0,
			numberMisscheduled: 0,
			numberReady: 0,
			observedGeneration: 3,
			collisionCount: 2,
		},
	},
)
const tainted = node("n4", { taints: [{ key: "k", effect: "NoSchedule" }] })
const taken = census(
	["n1", "n2", "n3", tainted],
	[
		pod("a", { age: 90 }),
		pod("a-new", { hash: NEW, age: 5 }),
		pod("b", { node: "n2", hash: NEW, ready: 10 }),
		pod("d", { node: "n4" }),
		pod("gone", { node: "gone" }),
	],
	owner,
)

describe("daemonSetStatus", () => {
	test("[S1] [N4] judges the first pod of each node alone", () => {
		expect(daemonSetStatus(taken, owner, true)).toEqual({
			desiredNumberScheduled: 3,
			currentNumberScheduled: 2,
			numberMisscheduled: 1,
			numberReady: 2,
			numberAvailable: 1,
			numberUnavailable: 2,
			updatedNumberScheduled: 1,
			observedGeneration: 4,
			collisionCount: 2,
		})
	})

	test("[S2] keeps the observed generation while expectations are waited for", () => {
		expect(daemonSetStatus(taken, owner, false).observedGeneration).toBe(3)
	})

	test("is written only where it differs from the stored one", () => {
		const status = daemonSetStatus(taken, owner, true)
		expect(statusDiffers(owner.status, status)).toBe(true)
		expect(statusDiffers(status, status)).toBe(false)
	})

	test("[R4] brings the key back where ready pods are not available yet", () => {
		const status = daemonSetStatus(taken, owner, true)
		expect(statusRetryMs(owner, status)).toBe(30_000)
		expect(statusRetryMs(owner, { ...status, numberAvailable: status.numberReady })).toBeUndefined()
	})
})
