import { byCodeUnit } from "../../base/index.ts"

/** Why one node is not for one pod. `final`: no preemption would change it. */
export type Reason = { readonly text: string; readonly final: boolean }

/** How the attempt to make room ended; it is the last part of the message. */
export type PreemptionResult =
	/** Victims were found, or nobody asked: the message has no such part. */
	| { readonly kind: "none" }
	| { readonly kind: "not-eligible"; readonly why: "never" | "waiting" }
	/** Texts and their numbers of nodes. */
	| { readonly kind: "failed"; readonly counts: ReadonlyMap<string, number> }

export const NO_VICTIMS = "No preemption victims found for incoming pod"
export const NOT_HELPFUL = "Preemption is not helpful for scheduling"
const OTHER_NODES = "node(s) didn't satisfy plugin(s) [NodeAffinity]"
const OTHER_NODES_NOMINATED = "node(s) didn't satisfy plugin(s) [NodeAffinity NodeResourcesFit]"

const NOT_ELIGIBLE = {
	never: "not eligible due to preemptionPolicy=Never.",
	waiting: "not eligible due to a terminating pod on the nominated node.",
}

/**
 * K9: the message of FailedScheduling and of the PodScheduled condition, as the real scheduler writes it. `counts` has
 * the number of nodes for each reason; a node with several reasons counts in each.
 */
export function unschedulableMessage(
	nodeCount: number,
	counts: ReadonlyMap<string, number>,
	preemption: PreemptionResult,
): string {
	if (nodeCount === 0) return `no nodes available to schedule pods`
	const nodes = `${available(nodeCount, counts)}.`
	if (preemption.kind === "none") return nodes
	const outcome =
		preemption.kind === "not-eligible" ? NOT_ELIGIBLE[preemption.why] : `${available(nodeCount, preemption.counts)}.`
	return `${nodes} no new claims to deallocate, preemption: ${outcome}`
}

/**
 * K10: a daemon pod looks at one node only; all others count as one reason of the affinity plugin. `reasons` are those
 * of its own node, undefined where that node does not exist. `refused` is what preempting on it ran into.
 */
export function pinnedMessage(
	nodeCount: number,
	reasons: readonly Reason[] | undefined,
	preemption: { readonly kind: "none" | "never" | "waiting" } | { readonly kind: "failed"; readonly refused: string },
): string {
	const counts = new Map<string, number>()
	for (const reason of reasons ?? []) counts.set(reason.text, 1)
	const others = nodeCount - (reasons === undefined ? 0 : 1)
	if (others > 0) counts.set(preemption.kind === "waiting" ? OTHER_NODES_NOMINATED : OTHER_NODES, others)
	if (preemption.kind === "none") return unschedulableMessage(nodeCount, counts, { kind: "none" })
	if (preemption.kind !== "failed") {
		return unschedulableMessage(nodeCount, counts, { kind: "not-eligible", why: preemption.kind })
	}
	const outcomes = new Map<string, number>()
	if (reasons !== undefined) outcomes.set(preemption.refused, 1)
	if (others > 0) outcomes.set(NOT_HELPFUL, others + (outcomes.get(NOT_HELPFUL) ?? 0))
	return unschedulableMessage(nodeCount, counts, { kind: "failed", counts: outcomes })
}

/** The Events that the scheduler writes. */
export const SCHEDULER_EVENTS = {
	scheduled: (pod: string, node: string) => `Successfully assigned ${pod} to ${node}`,
	preempted: (preemptorUid: string, node: string) => `Preempted by pod ${preemptorUid} on node ${node}`,
} as const

function available(nodeCount: number, counts: ReadonlyMap<string, number>): string {
	const parts = [...counts].map(([text, count]) => `${count} ${text}`).sort(byCodeUnit)
	return `0/${nodeCount} nodes are available${parts.length > 0 ? ": " : ""}${parts.join(", ")}`
}
