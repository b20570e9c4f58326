import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
	type Candidate,
	changeRoom,
	choosePreemption,
	demandOfList,
	mayPreempt,
	preempt,
	type Room,
	shortages,
} from "../../../src/cluster/scheduler/index.ts"
import type { ResourceList } from "../../../src/kube/index.ts"

type PodGiven = { cpu: string; priority?: number; startedAt?: number; protected?: boolean }

function candidate(id: string, given: PodGiven): Candidate<string> {
	const { cpu, priority = 0, startedAt = 0 } = given
	return { id, priority, startedAt, demand: demandOfList({ cpu }), protected: given.protected === true }
}

function victimsFor(wanted: ResourceList, priority: number, pods: readonly Candidate<string>[], cpu = "4") {
	const used = pods.reduce((sum, pod) => sum + pod.demand.cpuMilli, 0)
	const room: Room = {
		allocatable: demandOfList({ cpu }),
		used: demandOfList({ cpu: `${used}m` }),
		podLimit: 110,
		podCount: pods.length,
	}
	const demand = demandOfList(wanted)
	const result = preempt(demand, priority, shortages(demand, room), room, pods)
	return result.kind === "victims" ? result.victims.map((pod) => pod.id) : result.refused
}

describe("preempt", () => {
	it("[K11] takes pods of lower priority only, and no more than it needs", () => {
		const pods = [candidate("a", { cpu: "2" }), candidate("b", { cpu: "2" })]
		expect(victimsFor({ cpu: "2" }, 10, pods)).toEqual(["b"])
	})

	it("[K12] spares the higher priority, and of equals the longer running", () => {
		const pods = [
			candidate("young", { cpu: "1", startedAt: 20 }),
			candidate("old", { cpu: "1", startedAt: 10 }),
			candidate("high", { cpu: "2", priority: 5 }),
		]
		expect(victimsFor({ cpu: "1" }, 10, pods)).toEqual(["young"])
		expect(victimsFor({ cpu: "2" }, 10, pods)).toEqual(["old", "young"])
	})

	it("[K11] finds no victim behind equal priority: the pod stays Pending", () => {
		expect(victimsFor({ cpu: "1" }, 10, [candidate("a", { cpu: "4", priority: 10 })])).toBe(
			"No preemption victims found for incoming pod",
		)
	})

	it("[K11] names what is still short when all lower ones were gone", () => {
		const pods = [candidate("low", { cpu: "1" }), candidate("high", { cpu: "3", priority: 20 })]
		expect(victimsFor({ cpu: "2" }, 10, pods)).toBe("Insufficient cpu")
	})

	it("[K6] does not help where the node is too small", () => {
		expect(victimsFor({ cpu: "5" }, 10, [candidate("a", { cpu: "1" })])).toBe(
			"Preemption is not helpful for scheduling",
		)
	})

	it("[K12] takes a protected pod only where no other will do", () => {
		const pods = [candidate("protected", { cpu: "2", protected: true }), candidate("high", { cpu: "2", priority: 5 })]
		expect(victimsFor({ cpu: "2" }, 10, pods)).toEqual(["high"])
		expect(victimsFor({ cpu: "4" }, 10, pods)).toEqual(["high", "protected"])
	})

	it("[K11] frees host ports as well", () => {
		const port = { hostIP: "0.0.0.0", protocol: "TCP", port: 80 }
		const holder = { ...candidate("holder", { cpu: "0" }), demand: { ...demandOfList({}), ports: [port] } }
		const room: Room = {
			allocatable: demandOfList({ cpu: "4" }),
			used: { ...demandOfList({}), ports: [port] },
			podLimit: 110,
			podCount: 2,
		}
		const result = preempt({ ...demandOfList({}), ports: [port] }, 1, [], room, [
			holder,
			candidate("other", { cpu: "1" }),
		])
		expect(result).toEqual({ kind: "victims", victims: [holder] })
	})
})

describe("choosePreemption", () => {
	const cases: readonly [string, Record<string, readonly Candidate<string>[]>, string][] = [
		[
			"the fewest protected victims",
			{ n1: [candidate("a", { cpu: "1", protected: true })], n2: [candidate("b", { cpu: "1", priority: 9 })] },
			"n2",
		],
		[
			"the lowest highest priority",
			{ n1: [candidate("a", { cpu: "1", priority: 9 })], n2: [candidate("b", { cpu: "1", priority: 8 })] },
			"n2",
		],
		[
			"the fewest victims",
			{ n1: [candidate("a", { cpu: "1" }), candidate("b", { cpu: "1" })], n2: [candidate("c", { cpu: "1" })] },
			"n2",
		],
		[
			"the latest start of the most important victim",
			{ n1: [candidate("a", { cpu: "1", startedAt: 1 })], n2: [candidate("b", { cpu: "1", startedAt: 2 })] },
			"n2",
		],
		["the first given", { n1: [candidate("a", { cpu: "1" })], n2: [candidate("b", { cpu: "1" })] }, "n1"],
	]
	for (const [what, options, want] of cases) {
		it(`[K13] prefers ${what}`, () => {
			const given = Object.entries(options).map(([node, victims]) => ({ node, victims }))
			expect(choosePreemption(given)).toBe(want)
		})
	}
})

describe("mayPreempt", () => {
	it("[K14] is refused by policy, and waits for a victim that is still going", () => {
		expect(mayPreempt("Never", true)).toEqual({ kind: "never" })
		expect(mayPreempt(undefined, true)).toEqual({ kind: "waiting" })
		expect(mayPreempt("PreemptLowerPriority", false)).toEqual({ kind: "yes" })
	})
})

describe("preempt, for any node", () => {
	const pods = fc.array(
		fc.record({
			cpu: fc.integer({ min: 0, max: 3000 }),
			priority: fc.integer({ min: 0, max: 4 }),
			startedAt: fc.nat(5),
			protected: fc.boolean(),
		}),
		{ maxLength: 8 },
	)

	it("[K11] [K12] takes lower priorities only, makes the pod fit, and spares whom it can", () => {
		fc.assert(
			fc.property(
				pods,
				fc.integer({ min: 1, max: 4000 }),
				fc.integer({ min: 0, max: 5 }),
				(given, wanted, priority) => {
					const standing = given.map((pod, index) => candidate(`${index}`, { ...pod, cpu: `${pod.cpu}m` }))
					const room: Room = {
						allocatable: demandOfList({ cpu: "4" }),
						used: demandOfList({ cpu: `${given.reduce((sum, pod) => sum + pod.cpu, 0)}m` }),
						podLimit: 110,
						podCount: given.length,
					}
					const demand = demandOfList({ cpu: `${wanted}m` })
					const reasons = shortages(demand, room)
					fc.pre(reasons.length > 0)
					const result = preempt(demand, priority, reasons, room, standing)
					const without = (gone: readonly Candidate<string>[]) =>
						gone.reduce((rest, pod) => changeRoom(rest, pod.demand, -1), room)
					if (result.kind === "failed") {
						const lower = standing.filter((pod) => pod.priority < priority)
						expect(shortages(demand, without(lower))).not.toEqual([])
						return
					}
					expect(result.victims.every((pod) => pod.priority < priority)).toBe(true)
					expect(shortages(demand, without(result.victims))).toEqual([])
					for (const spared of result.victims) {
						const fewer = result.victims.filter((pod) => pod !== spared)
						expect(shortages(demand, without(fewer))).not.toEqual([])
					}
				},
			),
		)
	})
})
