import type { Instant } from "../base/index.ts"
import type { ObjectKey } from "../kube/index.ts"

/** One thing that happened, small and flat; made when it is read. `at` is cluster time, `sequence` orders all facts. */
export type Fact =
	| PodFact
	| {
			readonly kind: "object"
			readonly at: Instant
			readonly sequence: number
			readonly step: "created" | "changed" | "deleted"
			readonly key: ObjectKey
			/** True where `spec` (or, without one, the content) changed, not status or metadata alone. */
			readonly spec: boolean
	  }
	/** A DaemonSet's current revision is now this one: new, or an old template that returned (rule H2). */
	| {
			readonly kind: "revision"
			readonly at: Instant
			readonly sequence: number
			readonly daemonSet: ObjectKey
			readonly uid: string
			readonly revision: number
			readonly hash: string
			/** The name of the ControllerRevision. */
			readonly name: string
			readonly returned: boolean
	  }
	/** A sync stored a status. The numbers are rule S1's. */
	| {
			readonly kind: "status"
			readonly at: Instant
			readonly sequence: number
			readonly daemonSet: ObjectKey
			readonly uid: string
			readonly observedGeneration: number
			readonly desired: number
			readonly updated: number
			readonly available: number
			readonly ready: number
			readonly misscheduled: number
	  }
	| {
			readonly kind: "node"
			readonly at: Instant
			readonly sequence: number
			readonly step:
				| "joined"
				| "left"
				| "ready"
				| "not-ready"
				| "unknown"
				| "cordoned"
				| "uncordoned"
				| "tainted"
				| "untainted"
			readonly node: string
	  }
	/** A Kubernetes Event, as it was counted up. */
	| {
			readonly kind: "event"
			readonly at: Instant
			readonly sequence: number
			readonly type: "Normal" | "Warning"
			readonly reason: string
			readonly message: string
			readonly source: string
			readonly regarding: ObjectKey
			readonly count: number
	  }

/**
 * Reads facts one after another as they lie in memory. What it says is of the fact that `next` came to, and only until
 * the next call.
 */
export type FactReader = {
	/** Goes to the next fact, also to one that happened after the last call; false where there is none. */
	next(): boolean
	readonly kind: Fact["kind"]
	/** For facts of that kind alone. */
	readonly pod: PodReading
	readonly node: NodeReading
	/** The fact itself, to be kept. */
	made(): Fact
}

/** Facts that have happened, made one by one as somebody reads them. */
export type Facts = Iterable<Fact> & { readonly length: number }

/** The same two numbers are the same name, and another name has others: who counts nodes needs no text. */
export type NodeNumbers = {
	/** 0 for no node. */
	readonly nodeBase: number
	/** What stands behind the base, or -1 where that is the whole name. */
	readonly nodeNumber: number
}
export type NodeReading = Extract<Fact, { readonly kind: "node" }> & NodeNumbers
export type PodReading = PodFact &
	NodeNumbers & {
		/** `fluentd-x7k2p` in two parts: the second is a number (`suffixText`), or -1 where the first is the whole name. */
		readonly podBase: string
		readonly podSuffix: number
	}

export type PodFact = {
	readonly kind: "pod"
	readonly at: Instant
	readonly sequence: number
	readonly step:
		| "created"
		| "scheduled"
		/** The scheduler found no place; `reason` is its message. */
		| "unschedulable"
		| "pulling"
		| "started"
		| "ready"
		/** Available by rule R4: ready for minReadySeconds. */
		| "available"
		| "unready"
		/** A container ended or a pull failed; `reason` is `CrashLoopBackOff`, `ImagePullBackOff`, `OOMKilled`, … */
		| "failing"
		| "failed"
		| "succeeded"
		| "evicted"
		| "preempted"
		| "terminating"
		| "gone"
	readonly namespace: string
	readonly pod: string
	readonly uid: string
	/** Empty while it is known neither by binding nor by its node affinity (rule C1). */
	readonly node: string
	/** The owner, where it is a DaemonSet. */
	readonly daemonSet?: ObjectKey | undefined
	readonly daemonSetUid?: string | undefined
	/** Its controller-revision-hash; empty where it has none. */
	readonly hash: string
	readonly reason?: string | undefined
}
