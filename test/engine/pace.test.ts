import { describe, expect, test } from "vitest"
import { Pace } from "../../src/engine/pace.ts"

describe("Pace", () => {
	test.each([
		{ speed: 1, elapsed: 1_500, want: 1_500 },
		{ speed: 20, elapsed: 100, want: 2_000 },
		{ speed: 0.5, elapsed: 3, want: 1 },
	])("at speed $speed, $elapsed ms of real time are $want ms of cluster time", ({ speed, elapsed, want }) => {
		expect(new Pace(speed, 1_000_000, 50).due(50 + elapsed)).toBe(1_000_000 + want)
	})

	test("at speed max everything is due", () => {
		expect(new Pace("max", 0, 0).due(1)).toBe(Number.POSITIVE_INFINITY)
	})

	test("says how long to wait, and never a negative time", () => {
		const pace = new Pace(20, 0, 0)
		expect(pace.until(2_000, 40)).toBe(60)
		expect(pace.until(2_000, 4_000)).toBe(0)
	})

	test("tied anew, does not catch up with what was missed", () => {
		const pace = new Pace(1, 0, 0)
		pace.tie(10, 3_600_000)
		expect(pace.due(3_600_005)).toBe(15)
	})
})
