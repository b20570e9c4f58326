import type { Instant } from "../base/index.ts"
import type { KubeObject, ObjectKey, Refusal, ResourceList, StringMap, Taint } from "../kube/index.ts"

/** What the engine, the rehearsal and the API see of the simulated cluster. Everything in it is synchronous and pure. */
export type Cluster = {
	readonly seed: string
	/** Cluster time: never goes back. */
	now(): Instant
	/** How the write would be answered now; nothing changes (a dry run). */
	judge(write: Write): Verdict
	/** Acts now. Every write is judged anew and stands or falls alone; the verdicts are in the order of the writes. */
	input(input: Input): readonly Verdict[]
	/** Runs everything due up to and including `to`, at most `limit` timeline entries; `now` ends at `to` unless stopped by the limit. Returns how many ran. */
	advance(to: Instant, limit?: number): number
	/** When the next timeline entry is due; undefined where nothing is left to come. */
	nextAt(): Instant | undefined
	/** True where nothing is left but repeats: every DaemonSet is done, or stuck with a cause. */
	settled(): boolean
	read(key: ObjectKey): KubeObject | undefined
	/** The labels of a node, without making the object; undefined where there is no such node. */
	labelsOf(node: string): StringMap | undefined
	/** What the nodes are like: one for all that are alike but for their names. */
	nodeKinds(): Iterable<NodeKind>
	/** Pods that are no DaemonSet's. */
	otherPods(): number
	/** The first node on which both DaemonSets should run; undefined where there is none. */
	sharedNode(one: ObjectKey, other: ObjectKey): string | undefined
	/** In order of namespace, then name. Objects are made as they are read. */
	list(query: ListQuery): Iterable<KubeObject>
	/** A DaemonSet's rolling update as its next pass would see it, and the nodes that keep it; undefined where there is none. */
	standing(daemonSet: ObjectKey): Standing | undefined
	/** Facts with a sequence above `after`, in order. The ring keeps a bounded number: read them after every advance. */
	facts(after: number): Iterable<Fact>
	/** Reads the same facts without making them. */
	readFacts(after: number): FactReader
	/** No fact above `after` is let go before this is called again; those up to it may be at once. */
	keepFacts(after: number): void
	/** The sequence of the newest fact. */
	sequence(): number
	/** 128 bits in hex, over every event since the start. */
	digest(): string
	/** A copy that shares nothing that changes. With other `dice` what chance decides from here on falls otherwise. */
	fork(dice?: string): Cluster
	/** The whole state; `loadCluster` gives it back. Equal states give equal bytes. */
	save(): Uint8Array
}

/** Nodes that differ in their names alone. */
export type NodeKind = {
	readonly labels: StringMap
	readonly taints: readonly Taint[]
	readonly allocatable: ResourceList
	/** What other workloads take of each, as far as NodePools say. */
	readonly used: ResourceList
}

/** Where a DaemonSet stands now. Numbers are those of its next status, ahead of the stored one (rule S1). */
export type Standing = {
	/** Hash label of the current template; empty before the first sync. */
	readonly hash: string
	readonly desired: number
	readonly updated: number
	readonly available: number
	/** Nodes with an available pod of the current template and no other: where this very version is healthy. */
	readonly healthy: number
	/** Available old pods that wait for their turn (rules R5, R6, R8). */
	readonly waiting: number
	/** Rule R2, and how much of it is used (R5, R7). Absent under OnDelete. */
	readonly budget?: { readonly of: "maxUnavailable" | "maxSurge"; readonly size: number; readonly used: number }
	/** What keeps every pass from being made (rules R2, R9). */
	readonly error?: string
	/** Nodes that use the budget, or should have an available pod and have none; by name, made as they are read. */
	readonly trouble: Iterable<NodeTrouble>
	readonly leftOut: readonly LeftOut[]
}

/** Nodes that exist and that the DaemonSet does not want (rule P2), by reason: the most frequent first. */
export type LeftOut = {
	/** `selector`: its node selector or affinity; else the taint that it does not tolerate, as `key=value:Effect`. */
	readonly reason: string
	readonly nodes: number
	/** The first few by name. */
	readonly examples: readonly string[]
}

/** One node that a DaemonSet has trouble with: plain facts, from which history tells the cause. Instants are cluster time. */
export type NodeTrouble = {
	readonly node: string
	/** `unknown`: nobody hears its kubelet (rule N7). `none`: it joined and never reported. `gone`: there is no such Node. */
	readonly state: "ready" | "not-ready" | "unknown" | "none" | "gone"
	/** Since when it is so; 0 where it is gone. */
	readonly since: Instant
	readonly cordoned: boolean
	/** A taint that the pod does not tolerate, as `key=value:Effect`. */
	readonly taint?: string
	readonly usesBudget: boolean
	/** The pod that speaks for the node: the new one where there is one, else the old one, else one that is going. */
	readonly pod?: PodTrouble
}

