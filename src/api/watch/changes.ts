import { formatInstant, type Instant } from "../../base/index.ts"
import type { Cluster, FactReader, PodReading } from "../../cluster/index.ts"
import { type DaemonSet, type KubeObject, keyOf, keyParts, type ObjectKey, objectKey } from "../../kube/index.ts"
import { type Happened, KindLog } from "./kind-log.ts"

/** `group/Kind`, as objects are stored. */
export type KindName = string

/** How long a kind is followed that nobody watches: who lists and then watches has that long to come. */
const UNWATCHED_MS = 300_000
const MOST_EVENTS = 200_000

type Followed = {
	readonly log: KindLog
	readonly happened: Map<ObjectKey, Happened>
	/** The last state of each object, to be told when it is gone. Pods are too many: theirs is kept while they end. */
	readonly last: Map<ObjectKey, KubeObject>
	/** Of Events, which are never told to be gone: how often each was counted. */
	readonly counts: Map<ObjectKey, number>
	usedAt: number
}

/** Follows the kinds that somebody reads, from the facts of each batch once it is durable. */
export class Changes {
	readonly #cluster: () => Cluster | undefined
	readonly #now: () => number
	readonly #kinds = new Map<KindName, Followed>()
	#sequence = 0
	#version = 0
	#at: Instant = 0

	constructor(cluster: () => Cluster | undefined, now: () => number) {
		this.#cluster = cluster
		this.#now = now
	}

