import { podsOn } from "../run/kubelet.ts"
import { demandFor, roomOf } from "../run/scheduler.ts"
import { amountOf, type Demand, mayPreempt, preempt, shortages } from "../scheduler/index.ts"
import type { NoRoom } from "../standing.ts"
import { podName } from "../state/names.ts"
import { half } from "../state/pods.ts"
import { textOf } from "../state/strings.ts"
import { type Machine, podShapeOf } from "../writes/machine.ts"

const HOLDERS = 3
/** What is no pod that anyone could name. */
const OTHERS = "other workloads"

/** K5, K6, K11, K14: what a pod that found no place lacks on the node that it is pinned to, and who has it. */
export function noRoom(machine: Machine, row: number): NoRoom {
	const { state } = machine
	const { pods, nodes } = state
	const node = pods.node[row] as number
	const message = textOf(state.strings, pods.message[row] as number)
	if (node === -1 || nodes.exists[node] !== 1) return { message, short: [], preemption: "impossible" }
	const demand = demandFor(machine, podShapeOf(machine, row))
	const room = roomOf(machine, node)
	const reasons = shortages(demand, room)
	const taken = holdersOn(machine, node, row)
	const short = reasons.map(({ text }) => {
		const resource = text === TOO_MANY ? "pods" : text.replace("Insufficient ", "")
		const limit = resource === "pods" ? room.podLimit : amount(room.allocatable, resource)
		const used = resource === "pods" ? room.podCount : amount(room.used, resource)
		return {
			resource,
			wanted: amount(demand, resource),
			free: Math.max(0, limit - used),
			holders: largest(
				taken.map(({ pod, holds }) => ({ pod, amount: amount(holds, resource) })),
				used,
			),
		}
	})
	return { message, short, preemption: preemptionOf(machine, row, demand, { reasons, room }) }
}

const TOO_MANY = "Too many pods"

type Holder = { readonly pod: string; readonly amount: number }

/** Resource names that no pod can ask for twice: what is left of `used` when all pods are counted is the pool's. */
function largest(holders: readonly Holder[], used: number): readonly Holder[] {
	const pods = holders.reduce((sum, holder) => sum + holder.amount, 0)
	const all = used > pods ? [...holders, { pod: OTHERS, amount: used - pods }] : holders
	return all
		.filter((holder) => holder.amount > 0)
		.sort((a, b) => b.amount - a.amount || (a.pod < b.pod ? -1 : 1))
		.slice(0, HOLDERS)
}

function holdersOn(machine: Machine, node: number, except: number) {
	const { pods, strings } = machine.state
	return podsOn(machine.state, node)
		.filter((row) => row !== except && pods.bound[row] === 1)
		.map((row) => ({
			pod: `${textOf(strings, pods.namespace[row] as number)}/${podName(strings, pods.base[row] as number, pods.number[row] as number)}`,
			holds: demandFor(machine, podShapeOf(machine, row)),
		}))
}

/** Each pod takes one of the node's places. */
function amount(of: Demand, resource: string): number {
	if (resource === "pods") return 1
	if (resource === "cpu") return of.cpuMilli
	if (resource === "memory") return of.memoryBytes
	return resource === "ephemeral-storage" ? of.ephemeralBytes : amountOf(of.others, resource)
}

function preemptionOf(
	machine: Machine,
	row: number,
	demand: Demand,
	{ reasons, room }: { reasons: ReturnType<typeof shortages>; room: ReturnType<typeof roomOf> },
): NoRoom["preemption"] {
	const { state } = machine
	const { pods } = state
	const { priority = 0, preemptionPolicy } = podShapeOf(machine, row).spec
	const others = podsOn(state, pods.node[row] as number)
		.filter((other) => other !== row && pods.bound[other] === 1)
		.map((other) => ({
			id: other,
			priority: podShapeOf(machine, other).spec.priority ?? 0,
			startedAt: pods.boundAt[half(other)] as number,
			demand: demandFor(machine, podShapeOf(machine, other)),
		}))
	const leaving = others.some((other) => (pods.deletedAt[half(other.id)] as number) > 0 && other.priority < priority)
	const asked = mayPreempt(preemptionPolicy, leaving).kind
	if (asked !== "yes") return asked === "waiting" ? "under-way" : "never"
	if (reasons.length === 0 || reasons.some(({ final }) => final)) return "impossible"
	if (!others.some((other) => other.priority < priority)) return "nobody-lower"
	return preempt(demand, priority, reasons, room, others).kind === "victims" ? "under-way" : "not-enough"
}
