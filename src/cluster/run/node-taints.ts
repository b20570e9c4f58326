import { noExecuteTaints, noScheduleTaints, withTaints } from "../node-lifecycle/index.ts"
import { type Machine, nodeShapeOf, remembered } from "../writes/machine.ts"
import { nodeState, reshapeNode } from "../writes/nodes.ts"

// The node controller's looks are counted from the epoch, so that they need no state.
export const PHASE = 0

/** The node lifecycle's own taints of one effect, as the node's state asks for them now. */
export function retaint(machine: Machine, node: number, effect: "NoSchedule" | "NoExecute"): void {
	const { state } = machine
	const shape = nodeShapeOf(machine, node)
	const facts = nodeState(state, node)
	const wanted = effect === "NoSchedule" ? noScheduleTaints(facts, shape.unschedulable) : noExecuteTaints(facts)
	const made = remembered(machine.memo.untainted, shape, () => new Map())
	const asked = `${effect} ${wanted.map(({ key }) => key).join(" ")}`
	const known = made.get(asked)
	if (known !== undefined) {
		reshapeNode(machine, node, known)
		return
	}
	const taints = withTaints(shape.taints, effect, wanted, state.now)
	if (taints === shape.taints) return
	reshapeNode(machine, node, { ...shape, taints })
	// What was added has its time, so it is no one else's; what only goes, goes alike from all nodes of the shape.
	if (taints.every((taint) => shape.taints.includes(taint))) made.set(asked, nodeShapeOf(machine, node))
}
