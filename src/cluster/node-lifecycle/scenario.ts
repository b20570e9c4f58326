import { byCodeUnit, type Instant, parseDuration } from "../../base/index.ts"
import { compileSelector, type Scenario, type ScenarioStep, type StringMap } from "../../kube/index.ts"

/** One fault at one node at one time. */
export type TimedFault = {
	readonly at: Instant
	readonly node: string
	readonly fault:
		| { readonly kind: "down" }
		| { readonly kind: "up" }
		| { readonly kind: "cordon"; readonly on: boolean }
		| { readonly kind: "pressure"; readonly resource: "memory" | "disk" | "pid"; readonly on: boolean }
		| { readonly kind: "slow-pulls"; readonly factor: number }
}

/** When a step begins; its nodes are looked up then, so that nodes that joined meanwhile count. */
export type TimedStep = { readonly at: Instant; readonly step: ScenarioStep }

/** D14: the steps by time, then in their order; one whose time cannot be read is left out (validation has said so). */
export function scenarioSteps(scenario: Scenario, createdAt: Instant): readonly TimedStep[] {
	return scenario.spec.steps
		.flatMap((step) => {
			const after = parseDuration(step.at)
			return after === undefined ? [] : [{ at: createdAt + after, step }]
		})
		.sort((a, b) => a.at - b.at)
}

/** D15: what a step does to the nodes that exist, and what ends it after `for`; in order of time, then node name. */
export function stepFaults(
	{ at, step }: TimedStep,
	nodes: Iterable<{ readonly name: string; readonly labels: StringMap }>,
): readonly TimedFault[] {
	const names = selectNodes(step.nodes, nodes)
	const lasts = step.for === undefined ? undefined : parseDuration(step.for)
	const begin = FAULTS[step.fault](step, true)
	const faults: TimedFault[] = names.map((node) => ({ at, node, fault: begin }))
	if (lasts === undefined) return faults
	const end = FAULTS[step.fault](step, false)
	return [...faults, ...names.map((node) => ({ at: at + lasts, node, fault: end }))]
}

/** By name, those that exist; or by labels, and of these the first `count` by name. */
export function selectNodes(
	{ names, selector, count }: ScenarioStep["nodes"],
	nodes: Iterable<{ readonly name: string; readonly labels: StringMap }>,
): readonly string[] {
	const compiled = selector === undefined ? undefined : compileSelector(selector)
	const wanted = names === undefined ? undefined : new Set(names)
	const found: string[] = []
	for (const node of nodes) {
		if (wanted !== undefined && !wanted.has(node.name)) continue
		if (compiled !== undefined && ("error" in compiled || !compiled.matches(node.labels))) continue
		found.push(node.name)
	}
	return found.sort(byCodeUnit).slice(0, count)
}

const FAULTS: Readonly<Record<ScenarioStep["fault"], (step: ScenarioStep, begins: boolean) => TimedFault["fault"]>> = {
	Down: (_step, begins) => ({ kind: begins ? "down" : "up" }),
	Up: (_step, begins) => ({ kind: begins ? "up" : "down" }),
	Cordon: (_step, begins) => ({ kind: "cordon", on: begins }),
	Uncordon: (_step, begins) => ({ kind: "cordon", on: !begins }),
	MemoryPressure: (_step, begins) => ({ kind: "pressure", resource: "memory", on: begins }),
	DiskPressure: (_step, begins) => ({ kind: "pressure", resource: "disk", on: begins }),
	PidPressure: (_step, begins) => ({ kind: "pressure", resource: "pid", on: begins }),
	SlowPulls: (step, begins) => ({ kind: "slow-pulls", factor: begins ? (step.factor ?? DEFAULT_FACTOR) : 1 }),
}

const DEFAULT_FACTOR = 10
