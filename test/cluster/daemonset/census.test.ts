import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
	type Entry,
	type Facet,
	Flag,
	facetOrder,
	isVisible,
	judge,
	onSide,
	ripensAt,
	SidedFlag,
	targetNodeName,
	VERDICT_BITS,
} from "../../../src/cluster/daemonset/index.ts"
import { census, daemonSet, NEW, NOW, node, pod } from "../../builders/daemon-set.ts"

const facets: fc.Arbitrary<Facet> = fc.record({
	pod: fc.nat(9),
	assigned: fc.boolean(),
	served: fc.boolean(),
	phase: fc.constantFrom("failed", "succeeded", "other"),
	terminating: fc.boolean(),
	hashIsCurrent: fc.boolean(),
	side: fc.constantFrom(0, 1),
	ready: fc.boolean(),
	readySince: fc.constantFrom(undefined, NOW - 60_000, NOW - 30_000, NOW),
})

function entries(maxLength: number): fc.Arbitrary<Entry> {
	const places = fc.constantFrom(
		{ exists: true, shouldRun: true, shouldContinue: true },
		{ exists: true, shouldRun: false, shouldContinue: true },
		{ exists: true, shouldRun: false, shouldContinue: false },
		{ exists: false, shouldRun: false, shouldContinue: false },
	)
	return fc.tuple(places, fc.array(facets, { maxLength })).map(([place, pods]) => ({ ...place, pods }))
}

const settings = fc.record({
	newSide: fc.constantFrom(0 as const, 1 as const),
	surge: fc.boolean(),
	minReadySeconds: fc.constantFrom(0, 30, 45),
})

describe("judge", () => {
	test("a node with at most one pod has the same verdict whichever side is new", () => {
		fc.assert(
			fc.property(entries(1), settings, (entry, given) => {
				const other = { ...given, newSide: given.newSide === 0 ? 1 : 0 } as const
				expect(judge(entry, given, NOW)).toBe(judge(entry, other, NOW))
				expect(judge(entry, given, NOW) & Flag.Mixed).toBe(0)
			}),
		)
	})

	test("a verdict whose roles matter is marked as mixed", () => {
		fc.assert(
			fc.property(entries(4), settings, (entry, given) => {
				const other = { ...given, newSide: given.newSide === 0 ? 1 : 0 } as const
				const [one, two] = [judge(entry, given, NOW), judge(entry, other, NOW)]
				if (one !== two) expect(one & two & Flag.Mixed).not.toBe(0)
				expect(one).toBeLessThan(2 ** VERDICT_BITS)
			}),
		)
	})

	test("[R4] nothing changes by time alone before ripensAt", () => {
		fc.assert(
			fc.property(entries(3), settings, fc.nat(60), (entry, given, seconds) => {
				const later = NOW + seconds * 1000
				const ripe = ripensAt(entry, given, NOW)
				if (ripe === undefined || later < ripe) {
					expect(judge(entry, given, later)).toBe(judge(entry, given, NOW))
				}
			}),
		)
	})

	test("[S1] desired, current, ready and available each need the one before", () => {
		fc.assert(
			fc.property(entries(4), settings, (entry, given) => {
				const verdict = judge(entry, given, NOW)
				const has = (flag: number) => (verdict & flag) !== 0
				if (has(Flag.Available)) expect(has(Flag.Ready)).toBe(true)
				if (has(Flag.Ready)) expect(has(Flag.Current)).toBe(true)
				if (has(Flag.Current)) expect(has(Flag.Desired)).toBe(true)
				expect(has(Flag.Desired) && has(Flag.Misscheduled)).toBe(false)
				expect(has(Flag.Desired)).toBe(entry.shouldRun)
			}),
		)
	})
})

describe("takeCensus", () => {
	test("counts and lists nodes by name, those that only pods name among them", () => {
		const taken = census(
			["n2", "n1", node("n3", { taints: [{ key: "k", effect: "NoSchedule" }] })],
			[pod("a", { node: "n2" }), pod("b", { node: "gone" }), pod("c", { node: "n3", hash: NEW })],
		)
		const names = (flags: number) => [...taken.inOrder(flags)].map(taken.nodeName)
		expect(names(Flag.Desired)).toEqual(["n1", "n2"])
		expect(names(Flag.Misscheduled)).toEqual(["n3"])
		expect(names(onSide(SidedFlag.LoneAvailable | SidedFlag.LostAvailable, 0))).toEqual(["gone", "n2"])
		expect(names(onSide(SidedFlag.LeavingAvailable, 1))).toEqual(["n3"])
		expect(taken.count(Flag.Create)).toBe(1)
	})

	test("[M5] pods stand bound first, then by age in whole seconds, then by name", () => {
		const rank = (name: string, createdAt: number, assigned = true) => ({ name, createdAt, assigned })
		const ranks = [rank("z", 1, false), rank("b", 2), rank("a", 2), rank("c", 1)]
		expect(ranks.sort(facetOrder).map(({ name }) => name)).toEqual(["c", "a", "b", "z"])
	})

	test.each([
		{ title: "the node it is bound to", spec: { containers: [], nodeName: "n1" }, want: "n1" },
		{ title: "the node it is pinned to", spec: pod("a", { pinned: true }).spec, want: "n1" },
		{ title: "none", spec: { containers: [] }, want: undefined },
	])("[C1] a pod's node is $title", ({ spec, want }) => {
		expect(targetNodeName(spec)).toBe(want)
	})

	test.each([
		{ phase: "Failed", terminating: true, want: false },
		{ phase: "Succeeded", terminating: true, want: false },
		{ phase: "Running", terminating: true, want: true },
		{ phase: "Failed", want: true },
	] as const)("[C3] a pod that is $phase (terminating: $terminating) is seen: $want", ({ want, ...words }) => {
		expect(isVisible(pod("a", words))).toBe(want)
	})

	test("[T1] what became ready within this second is not compared by the millisecond", () => {
		const owner = daemonSet({ minReadySeconds: 30 })
		const taken = census(["n1"], [pod("a", { hash: NEW, ready: 30 })], owner)
		expect(judge(taken.entry(0), taken.settings, NOW - 1) & Flag.Available).toBe(0)
		expect(judge(taken.entry(0), taken.settings, NOW) & Flag.Available).not.toBe(0)
	})
})
