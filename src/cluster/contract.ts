import type { Instant } from "../base/index.ts"
import type { FieldTerm, KubeObject, ObjectKey, Refusal, ResourceList, StringMap, Taint } from "../kube/index.ts"
import type { Fact, FactReader } from "./fact.ts"
import type { Standing } from "./standing.ts"

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
	/** The object with what the control plane owns of it (A14), as JSON.stringify gives it: of a pod for a fraction. */
	text(key: ObjectKey): string | undefined
	/** The labels of a node but for its host name, without making anything; undefined where there is no such node. */
	labelsOf(node: string): StringMap | undefined
	/** What the nodes are like: one for all that are alike but for their names. */
	nodeKinds(): Iterable<NodeKind>
	/** Pods that are no DaemonSet's. */
	otherPods(): number
	/** The first node on which both DaemonSets should run; undefined where there is none. */
	sharedNode(one: ObjectKey, other: ObjectKey): string | undefined
	/** In order of namespace, then name. Objects are made as they are read. */
	list(query: ListQuery): Iterable<KubeObject>
	/**
	 * The objects of `list` as JSON.stringify gives them without `apiVersion` and `kind`, as they stand in a list: of pods
	 * for a fraction of what it costs to make them.
	 */
	texts(query: ListQuery): Iterable<string>
	/** How many objects `list` gives. */
	count(query: ListQuery): number
	/** A DaemonSet's rolling update as its next pass would see it, and the nodes that keep it; undefined where there is none. */
	standing(daemonSet: ObjectKey): Standing | undefined
	/** The nodes of its `leftOut`, by reason: all of them by name, in no order. */
	leftOutNodes(daemonSet: ObjectKey): ReadonlyMap<string, readonly string[]>
	/** Facts with a sequence above `after`, in order. The ring keeps a bounded number: read them after every advance. */
	facts(after: number): Iterable<Fact>
	/** Reads the same facts without making them. */
	readFacts(after: number): FactReader
	/** No fact above `after` is let go before this is called again; those up to it may be at once. */
	keepFacts(after: number): void
	/** The sequence of the newest fact. */
	sequence(): number
	/** Nodes with a higher resourceVersion than that. */
	changedNodes(after: number): Iterable<string>
	/** Events that are new, or were counted up, at that moment or later. */
	changedEvents(since: Instant): Iterable<KubeObject>
	/** The one first that was not counted up for the longest time, about; read it of a copy that stands still. */
	eventsByAge(): Iterable<KubeObject>
	/** The newest resourceVersion: that of a list made now. */
	version(): number
	/** 128 bits in hex, over every event since the start. */
	digest(): string
	/** What the controller manager may ask of the API (rule N16). */
	pace(): Pace
	/** A copy that shares nothing that changes. */
	fork(changes?: ForkChanges): Cluster
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

/** Requests a second, 0 where there is no limit, and how many at once. */
export type Pace = { readonly qps: number; readonly burst: number }

/** What a copy has otherwise: what chance decides from here on, and the client limit (0 lifts it). */
export type ForkChanges = { readonly dice?: string; readonly controlPlaneQps?: number }

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
	/** Pods only: those that it selects; no other is made for it. */
	readonly selector?: PodSelector
	/** Only what comes after an object of this namespace (empty where it has none) and name. */
	readonly after?: { readonly namespace: string; readonly name: string }
}

/** Which pods: all of it holds. */
export type PodSelector = {
	/** Whether pods with these labels are meant; of any where there is none. */
	readonly labels?: (labels: StringMap | undefined) => boolean
	/** Of those that the API server selects pods by. */
	readonly fields: readonly FieldTerm[]
}

/** Anything that changes the cluster from outside. Whole objects, never a commit id alone: replaying decides nothing. */
export type Input = {
	/** Who: `commit 4f2c…`, `kubectl`, `fleet`, `fault`, `engine`. */
	readonly source: InputSource
	readonly writes: readonly Write[]
}

export type InputSource =
	/** `by`: objects that another commit brought, of those that `commit` brings in with it. */
	| { readonly kind: "commit"; readonly commit: string; readonly by?: { readonly [key: ObjectKey]: string } }
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
			/** Of a kind whose status is no part of its own: that as well. */
			readonly whole?: true
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
			/** As it stands then; of a deletion what is left, where something has to happen first. */
			readonly object?: KubeObject
			readonly warnings: readonly string[]
	  }
	| { readonly accepted: false; readonly refusal: Refusal }