export type PodTrouble = {
	readonly name: string
	/** Of the current template. */
	readonly isNew: boolean
	/** What it is at. `pending`: without a node; `waiting`: its kubelet has not begun. */
	readonly stage:
		| "pending"
		| "waiting"
		| "pulling"
		| "pull-back-off"
		| "starting"
		| "initializing"
		| "running"
		| "ready"
		| "crash-back-off"
		| "failed"
		| "succeeded"
	/** When that began. */
	readonly since: Instant
	/** On its way: by when 99 of 100 pods of its behavior are available. */
	readonly expectedAt?: Instant
	/** It is being deleted: since when, and when it is killed at the latest. */
	readonly terminating?: { readonly since: Instant; readonly until: Instant }
	/** The scheduler found no place. */
	readonly noRoom?: NoRoom
	/** The container that keeps it: its state's or last state's reason, as `kubectl get pod -o yaml` has them. */
	readonly container?: {
		readonly name: string
		readonly image: string
		readonly reason: string
		readonly message?: string
		/** Of its last run: how that ended. */
		readonly exitCode?: number
		readonly ended?: string
		readonly restarts: number
	}
}

export type NoRoom = {
	/** The scheduler's own words (rule K9). */
	readonly message: string
	/** Each resource that is short on the pod's own node: thousandths of a core, bytes, or pieces. */
	readonly short: readonly {
		readonly resource: string
		readonly wanted: number
		readonly free: number
		/** Who holds most of it, the largest first; NodePools' `used` is `other workloads`. */
		readonly holders: readonly { readonly pod: string; readonly amount: number }[]
	}[]
	/** Rules K6, K11, K14: whether pods of lower priority could make room. */
	readonly preemption: "under-way" | "never" | "impossible" | "nobody-lower" | "not-enough"
}

export type ClusterOptions = {
	readonly seed: string
	readonly start: Instant
	/** Requests a second that the controller manager may make (rule N16); 0 lifts the limit. Default 20, burst 30. */
	readonly controlPlaneQps?: number
	readonly controlPlaneBurst?: number
}

/** Which objects: `pods` on one node, all DaemonSets, and so on. */
export type ListQuery = {
	readonly group: string
	readonly kind: string
	readonly namespace?: string
	/** Pods only. */
	readonly nodeName?: string
}

/** Anything that changes the cluster from outside. Whole objects, never a commit id alone: replaying decides nothing. */
export type Input = {
	/** Who: `commit 4f2c…`, `kubectl`, `fleet`, `fault`, `engine`. */
	readonly source: InputSource
	readonly writes: readonly Write[]
}

export type InputSource =
	| { readonly kind: "commit"; readonly commit: string }
	| { readonly kind: "fleet"; readonly name: string }
	| { readonly kind: "client"; readonly client: string }
	/** With `as`: what the commits, or the fleet, described before is brought again. */
	| { readonly kind: "engine"; readonly rule: string; readonly as?: "commit" | "fleet" }

export type Write =
	/**
	 * A server-side apply by `manager`: fields in `object` are set, fields in `before` (what the manager applied last)
	 * that `object` no longer has go, all others stay. Creates where there is none.
	 */
	| {
			readonly verb: "apply"
			readonly key: ObjectKey
			readonly manager: string
			readonly object: KubeObject
			readonly before?: KubeObject
	  }
	| { readonly verb: "create"; readonly key: ObjectKey; readonly object: KubeObject }
	/** The whole object, spec and metadata; status only with `subresource: "status"`. */
	| {
			readonly verb: "update"
			readonly key: ObjectKey
			readonly object: KubeObject
			readonly subresource?: "status"
	  }
	| {
			readonly verb: "delete"
			readonly key: ObjectKey
			readonly propagation?: "Background" | "Foreground" | "Orphan"
			readonly gracePeriodSeconds?: number
			/** A10: which object is meant, where that is known; another one under the name stays. */
			readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
	  }
	/** What happens to machines, not to objects. */
	| { readonly verb: "fault"; readonly fault: Fault }

export type Fault =
	| { readonly kind: "node-down"; readonly node: string }
	| { readonly kind: "node-up"; readonly node: string }
	| {
			readonly kind: "pressure"
			readonly node: string
			readonly resource: "memory" | "disk" | "pid"
			readonly on: boolean
	  }
	| { readonly kind: "slow-pulls"; readonly node: string; readonly factor: number }

export type Verdict =
	| {
			readonly accepted: true
			readonly changed: boolean
			readonly object?: KubeObject
			readonly warnings: readonly string[]
	  }
	| { readonly accepted: false; readonly refusal: Refusal }

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
