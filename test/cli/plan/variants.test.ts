import { expect, test } from "vitest"
import { compareText } from "../../../src/cli/plan/variants.ts"
import type { PlanResult } from "../../../src/cli/world.ts"
import type { Rehearsed, RolloutForecast } from "../../../src/rehearse/index.ts"
import { down, rollout } from "../../rehearse/rollout-forecast.ts"

/** `compared` with one strategy, beside the plan as it is. */
function compared(asItIs: RolloutForecast, other: RolloutForecast): string {
	const rehearsed = (one: RolloutForecast): Rehearsed => ({
		startedAt: 0,
		endedAt: one.endedAt ?? 60_000,
		settled: true,
		digest: "",
		rollouts: [one],
		preempted: [],
		evicted: [],
		pending: [],
		decided: [],
		down: down(1),
	})
	const strategy = { text: "maxSurge=1", field: "maxSurge", value: 1 } as const
	const planned = { rehearsed: rehearsed(asItIs) }
	return compareText({ planned, compared: [{ strategy, rehearsed: rehearsed(other) }] } as unknown as PlanResult, [])
}

test("a strategy whose rollout gets stuck, or never ends, keeps no gates however soon it is given up", () => {
	const { verdict: _, endedAt: _end, ...endless } = rollout()
	for (const other of [endless, rollout({ verdict: "stuck", endedAt: 60_000 })]) {
		const text = compared(rollout(), other)
		expect(text).toMatch(/\nmaxSurge=1 .* broken\n/)
		expect(text).toContain("the fastest that keeps the gates: as it is\n")
	}
	expect(compared(endless, endless)).toContain("none of them keeps the gates\n")
	expect(compared(rollout(), rollout({ endedAt: 60_000 }))).toContain("keeps the gates: maxSurge=1\n")
})
