import type { Demand } from "./demand.ts"
import { amountOf, type Needs, type NodeFacts, portsClash, type Room, refusal } from "./fit.ts"

/** The status that a kubelet gives a pod that it does not take: phase Failed, with this reason and message. */
export type Rejection = { readonly reason: string; readonly message: string }

/**
 * K19: a pod that comes to its node without the scheduler (nodeName in the template) is judged by the kubelet: room
 * first, then affinity, name, host ports, and of the taints NoExecute alone. Undefined where it is taken.
 */
export function admission(demand: Demand, needs: Needs, node: NodeFacts, room: Room): Rejection | undefined {
	const short = shortOf(demand, room)
	if (short !== undefined) return short
	const tolerant = { ...node, unschedulable: false, taints: [] }
	if (refusal(withoutName(needs), tolerant) !== undefined) {
		return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector")
	}
	if (needs.nodeName !== undefined && needs.nodeName !== node.name) {
		return predicate("NodeName", "node(s) didn't match the requested node name")
	}
	if (portsClash(demand.ports, room.used.ports)) {
		return predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports")
	}
	const executing = { ...tolerant, taints: node.taints.filter((taint) => taint.effect === "NoExecute") }
	if (refusal(withoutName(needs), executing) !== undefined) {
		return predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate")
	}
	return undefined
}

function shortOf(demand: Demand, { allocatable, used, podLimit, podCount }: Room): Rejection | undefined {
	if (podCount + 1 > podLimit) return outOf("pods", 1, podCount, podLimit)
	const named: readonly (readonly [string, "cpuMilli" | "memoryBytes" | "ephemeralBytes"])[] = [
		["cpu", "cpuMilli"],
		["memory", "memoryBytes"],
		["ephemeral-storage", "ephemeralBytes"],
	]
	for (const [resource, member] of named) {
		const wanted = demand[member]
		if (wanted > 0 && wanted > allocatable[member] - used[member]) {
			return outOf(resource, wanted, used[member], allocatable[member])
		}
	}
	for (const { resource, amount } of demand.others) {
		const capacity = amountOf(allocatable.others, resource)
		const taken = amountOf(used.others, resource)
		if (amount > capacity - taken) return outOf(resource, amount, taken, capacity)
	}
	return undefined
}

function outOf(resource: string, requested: number, used: number, capacity: number): Rejection {
	const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`
	return rejected(`OutOf${resource}`, `Node didn't have enough resource: ${resource}, ${amounts}`)
}

function predicate(name: string, why: string): Rejection {
	return rejected(name, `Predicate ${name} failed: ${why}`)
}

function rejected(reason: string, message: string): Rejection {
	return { reason, message: `Pod was rejected: ${message}` }
}

function withoutName({ nodeName: _, ...needs }: Needs): Needs {
	return needs
}
