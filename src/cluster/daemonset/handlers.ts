import { jsonEqual } from "../../base/index.ts"
import type { Node } from "../../kube/index.ts"
import type { Placement } from "./placement.ts"

/** S6: a node's update is looked at only where labels or taints differ; its deletion is not looked at at all. */
export function nodeUpdateCounts(before: Node, after: Node): boolean {
	return (
		!jsonEqual(before.metadata.labels ?? {}, after.metadata.labels ?? {}) ||
		!jsonEqual(before.spec?.taints ?? [], after.spec?.taints ?? [])
	)
}

/** S6: whether a node that joined, or whose labels or taints changed, queues a DaemonSet. */
export function nodeQueues(node: NodeChange): boolean {
	const { shouldRun, shouldContinue } = node.placement
	if (!node.hasPod) return shouldRun
	return !shouldContinue || node.misscheduled > 0
}
export type NodeChange = {
	readonly placement: Placement
	/** A pod that the DaemonSet owns is bound to the node (`spec.nodeName`, not rule C1), whatever its state. */
	readonly hasPod: boolean
	/** `status.numberMisscheduled` as it is stored. */
	readonly misscheduled: number
}

/** What the watch delivers about one pod, as far as handlers look at it. */
export type PodChange = {
	readonly step: "added" | "updated" | "deleted"
	/** UID of the controlling owner; `before` only for updates. */
	readonly owner: string | undefined
	readonly ownerBefore?: string | undefined
	readonly terminating: boolean
	readonly labelsChanged?: boolean
	/** Ready now and not before. */
	readonly becameReady?: boolean
}

export type PodReaction = {
	/** The owners to queue, by UID. */
	readonly queue: readonly string[]
	/** An orphan that somebody may adopt: every DaemonSet whose selector matches it is queued. */
	readonly queueSelecting?: true
	/** S4: what the owner in `queue` waits for has come. */
	readonly observed?: "creation" | "deletion"
	/** The owner comes back minReadySeconds and one second later, where it has such. */
	readonly ripens?: true
}

const NOTHING: PodReaction = { queue: [] }

/** S4, S6: what a change of a pod does to DaemonSets. Being marked for deletion counts as deleted. */
export function podReaction(change: PodChange): PodReaction {
	const { step, owner, ownerBefore, terminating } = change
	if (step === "deleted" || terminating) {
		return owner === undefined ? NOTHING : { queue: [owner], observed: "deletion" }
	}
	if (step === "added") {
		return owner === undefined ? { queue: [], queueSelecting: true } : { queue: [owner], observed: "creation" }
	}
	const left = ownerBefore !== undefined && ownerBefore !== owner ? [ownerBefore] : []
	if (owner === undefined) {
		const open = left.length > 0 || change.labelsChanged === true
		return { queue: left, ...(open ? { queueSelecting: true as const } : {}) }
	}
	return { queue: [...left, owner], ...(change.becameReady === true ? { ripens: true as const } : {}) }
}
