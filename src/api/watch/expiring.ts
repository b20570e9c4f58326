import type { Cluster } from "../../cluster/index.ts"
import { type KubeObject, keyOf, type ObjectKey } from "../../kube/index.ts"
import type { Edition } from "./edition.ts"

/** Finds the Events that are gone because they did not happen again for an hour: nothing tells of that. */
export class Expiring {
	readonly #editions: ReadonlyMap<ObjectKey, Edition | undefined>
	/** Those of the copy, then those that were told of since: the oldest first. */
	#events: Iterator<KubeObject>
	#next: KubeObject | undefined
	/** Nothing that is gone is left to be told of. */
	isCaughtUp = true

	/** `editions`: what was told of since the copy, in that order. */
	constructor(copy: Cluster, editions: ReadonlyMap<ObjectKey, Edition | undefined>) {
		this.#editions = editions
		this.#events = byAge(copy, editions)
		this.#next = this.#read()
	}

	/** The next ones that are gone from the cluster, at most so many. */
	take(cluster: Cluster, most: number): readonly ObjectKey[] {
		if (this.#next === undefined) {
			this.#events = since(this.#editions)
			this.#next = this.#read()
		}
		const gone: ObjectKey[] = []
		for (; this.#next !== undefined && gone.length < most; this.#next = this.#read()) {
			const key = keyOf(this.#next)
			const now = cluster.read(key)
			if (now === undefined) gone.push(key)
			// Those that come after it are younger; one that happened again comes once more.
			else if (now.metadata.resourceVersion === this.#next.metadata.resourceVersion) break
		}
		this.isCaughtUp = gone.length < most
		return gone
	}

	#read(): KubeObject | undefined {
		const next = this.#events.next()
		return next.done === true ? undefined : next.value
	}
}

function* byAge(copy: Cluster, editions: ReadonlyMap<ObjectKey, Edition | undefined>): Generator<KubeObject> {
	yield* copy.eventsByAge()
	yield* since(editions)
}

function* since(editions: ReadonlyMap<ObjectKey, Edition | undefined>): Generator<KubeObject> {
	for (const edition of editions.values()) if (edition !== undefined) yield edition.object
}
