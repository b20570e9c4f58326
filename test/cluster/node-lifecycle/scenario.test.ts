import { describe, expect, it } from "vitest"
import { scenarioSteps, selectNodes, stepFaults } from "../../../src/cluster/node-lifecycle/index.ts"
import type { Scenario, ScenarioStep } from "../../../src/kube/index.ts"

const NODES = ["b-1", "a-2", "a-10", "a-1"].map((name) => ({ name, labels: { pool: name.slice(0, 1) } }))

function scenario(...steps: readonly ScenarioStep[]): Scenario {
	return { apiVersion: "simulation.rollcall.dev/v1alpha1", kind: "Scenario", metadata: { name: "s" }, spec: { steps } }
}

describe("scenarioSteps", () => {
	it("[D14] come by time, counted from the creation, and leave out what cannot be read", () => {
		const late: ScenarioStep = { at: "1m", fault: "Up", nodes: {} }
		const early: ScenarioStep = { at: "10s", fault: "Down", nodes: {} }
		const unread: ScenarioStep = { at: "soon", fault: "Down", nodes: {} }
		expect(scenarioSteps(scenario(late, unread, early), 1_000)).toEqual([
			{ at: 11_000, step: early },
			{ at: 61_000, step: late },
		])
	})
})

describe("selectNodes", () => {
	const cases: readonly [string, ScenarioStep["nodes"], readonly string[]][] = [
		["names, those that exist", { names: ["b-1", "gone", "a-1"] }, ["a-1", "b-1"]],
		["labels", { selector: { matchLabels: { pool: "a" } } }, ["a-1", "a-10", "a-2"]],
		["the first few by name", { selector: { matchLabels: { pool: "a" } }, count: 2 }, ["a-1", "a-10"]],
		["every node", {}, ["a-1", "a-10", "a-2", "b-1"]],
	]
	for (const [by, nodes, want] of cases) {
		it(`[D15] chooses by ${by}`, () => {
			expect(selectNodes(nodes, NODES)).toEqual(want)
		})
	}
})

describe("stepFaults", () => {
	const cases: readonly [ScenarioStep, readonly object[]][] = [
		[{ at: "0", fault: "Down", nodes: { names: ["a-1"] } }, [{ at: 5, kind: "down" }]],
		[
			{ at: "0", fault: "Down", nodes: { names: ["a-1"] }, for: "30s" },
			[
				{ at: 5, kind: "down" },
				{ at: 30_005, kind: "up" },
			],
		],
		[
			{ at: "0", fault: "MemoryPressure", nodes: { names: ["a-1"] }, for: "1s" },
			[
				{ at: 5, kind: "pressure", resource: "memory", on: true },
				{ at: 1_005, kind: "pressure", resource: "memory", on: false },
			],
		],
		[{ at: "0", fault: "Uncordon", nodes: { names: ["a-1"] } }, [{ at: 5, kind: "cordon", on: false }]],
		[
			{ at: "0", fault: "SlowPulls", nodes: { names: ["a-1"] }, factor: 3, for: "1s" },
			[
				{ at: 5, kind: "slow-pulls", factor: 3 },
				{ at: 1_005, kind: "slow-pulls", factor: 1 },
			],
		],
	]
	for (const [step, want] of cases) {
		it(`[D15] turns ${step.fault}${step.for === undefined ? "" : ` for ${step.for}`} into timed faults`, () => {
			const faults = stepFaults({ at: 5, step }, NODES)
			expect(faults.map(({ at, fault }) => ({ at, ...fault }))).toEqual(want)
			expect(new Set(faults.map(({ node }) => node))).toEqual(new Set(["a-1"]))
		})
	}
})
