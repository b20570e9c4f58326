import { describe, expect, it } from "vitest"
import {
	evictionAt,
	evictionsPerSecond,
	type NodeState,
	nextEviction,
	noExecuteTaints,
	noScheduleTaints,
	withTaints,
	zoneState,
} from "../../../src/cluster/node-lifecycle/index.ts"
import type { Taint, Toleration } from "../../../src/kube/index.ts"

const STATE: NodeState = {
	ready: "ready",
	readySince: 0,
	memoryPressure: false,
	memorySince: 0,
	diskPressure: false,
	diskSince: 0,
	pidPressure: false,
	pidSince: 0,
	upSince: 0,
	downSince: undefined,
}
const key = (name: string) => `node.kubernetes.io/${name}`

describe("the taints a node's state asks for", () => {
	const cases: readonly [string, Partial<NodeState>, boolean, readonly string[], readonly string[]][] = [
		["a ready node", {}, false, [], []],
		["a node without conditions", { ready: "none" }, false, [], []],
		["a cordoned node", {}, true, ["unschedulable"], []],
		["a node that is not ready", { ready: "not-ready" }, false, ["not-ready"], ["not-ready"]],
		["a lost node", { ready: "unknown", memoryPressure: true }, false, ["unreachable"], ["unreachable"]],
		[
			"a node under pressure",
			{ memoryPressure: true, diskPressure: true, pidPressure: true },
			false,
			["memory-pressure", "disk-pressure", "pid-pressure"],
			[],
		],
	]
	for (const [what, more, unschedulable, noSchedule, noExecute] of cases) {
		it(`[D7] [D8] are right for ${what}`, () => {
			const state = { ...STATE, ...more }
			expect(noScheduleTaints(state, unschedulable)).toEqual(
				noSchedule.map((name) => ({ key: key(name), effect: "NoSchedule" })),
			)
			expect(noExecuteTaints(state)).toEqual(noExecute.map((name) => ({ key: key(name), effect: "NoExecute" })))
		})
	}
})

describe("withTaints", () => {
	const foreign: Taint = { key: "dedicated", value: "gpu", effect: "NoSchedule" }
	const unreachable = { key: key("unreachable"), effect: "NoSchedule" }

	it("[D9] adds the new ones last, with their time, and leaves others alone", () => {
		expect(withTaints([foreign], "NoSchedule", [unreachable], 1_000)).toEqual([
			foreign,
			{ ...unreachable, timeAdded: "1970-01-01T00:00:01Z" },
		])
	})

	it("[D9] takes its own away and keeps the times of those that stay", () => {
		const notReady: Taint = { key: key("not-ready"), effect: "NoSchedule", timeAdded: "1970-01-01T00:00:01Z" }
		const noExecute: Taint = { key: key("not-ready"), effect: "NoExecute" }
		expect(withTaints([notReady, foreign, noExecute], "NoSchedule", [], 9_000)).toEqual([foreign, noExecute])
		const same = [notReady]
		expect(withTaints(same, "NoSchedule", [{ key: key("not-ready"), effect: "NoSchedule" }], 9_000)).toBe(same)
	})

	it("[D9] leaves an unschedulable NoExecute that a user wrote", () => {
		const odd = [{ key: key("unschedulable"), effect: "NoExecute" }]
		expect(withTaints(odd, "NoExecute", [], 0)).toBe(odd)
	})
})

describe("evictionAt", () => {
	const drain: Taint = { key: "drain", value: "x", effect: "NoExecute" }
	const other: Taint = { key: "other", effect: "NoExecute" }
	const tolerates = (name: string, tolerationSeconds?: number): Toleration => ({
		key: name,
		operator: "Exists",
		...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
	})
	const cases: readonly [string, readonly Taint[], readonly Toleration[], number | undefined][] = [
		["never without such a taint", [{ ...drain, effect: "NoSchedule" }], [], undefined],
		["at once without a toleration", [drain], [], 5_000],
		["at once where one of two is not tolerated", [drain, other], [tolerates("drain")], 5_000],
		["never with a toleration without limit", [drain], [tolerates("drain")], undefined],
		["after the limit", [drain], [tolerates("drain", 3)], 8_000],
		["after the shortest limit", [drain, other], [tolerates("drain", 30), tolerates("other", 2)], 7_000],
		["by the toleration that comes first", [drain], [tolerates("drain"), tolerates("drain", 1)], undefined],
		["at once where the limit is not positive", [drain], [tolerates("drain", -1)], 5_000],
	]
	for (const [when, taints, tolerations, want] of cases) {
		it(`[D10] is ${when}`, () => {
			expect(evictionAt(taints, tolerations, 5_000)).toBe(want)
		})
	}
})

describe("eviction rates", () => {
	it("[D11] know how a zone is", () => {
		expect([
			zoneState(0, 3),
			zoneState(5, 0),
			zoneState(9, 10),
			zoneState(4, 5),
			zoneState(1, 2),
			zoneState(0, 0),
		]).toEqual(["full", "normal", "normal", "partial", "normal", "normal"])
	})

	it("[D12] slow down in an outage, and stop in a small zone or where all zones are lost", () => {
		expect([
			evictionsPerSecond("normal", 10, false),
			evictionsPerSecond("full", 10, false),
			evictionsPerSecond("partial", 51, false),
			evictionsPerSecond("partial", 50, false),
			evictionsPerSecond("full", 1000, true),
		]).toEqual([0.1, 0.1, 0.01, 0, 0])
	})

	it("[D12] let one node of a zone go every ten seconds", () => {
		expect(nextEviction(500, undefined, 0.1)).toBe(500)
		expect(nextEviction(500, 400, 0.1)).toBe(10_400)
		expect(nextEviction(60_000, 400, 0.1)).toBe(60_000)
		expect(nextEviction(500, undefined, 0)).toBeUndefined()
	})
})
