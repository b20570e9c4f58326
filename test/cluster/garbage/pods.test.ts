import { describe, expect, it } from "vitest"
import {
	collects,
	excessTerminated,
	isOutOfService,
	nextTick,
	orphansCollectedAt,
	POD_GC_PACE,
	POD_GC_REASONS,
	type PodTrace,
} from "../../../src/cluster/garbage/index.ts"

describe("pod garbage collection", () => {
	it("[G1] looks every 20 s, and a look sees what came before it", () => {
		expect([0, 1, 19_999, 20_000].map((at) => nextTick(at, 0))).toEqual([20_000, 20_000, 20_000, 40_000])
		expect(nextTick(0, 3_940)).toBe(3_940)
	})

	it("[G2] [N6] collects 60 to 80 s after the node went: recorded 1.965 s to 63.852 s", () => {
		expect(orphansCollectedAt(1_965, 3_852)).toBe(63_852)
		for (let goneAt = 0; goneAt < 40_000; goneAt += 999) {
			const after = orphansCollectedAt(goneAt, 5_000) - goneAt
			expect(after).toBeGreaterThan(60_000)
			expect(after).toBeLessThanOrEqual(80_000)
		}
	})

	const pod: PodTrace = { finished: false, terminating: false, nodeName: "n", nodeExists: true, outOfService: false }
	const cases: readonly [string, Partial<PodTrace>, ReturnType<typeof collects>][] = [
		["leaves a pod on its node alone", {}, undefined],
		["[G3] takes one whose node is gone", { nodeExists: false }, "orphaned"],
		[
			"[G4] takes one that terminates without ever having had a node",
			{ nodeName: "", terminating: true },
			"unscheduled",
		],
		["[G4] leaves a pending one", { nodeName: "" }, undefined],
		["[G5] takes one that terminates out of service", { terminating: true, outOfService: true }, "outOfService"],
		["[G5] leaves one that only is out of service", { outOfService: true }, undefined],
	]
	for (const [what, more, want] of cases) {
		it(what, () => {
			expect(collects({ ...pod, ...more })).toBe(want)
		})
	}

	it("[G5] calls a node out of service by its taint, while it is not ready", () => {
		const taint = { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" }
		expect([isOutOfService([taint], false), isOutOfService([taint], true), isOutOfService([], false)]).toEqual([
			true,
			false,
			false,
		])
	})

	it("[G6] gives the recorded reason", () => {
		expect(POD_GC_REASONS.orphaned).toEqual({ reason: "DeletionByPodGC", message: "PodGC: node no longer exists" })
	})

	it("[G7] keeps finished pods up to a limit: evicted ones go first, then the oldest", () => {
		const finished = [
			{ name: "young", createdAt: 9, evicted: false },
			{ name: "b", createdAt: 1, evicted: false },
			{ name: "a", createdAt: 1, evicted: false },
			{ name: "evicted", createdAt: 99, evicted: true },
		]
		const names = (terminatedLimit: number) =>
			excessTerminated(finished, { ...POD_GC_PACE, terminatedLimit }).map((item) => item.name)
		expect(names(4)).toEqual([])
		expect(names(1)).toEqual(["evicted", "a", "b"])
		expect(names(0)).toEqual([])
	})
})
