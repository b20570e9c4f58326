import { describe, expect, it } from "vitest"
import { crashDelayMs, cyclesAt } from "../../../src/cluster/kubelet/back-off.ts"
import { formatGoDuration } from "../../../src/cluster/kubelet/go-duration.ts"
import { drawMs, spread, spreadOf } from "../../../src/cluster/kubelet/spread.ts"

describe("drawMs", () => {
	const given = spread(2_000, 6_000, 20_000)
	const cases: readonly [number, number][] = [
		[0, 0],
		[2 ** 30, 1_000],
		[2 ** 31, 2_000],
		[Math.ceil(0.9 * 2 ** 32), 6_000],
		[Math.ceil(0.99 * 2 ** 32), 20_000],
		[2 ** 32 - 1, 20_000],
	]
	for (const [thrown, want] of cases) {
		it(`[L1] gives ${want} ms for a throw of ${thrown}`, () => {
			expect(drawMs(given, thrown)).toBe(want)
		})
	}

	it("[L1] rises with the throw and stays whole", () => {
		let before = 0
		for (let thrown = 0; thrown < 2 ** 32; thrown += 2 ** 24 + 7) {
			const drawn = drawMs(given, thrown)
			expect(Number.isInteger(drawn)).toBe(true)
			expect(drawn).toBeGreaterThanOrEqual(before)
			before = drawn
		}
	})
})

describe("spreadOf", () => {
	it("[L1] reads one duration as a constant and fills in quantiles that are left out", () => {
		expect(spreadOf("3s")).toEqual({ p0: 3000, p50: 3000, p90: 3000, p99: 3000 })
		expect(spreadOf({ p50: "1s", p99: "9s" })).toEqual({ p0: 1000, p50: 1000, p90: 1000, p99: 9000 })
	})
	it("[L1] is undefined where a duration cannot be read", () => {
		expect(spreadOf("soon")).toBeUndefined()
		expect(spreadOf({ p50: "1s", p90: "later" })).toBeUndefined()
	})
})

describe("back-off", () => {
	it("[L12] doubles from 10 s to 5 min and never overflows", () => {
		expect([1, 2, 3, 7, 8, 1e9].map((crash) => crashDelayMs(crash, 0))).toEqual([
			0, 10_000, 20_000, 300_000, 300_000, 300_000,
		])
	})
	it("[L13] counts whole cycles only", () => {
		expect([0, 99, 100, 250].map((now) => cyclesAt(0, 100, now))).toEqual([0, 0, 1, 2])
	})
})

describe("formatGoDuration", () => {
	const cases: readonly [number, string][] = [
		[0, "0s"],
		[850, "850ms"],
		[1_500, "1.5s"],
		[10_000, "10s"],
		[80_000, "1m20s"],
		[300_000, "5m0s"],
		[3_600_000, "1h0m0s"],
	]
	for (const [ms, want] of cases) {
		it(`writes ${ms} ms as Go does: ${want}`, () => {
			expect(formatGoDuration(ms)).toBe(want)
		})
	}
})
