import {
	compileNodeSelectorTerms,
	type NodeSelectorTest,
	type PodSpec,
	type StringMap,
	type Taint,
	type Toleration,
	tolerates,
	untoleratedTaints,
} from "../../kube/index.ts"
import type { Amount, Demand, HostPort } from "./demand.ts"
import type { Reason } from "./reasons.ts"

/** What a pod asks of a node besides room: compiled once for a template. */
export type Needs = {
	/** Set in the template itself: the scheduler is not asked at all (P6). */
	readonly nodeName?: string
	readonly tolerations: readonly Toleration[]
	readonly nodeSelector: StringMap
	readonly affinity?: NodeSelectorTest
}

/** A node as far as placement looks at it. */
export type NodeFacts = {
	readonly name: string
	readonly labels: StringMap
	readonly taints: readonly Taint[]
	readonly unschedulable: boolean
}

/** What a node can allot and what its pods have taken, their host ports included. Numbers as in `Demand`. */
export type Room = {
	readonly allocatable: Demand
	readonly used: Demand
	readonly podLimit: number
	readonly podCount: number
}

export function needsOf(spec: PodSpec): Needs {
	const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
	return {
		...(spec.nodeName ? { nodeName: spec.nodeName } : {}),
		tolerations: spec.tolerations ?? [],
		nodeSelector: spec.nodeSelector ?? {},
		...(required === undefined ? {} : { affinity: compileNodeSelectorTerms(required.nodeSelectorTerms) }),
	}
}

/**
 * K4: why the node is not for the pod, in the order of the scheduler's filters, of which the first that refuses is the
 * only one heard: unschedulable, name, taints, affinity, host ports, room. Only the last names several reasons. Empty
 * where the pod fits.
 */
export function fit(demand: Demand, needs: Needs, node: NodeFacts, room: Room): readonly Reason[] {
	const refused = refusal(needs, node)
	if (refused !== undefined) return [refused]
	if (portsClash(demand.ports, room.used.ports)) return [NO_PORTS]
	return shortages(demand, room)
}

/** The part of `fit` that is the same for all nodes with the same facts: ask it once for them (P1). */
export function refusal(needs: Needs, node: NodeFacts): Reason | undefined {
	if (node.unschedulable && !needs.tolerations.some((toleration) => tolerates(toleration, UNSCHEDULABLE))) {
		return CORDONED
	}
	if (needs.nodeName !== undefined && needs.nodeName !== node.name) return OTHER_NAME
	const [taint] = untoleratedTaints(node.taints, needs.tolerations, ["NoSchedule", "NoExecute"])
	if (taint !== undefined) {
		return { text: `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`, final: true }
	}
	for (const key in needs.nodeSelector) {
		if (!Object.hasOwn(node.labels, key) || node.labels[key] !== needs.nodeSelector[key]) return NO_MATCH
	}
	return needs.affinity?.(node.labels, node.name) === false ? NO_MATCH : undefined
}

/**
 * K5: room as the fit filter counts it, from what is left of a node; a resource that is not asked for is not looked at,
 * so an overcommitted node still takes a pod without requests. Nothing is allocated: it is asked for every pod.
 */
export function hasRoom(
	demand: Demand,
	podsFree: number,
	cpuFreeMilli: number,
	memoryFreeBytes: number,
	ephemeralFreeBytes: number,
): boolean {
	return (
		podsFree >= 1 &&
		(demand.cpuMilli === 0 || demand.cpuMilli <= cpuFreeMilli) &&
		(demand.memoryBytes === 0 || demand.memoryBytes <= memoryFreeBytes) &&
		(demand.ephemeralBytes === 0 || demand.ephemeralBytes <= ephemeralFreeBytes)
	)
}

/** K5, with all that is short. K6: more than the node could ever give is final: no victim would help. */
export function shortages(demand: Demand, { allocatable, used, podLimit, podCount }: Room): readonly Reason[] {
	const reasons: Reason[] = []
	if (podCount + 1 > podLimit) reasons.push(TOO_MANY_PODS)
	const check = (resource: string, wanted: number, limit: number, taken: number): void => {
		if (wanted > 0 && wanted > limit - taken) reasons.push(insufficient(resource, wanted > limit))
	}
	check("cpu", demand.cpuMilli, allocatable.cpuMilli, used.cpuMilli)
	check("memory", demand.memoryBytes, allocatable.memoryBytes, used.memoryBytes)
	check("ephemeral-storage", demand.ephemeralBytes, allocatable.ephemeralBytes, used.ephemeralBytes)
	for (const { resource, amount } of demand.others) {
		check(resource, amount, amountOf(allocatable.others, resource), amountOf(used.others, resource))
	}
	return reasons
}

/** K7: two host ports clash with the same port and protocol, and the same address or 0.0.0.0 on either side. */
export function portsClash(wanted: readonly HostPort[], taken: readonly HostPort[]): boolean {
	for (const one of wanted) {
		for (const other of taken) {
			if (one.port !== other.port || one.protocol !== other.protocol) continue
			if (one.hostIP === other.hostIP || one.hostIP === ANY_ADDRESS || other.hostIP === ANY_ADDRESS) return true
		}
	}
	return false
}

export function amountOf(amounts: readonly Amount[], resource: string): number {
	for (const item of amounts) if (item.resource === resource) return item.amount
	return 0
}

function insufficient(resource: string, final: boolean): Reason {
	return { text: `Insufficient ${resource}`, final }
}

const ANY_ADDRESS = "0.0.0.0"
const UNSCHEDULABLE: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }
const CORDONED: Reason = { text: "node(s) were unschedulable", final: true }
const OTHER_NAME: Reason = { text: "node(s) didn't match the requested node name", final: true }
const NO_MATCH: Reason = { text: "node(s) didn't match Pod's node affinity/selector", final: true }
const NO_PORTS: Reason = { text: "node(s) didn't have free ports for the requested pod ports", final: false }
const TOO_MANY_PODS: Reason = { text: "Too many pods", final: false }
