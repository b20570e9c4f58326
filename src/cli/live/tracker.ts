import type { Fact } from "../../cluster/index.ts"
import type { Told } from "../../engine/index.ts"
import type { CommitLine, LedgerEntry, RolloutRow } from "../../history/index.ts"
import { type DaemonSet, keyOf, type Node, type ObjectKey } from "../../kube/index.ts"
import { placeOf } from "../ledger/words.ts"
import type { ClusterReader } from "../reader.ts"
import type { LiveDaemonSet, LiveModel } from "./model.ts"

export type Tracked = {
	readonly repository: string
	readonly branch: string
	readonly speed: number | "max"
	/** Undefined until the first commit was read. */
	readonly cluster: () => ClusterReader | undefined
	/** The newest rollout of a DaemonSet, from the ledger. */
	readonly newest: (daemonSet: ObjectKey) => RolloutRow | undefined
	readonly head: () => CommitLine | undefined
}

/** Keeps beside the cluster what a picture of it needs and would be slow to ask for ten times a second. */
export class LiveTracker {
	readonly #parts: Tracked
	#source: LiveModel["source"] = { state: "ready" }
	#nodes: { count: number; readonly notReady: Set<string> } | undefined
	readonly #rollouts = new Map<ObjectKey, RolloutRow | undefined>()
	#head: CommitLine | undefined

	constructor(parts: Tracked) {
		this.#parts = parts
		this.#head = parts.head()
	}

	told({ entries, facts, source }: Told): void {
		this.#source =
			source.kind === "ready"
				? { state: source.kind }
				: { state: source.kind, message: source.message, next: source.next }
		for (const entry of entries) this.#note(entry)
		if (this.#nodes) for (const fact of facts) this.#count(fact, this.#nodes)
	}

	model(): LiveModel {
		const { repository, branch, speed } = this.#parts
		const cluster = this.#parts.cluster()
		const nodes = cluster && this.#countNodes(cluster)
		return {
			repository,
			branch,
			source: this.#source,
			clusterTime: cluster?.now() ?? 0,
			speed: speed === "max" ? Number.POSITIVE_INFINITY : speed,
			nodes: nodes?.count ?? 0,
			notReady: nodes?.notReady.size ?? 0,
			...(this.#head ? { head: this.#head } : {}),
			daemonSets: cluster ? this.#daemonSets(cluster) : [],
		}
	}

	#daemonSets(cluster: ClusterReader): readonly LiveDaemonSet[] {
		const all: LiveDaemonSet[] = []
		for (const object of cluster.list({ group: "apps", kind: "DaemonSet" })) {
			const key = keyOf(object)
			if (!this.#rollouts.has(key)) this.#rollouts.set(key, this.#parts.newest(key))
			all.push(liveDaemonSet(object as DaemonSet, this.#rollouts.get(key)))
		}
		return all
	}

	#note(entry: LedgerEntry): void {
		if (entry.kind === "commit" && entry.verdict !== "superseded") {
			const { commit, author, subject } = entry.commit
			this.#head = { commit, author: author.name, subject }
		}
		// The entry is durable before it is told, so the ledger knows of it.
		if (entry.kind === "rollout-started" || entry.kind === "rollout-ended") this.#rollouts.delete(entry.daemonSet)
	}

	#countNodes(cluster: ClusterReader): { count: number; readonly notReady: Set<string> } {
		if (this.#nodes) return this.#nodes
		const nodes = { count: 0, notReady: new Set<string>() }
		for (const node of cluster.list({ group: "", kind: "Node" })) {
			nodes.count++
			if (!isReady(node as Node)) nodes.notReady.add(node.metadata.name)
		}
		this.#nodes = nodes
		return nodes
	}

	#count(fact: Fact, nodes: { count: number; readonly notReady: Set<string> }): void {
		if (fact.kind !== "node") return
		if (fact.step === "joined") nodes.count++
		if (fact.step === "left") nodes.count--
		if (fact.step === "ready" || fact.step === "left") nodes.notReady.delete(fact.node)
		if (fact.step === "not-ready" || fact.step === "unknown") nodes.notReady.add(fact.node)
	}
}

/**
 * The status does not say which of the available pods are new ones: counted as new is what cannot be old, so that a bar
 * never shows more than is known.
 */
export function liveDaemonSet(object: DaemonSet, rollout: RolloutRow | undefined): LiveDaemonSet {
	const {
		desiredNumberScheduled: desired = 0,
		updatedNumberScheduled: updated = 0,
		numberAvailable = 0,
	} = object.status ?? {}
	const available = Math.min(numberAvailable, desired)
	const fresh = Math.max(0, Math.min(available, updated, available - (desired - updated)))
	const stuck = rollout?.verdict === "stuck" ? stuckText(rollout) : undefined
	return {
		name: placeOf(keyOf(object)),
		desired,
		fresh,
		old: available - fresh,
		unavailable: desired - available,
		...(rollout ? { revision: rollout.to.revision } : {}),
		...(rollout?.commit ? { commit: rollout.commit } : {}),
		...(stuck ? { stuck } : {}),
	}
}

function stuckText({ causes, reason }: RolloutRow): string {
	return causes.map(({ cause, nodes }) => `${cause} on ${nodes}`).join(", ") || reason || "not complete"
}

function isReady(node: Node): boolean {
	return (node.status?.conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True")
}