	/** What happens to objects of the kind from now on can be asked for. */
	follow(kind: KindName, cluster: Cluster): KindLog {
		const known = this.#kinds.get(kind)
		if (known !== undefined) {
			known.usedAt = this.#now()
			return known.log
		}
		if (this.#kinds.size === 0) this.#catchUp(cluster)
		const [group = "", name = ""] = kind.split("/")
		const last = new Map<ObjectKey, KubeObject>()
		const counts = new Map<ObjectKey, number>()
		if (kind === "/Event") countEvents(cluster, counts)
		else if (kind !== "/Pod") {
			for (const object of cluster.list({ group, kind: name })) last.set(keyOf(object), object)
		}
		const read = (key: ObjectKey) => this.#cluster()?.read(key)
		const log = new KindLog(cluster.version(), read)
		this.#kinds.set(kind, { log, happened: new Map(), last, counts, usedAt: this.#now() })
		return log
	}

	/** A batch is durable: what it changed goes into the logs, and out. */
	told(written: readonly ObjectKey[]): void {
		const cluster = this.#cluster()
		if (cluster === undefined) return
		if (this.#kinds.size === 0) {
			this.#catchUp(cluster)
			return
		}
		const ended: ObjectKey[] = []
		for (const facts = cluster.readFacts(this.#sequence); facts.next(); ) this.#take(facts, cluster, ended)
		for (const key of written) this.#note(key, {})
		if (this.#kinds.has("/Node")) {
			for (const name of cluster.changedNodes(this.#version)) this.#note(nodeKey(name), {})
		}
		this.#noteEvents(cluster)
		this.#catchUp(cluster)
		for (const [kind, followed] of this.#kinds) this.#close(kind, followed, cluster, ended)
	}

	/** Lets go of what nobody asked for in time; `watched`: the kinds that somebody watches. */
	forget(watched: ReadonlySet<KindName>): void {
		const now = this.#now()
		for (const [kind, followed] of this.#kinds) {
			if (watched.has(kind)) followed.usedAt = now
			else if (now - followed.usedAt > UNWATCHED_MS) this.#kinds.delete(kind)
		}
	}

	#catchUp(cluster: Cluster): void {
		this.#sequence = cluster.sequence()
		this.#version = cluster.version()
		this.#at = cluster.now()
	}

	#take(facts: FactReader, cluster: Cluster, ended: ObjectKey[]): void {
		switch (facts.kind) {
			case "pod":
				if (this.#kinds.has("/Pod")) this.#takePod(facts.pod, cluster, ended)
				break
			case "node":
				if (this.#kinds.has("/Node")) {
					const { step, node } = facts.node
					this.#note(nodeKey(node), { created: step === "joined", gone: step === "left" })
				}
				break
			case "event":
			case "revision":
				break
			default: {
				const fact = facts.made()
				if (fact.kind === "status") this.#note(fact.daemonSet, {})
				if (fact.kind === "object")
					this.#note(fact.key, { created: fact.step === "created", gone: fact.step === "deleted" })
			}
		}
	}

	#takePod(pod: PodReading, cluster: Cluster, ended: ObjectKey[]): void {
		const key = objectKey({ group: "", kind: "Pod", namespace: pod.namespace, name: pod.pod })
		if (pod.step === "terminating") ended.push(key)
		const last = this.#kinds.get("/Pod")?.last
		if (pod.step === "gone" && last !== undefined && !last.has(key)) last.set(key, remains(pod, cluster))
		this.#note(key, { created: pod.step === "created", gone: pod.step === "gone" })
	}

	#note(key: ObjectKey, { created = false, gone = false }): void {
		const { group, kind } = keyParts(key)
		const followed = this.#kinds.get(`${group}/${kind}`)
		if (followed === undefined) return
		const { happened, last } = followed
		const known = happened.get(key)
		const before = gone ? last.get(key) : undefined
		if (gone) last.delete(key)
		if (known === undefined) happened.set(key, { created, gone: before })
		else if (!known.created) known.gone ??= before
	}

	/** Events have no fact that names them: those that are new, or counted up, since. */
	#noteEvents(cluster: Cluster): void {
		const followed = this.#kinds.get("/Event")
		if (followed === undefined) return
		const { counts } = followed
		// Those that expired go all at once.
		if (counts.size > MOST_EVENTS) countEvents(cluster, counts)
		for (const event of cluster.changedEvents(this.#at)) {
			const key = keyOf(event)
			const before = counts.get(key)
			const count = countOf(event)
			// What happened at the very moment of the last batch was told with it.
			if (before === count) continue
			this.#note(key, { created: before === undefined })
			counts.set(key, count)
		}
	}

	#close(kind: KindName, { log, happened, last }: Followed, cluster: Cluster, ended: readonly ObjectKey[]): void {
		const version = cluster.version()
		for (const [key, what] of happened) {
			// Whoever resumes after it was told goes on from there.
			if (what.gone !== undefined) what.gone = withVersion(what.gone, version)
			if (kind === "/Pod" || kind === "/Event") continue
			const object = cluster.read(key)
			if (object !== undefined) last.set(key, object)
		}
		if (kind === "/Pod") {
			for (const key of ended) {
				const object = cluster.read(key)
				if (object !== undefined) last.set(key, object)
			}
		}
		log.add(version, new Map(happened))
		happened.clear()
	}
}

function countEvents(cluster: Cluster, counts: Map<ObjectKey, number>): void {
	counts.clear()
	for (const event of cluster.list({ group: "", kind: "Event" })) counts.set(keyOf(event), countOf(event))
}

function countOf(event: KubeObject): number {
	return Number(event["count"] ?? 0)
}

function nodeKey(name: string): ObjectKey {
	return objectKey({ group: "", kind: "Node", namespace: "", name })
}

function withVersion(object: KubeObject, version: number): KubeObject {
	return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } }
}

/** What is known of a pod that came to its end within one batch. */
function remains({ pod, namespace, uid, node, hash, daemonSet, at }: PodReading, cluster: Cluster): KubeObject {
	const owner = daemonSet === undefined ? undefined : (cluster.read(daemonSet) as DaemonSet | undefined)
	const labels = {
		...owner?.spec.template.metadata?.labels,
		...(hash === "" ? {} : { "controller-revision-hash": hash }),
	}
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name: pod,
			namespace,
			uid,
			labels,
			deletionTimestamp: formatInstant(at),
			deletionGracePeriodSeconds: 0,
		},
		spec: { containers: [], ...(node === "" ? {} : { nodeName: node }) },
		status: { phase: "Failed" },
	}
}
