import { describe, expect, test } from "vitest"
import { objectKey } from "../../src/kube/index.ts"
import { brokenGates, type Foreseen, type Gate, parseGate, type RolloutForecast } from "../../src/rehearse/index.ts"
import { down, rollout } from "./rollout-forecast.ts"

const CALICO = objectKey({ group: "apps", kind: "DaemonSet", namespace: "net", name: "calico" })

const foreseen = (rollouts: readonly RolloutForecast[], rest: Partial<Foreseen> = {}): Foreseen => ({
	verdict: "applied",
	changes: [],
	holds: [],
	findings: [],
	refused: [],
	rehearsed: {
		startedAt: 0,
		endedAt: 0,
		settled: true,
		digest: "",
		rollouts,
		preempted: [],
		evicted: [],
		pending: [],
		decided: [],
		down: down(0),
	},
	...rest,
})

function gate(text: string): Gate {
	const read = parseGate(text)
	if ("problem" in read) throw new Error(read.problem)
	return read
}

describe("a gate", () => {
	test.each([
		["unavailable > 10%", false],
		["unavailable > 5%", true],
		["unavailable>=31", true],
		["unavailable > 31", false],
		["unavailable-in-zone > 11", true],
		["duration > 30m", false],
		["duration > 4m", true],
		["restarts", true],
		["preempted > 0", false],
		["stuck", false],
		["findings", false],
		["restarts < 400", true],
	])("%s fails: %s", (text, fails) => {
		const commit = foreseen([rollout({ down: down(31, { a: 12, b: 11 }) })])
		expect(brokenGates([gate(text)], commit)).toHaveLength(fails ? 1 : 0)
	})

	test("names the DaemonSet that is furthest beyond it", () => {
		const commit = foreseen([rollout({ down: down(60) }), rollout({ daemonSet: CALICO, desired: 10, down: down(5) })])
		expect(brokenGates([gate("unavailable > 10%")], commit)[0]?.message).toBe(
			"unavailable > 10%: it is 5 of 10 (50%) for calico",
		)
		expect(brokenGates([gate("unavailable > 4")], commit)[0]?.message).toBe("unavailable > 4: it is 60 for fluentd")
	})

	test("counts what never ends as stuck", () => {
		const { verdict: _, ...open } = rollout({})
		expect(brokenGates([gate("stuck")], foreseen([open]))).toHaveLength(1)
	})

	test.each([
		["", '"" is no gate: write it as "unavailable > 10%", or as the name of a measure'],
		["unavailabel > 1", '"unavailabel" is no measure: there are unavailable'],
		["duration > 10", '"duration > 10": "10" is no duration'],
		["preempted > 5%", '"preempted > 5%": "preempted" is counted, not a share: leave out the %'],
		["restarts > many", '"restarts > many": "many" is no number'],
	])("%j is refused with what would do", (text, problem) => {
		expect(parseGate(text)).toMatchObject({ problem: expect.stringContaining(problem) })
	})
})
