import type { Cluster } from "../../cluster/index.ts"
import { type KubeObject, keyOf, type ObjectKey } from "../../kube/index.ts"
import type { CopyOf } from "../copies.ts"
import { madeFor, readAny } from "../handlers/made.ts"
import { selectableOf } from "../route/selectors.ts"
import { type Edition, editionOf, versionOf } from "./edition.ts"
import { Expiring } from "./expiring.ts"
import { type Entry, KindLog } from "./kind-log.ts"

/** `group/Kind`, as objects are stored. */
export type KindName = string

/** Of these there may be so many that a copy of the cluster is less than a list of them. */
const MANY: ReadonlySet<KindName> = new Set(["/Pod", "/Node", "/Event", "coordination.k8s.io/Lease"])
const EVENTS: KindName = "/Event"
/** More than these are not kept: a new copy of the cluster is less. */
const MOST_EDITIONS = 8_192

/** What was told of the objects of a kind, batch by batch. */
export class FollowedKind {
	readonly log: KindLog
	readonly #name: KindName
	readonly #copyOf: CopyOf
	/** As it was when it was begun to be followed, or later: whatever has no edition since is as it was then. */
	#base: Base
	#expiring: Expiring | undefined
	/** In the order in which they were told of. */
	#editions = new Map<ObjectKey, Edition | undefined>()
	#fresh: Edition[] = []
	readonly #touched = new Set<ObjectKey>()

	constructor(name: KindName, cluster: Cluster, copyOf: CopyOf) {
		this.#name = name
		this.#copyOf = copyOf
		this.#base = this.#begin(cluster)
		const [group = "", kind = ""] = name.split("/")
		this.log = new KindLog({
			version: cluster.version(),
			edition: (key) => this.#edition(key),
			trimmed: (object) => selectableOf(object, { group, kind }),
		})
	}

	/** Something may have happened to it since the last batch. */
	touch(key: ObjectKey): void {
		this.#touched.add(key)
	}

	/** What happened to the objects that were touched goes into the log; false where that is nothing. */
	close(cluster: Cluster): boolean {
		for (const { texts } of this.#fresh) texts.clear()
		this.#fresh = []
		const after = this.log.version
		// Each that is told of takes one of the versions of the batch.
		const most = cluster.version() - after - this.#touched.size
		for (const key of this.#expiring?.take(cluster, most) ?? []) this.touch(key)
		const happened = this.#happened(cluster)
		const entries = placed(happened, after, cluster.version())
		for (const { key, now } of happened) {
			const edition = now && editionOf(now)
			this.#editions.delete(key)
			this.#editions.set(key, edition)
			if (edition !== undefined) this.#fresh.push(edition)
		}
		this.log.add(cluster.version(), entries)
		const isFull = this.#editions.size > MOST_EDITIONS && this.#expiring?.isCaughtUp !== false
		if (isFull) this.#base = this.#begin(cluster)
		return entries.length > 0
	}

	#begin(cluster: Cluster): Base {
		const base = baseOf(this.#name, cluster, this.#copyOf)
		this.#editions = new Map()
		if (this.#name === EVENTS && base.copy !== undefined) this.#expiring = new Expiring(base.copy, this.#editions)
		return base
	}

	#happened(cluster: Cluster): readonly Happened[] {
		const happened: Happened[] = []
		for (const key of this.#touched) {
			const before = this.#edition(key)?.object
			const now = readAny(cluster, key)
			if (!isSame(before, now)) happened.push({ key, before, now })
		}
		this.#touched.clear()
		return happened
	}

	/** As it was told of last. */
	#edition(key: ObjectKey): Edition | undefined {
		if (this.#editions.has(key)) return this.#editions.get(key)
		const object = this.#base.read(key)
		return object && editionOf(object)
	}
}

type Happened = {
	readonly key: ObjectKey
	readonly before: KubeObject | undefined
	readonly now: KubeObject | undefined
}

/** The objects of a kind as they were at a moment. */
type Base = {
	readonly read: (key: ObjectKey) => KubeObject | undefined
	readonly copy?: Cluster
}

function baseOf(name: KindName, cluster: Cluster, copyOf: CopyOf): Base {
	if (MANY.has(name)) {
		const copy = copyOf(cluster)
		return { read: (key) => readAny(copy, key), copy }
	}
	const [group = "", kind = ""] = name.split("/")
	const stored = new Map(Array.from(cluster.list({ group, kind }), (object) => [keyOf(object), object]))
	return { read: (key) => stored.get(key) ?? madeFor(cluster, key) }
}

function isSame(before: KubeObject | undefined, now: KubeObject | undefined): boolean {
	if (before === undefined || now === undefined) return before === now
	return before.metadata.uid === now.metadata.uid && before.metadata.resourceVersion === now.metadata.resourceVersion
}

/**
 * Gives each change a version of its own within the batch: that of the object, and where there is none, one that no
 * object of the kind has. There are enough: each removal was a write.
 */
function placed(happened: readonly Happened[], after: number, to: number): readonly Entry[] {
	const versions = new FreeVersions(after, to)
	for (const { now } of happened) if (now !== undefined) versions.take(versionOf(now))
	const goneAt = new Map<Happened, number>()
	// Who came in another's place did so after that one was gone.
	for (const { one, version } of replacements(happened)) goneAt.set(one, versions.below(version))
	for (const one of happened.toReversed()) if (one.now === undefined) goneAt.set(one, versions.newest())
	return happened.map((one) => {
		const { key, before, now } = one
		const gone = goneAt.get(one)
		return { key, before, version: now === undefined ? (gone ?? to) : versionOf(now), goneAt: gone }
	})
}

/** The oldest first. */
function replacements(happened: readonly Happened[]): readonly { readonly one: Happened; readonly version: number }[] {
	const found: { readonly one: Happened; readonly version: number }[] = []
	for (const one of happened) {
		const { before, now } = one
		if (before && now && before.metadata.uid !== now.metadata.uid) found.push({ one, version: versionOf(now) })
	}
	return found.sort((a, b) => a.version - b.version)
}

class FreeVersions {
	readonly #after: number
	readonly #to: number
	readonly #taken = new Set<number>()
	#next: number

	constructor(after: number, to: number) {
		this.#after = after
		this.#to = to
		this.#next = to
	}

	take(version: number): void {
		this.#taken.add(version)
	}

	below(version: number): number {
		let free = version - 1
		while (this.#taken.has(free)) free--
		this.#taken.add(free)
		return Math.max(free, this.#after + 1)
	}

	newest(): number {
		while (this.#taken.has(this.#next)) this.#next--
		return this.#next > this.#after ? this.#next-- : this.#to
	}
}
