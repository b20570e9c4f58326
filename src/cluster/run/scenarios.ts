import type { Scenario } from "../../kube/index.ts"
import { keyOf } from "../../kube/index.ts"
import { scenarioSteps, stepFaults, type TimedFault } from "../node-lifecycle/index.ts"
import { nodesInOrder } from "../state/node-order.ts"
import type { Task } from "../state/state.ts"
import { nodeLabels } from "../wiring.ts"
import { type Machine, nodeShapeOf } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import { nameOfNode, reshapeNode } from "../writes/nodes.ts"
import { planTask } from "../writes/objects.ts"
import { breakNode, mendNode, pressNode } from "./node-lifecycle.ts"
import { retaint } from "./node-taints.ts"

type Step = Extract<Task, { readonly kind: "scenario" }>

/** D14: a Scenario's steps count from its creation. */
export function planScenario(machine: Machine, scenario: Scenario): void {
	const { state } = machine
	const key = keyOf(scenario)
	const uid = scenario.metadata.uid ?? ""
	for (const [step, { at }] of scenarioSteps(scenario, state.now).entries()) {
		planTask(state, at, { kind: "scenario", uid, key, step, created: state.now, ends: [] })
	}
}

/** D15: the nodes of a step are looked up when it begins; what it ends, ends for the same ones. */
export function playStep(machine: Machine, task: Step): void {
	const { state } = machine
	if (task.ends.length > 0) {
		for (const fault of task.ends) act(machine, fault)
		return
	}
	const scenario = state.objects.get(task.key) as Scenario | undefined
	if (scenario === undefined || scenario.metadata.uid !== task.uid) return
	const step = scenarioSteps(scenario, task.created)[task.step]
	if (step === undefined) return
	const ends: TimedFault[] = []
	for (const fault of stepFaults(step, existing(machine))) {
		if (fault.at > state.now) ends.push(fault)
		else act(machine, fault)
	}
	const [first] = ends
	if (first !== undefined) planTask(state, first.at, { ...task, ends })
}

function* existing(machine: Machine) {
	const { state } = machine
	for (const row of nodesInOrder(state.nodes)) {
		if (state.nodes.exists[row] !== 1) continue
		const name = nameOfNode(state, row)
		yield { name, labels: nodeLabels(nodeShapeOf(machine, row), name) }
	}
}

function act(machine: Machine, { node: name, fault }: TimedFault): void {
	const { state } = machine
	const node = findNode(state, name)
	if (node === -1 || state.nodes.exists[node] !== 1) return
	if (fault.kind === "down") breakNode(machine, node)
	else if (fault.kind === "up") mendNode(machine, node)
	else if (fault.kind === "pressure") pressNode(machine, node, fault.resource, fault.on)
	else if (fault.kind === "slow-pulls") state.nodes.slowness.set(node, fault.factor)
	else {
		reshapeNode(machine, node, { ...nodeShapeOf(machine, node), unschedulable: fault.on })
		retaint(machine, node, "NoSchedule")
	}
}
