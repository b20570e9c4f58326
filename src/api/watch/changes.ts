import type { Instant } from "../../base/index.ts"
import type { Cluster, FactReader } from "../../cluster/index.ts"
import { keyOf, keyParts, type ObjectKey, objectKey } from "../../kube/index.ts"
import type { CopyOf } from "../copies.ts"
import { leaseKey } from "../handlers/made.ts"
import { FollowedKind, type KindName } from "./followed-kind.ts"
import type { KindLog } from "./kind-log.ts"

/** How long a kind is followed that nobody watches: who lists and then watches has that long to come. */
const UNWATCHED_MS = 60_000

const POD: KindName = "/Pod"
const NODE: KindName = "/Node"
const EVENT: KindName = "/Event"

export type ChangesParts = {
	readonly cluster: () => Cluster | undefined
	/** Milliseconds of a clock that never goes back. */
	readonly now: () => number
	readonly copyOf: CopyOf
}

type Used = { readonly followed: FollowedKind; usedAt: number }

/** Follows the kinds that somebody reads, from the facts of each batch once it is durable. */
export class Changes {
	readonly #parts: ChangesParts
	readonly #kinds = new Map<KindName, Used>()
	#sequence = 0
	#version = 0
	#at: Instant = 0

	constructor(parts: ChangesParts) {
		this.#parts = parts
	}

	/** What happens to objects of the kind from now on can be asked for. */
	follow(kind: KindName, cluster: Cluster): KindLog {
		const known = this.#kinds.get(kind)
		if (known !== undefined) {
			known.usedAt = this.#parts.now()
			return known.followed.log
		}
		if (this.#kinds.size === 0) this.#catchUp(cluster)
		const followed = new FollowedKind(kind, cluster, this.#parts.copyOf)
		this.#kinds.set(kind, { followed, usedAt: this.#parts.now() })
		return followed.log
	}

	/** A batch is durable: what it changed goes into the logs. Says of which kinds there is something to tell. */
	told(written: readonly ObjectKey[]): ReadonlySet<KindName> {
		const changed = new Set<KindName>()
		const cluster = this.#parts.cluster()
		if (cluster === undefined || this.#kinds.size === 0) return changed
		for (const facts = cluster.readFacts(this.#sequence); facts.next(); ) this.#take(facts)
		for (const key of written) this.#touch(key)
		this.#touchMany(cluster)
		this.#catchUp(cluster)
		for (const [kind, { followed }] of this.#kinds) if (followed.close(cluster)) changed.add(kind)
		return changed
	}

	/** Lets go of what nobody asked for in time; `watched`: the kinds that somebody watches. */
	forget(isWatched: (kind: KindName) => boolean): void {
		const now = this.#parts.now()
		for (const [kind, used] of this.#kinds) {
			if (isWatched(kind)) used.usedAt = now
			else if (now - used.usedAt > UNWATCHED_MS) this.#kinds.delete(kind)
		}
	}

	#catchUp(cluster: Cluster): void {
		this.#sequence = cluster.sequence()
		this.#version = cluster.version()
		this.#at = cluster.now()
	}

	#take(facts: FactReader): void {
		switch (facts.kind) {
			case "pod": {
				if (!this.#kinds.has(POD)) break
				const { namespace, pod: name } = facts.pod
				this.#touch(objectKey({ group: "", kind: "Pod", namespace, name }))
				break
			}
			case "node":
				this.#touch(nodeKey(facts.node.node))
				if (facts.node.step === "joined" || facts.node.step === "left") this.#touch(leaseKey(facts.node.node))
				break
			case "event":
			case "revision":
				break
			default: {
				const fact = facts.made()
				if (fact.kind === "status") this.#touch(fact.daemonSet)
				if (fact.kind === "object") this.#touch(fact.key)
			}
		}
	}

	/** What changes without a fact that names it. */
	#touchMany(cluster: Cluster): void {
		if (this.#kinds.has(NODE)) {
			for (const name of cluster.changedNodes(this.#version)) this.#touch(nodeKey(name))
		}
		if (this.#kinds.has(EVENT)) for (const event of cluster.changedEvents(this.#at)) this.#touch(keyOf(event))
	}

	#touch(key: ObjectKey): void {
		const { group, kind } = keyParts(key)
		this.#kinds.get(`${group}/${kind}`)?.followed.touch(key)
	}
}

function nodeKey(name: string): ObjectKey {
	return objectKey({ group: "", kind: "Node", namespace: "", name })
}
