import type { Cluster } from "../../cluster/index.ts"
import { type KubeObject, keyOf, type ObjectKey } from "../../kube/index.ts"
import { madeFor, readAny } from "../handlers/made.ts"
import { selectableOf } from "../route/selectors.ts"
import { type Edition, editionOf, versionOf } from "./edition.ts"
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
	/** As it was when it was begun to be followed, or later: whatever has no edition since is as it was then. */
	#base: (key: ObjectKey) => KubeObject | undefined
	#editions = new Map<ObjectKey, Edition | undefined>()
	#fresh: Edition[] = []
	readonly #touched = new Set<ObjectKey>()

	constructor(name: KindName, cluster: Cluster) {
		this.#name = name
		this.#base = baseOf(name, cluster)
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
		const entries = placed(this.#happened(cluster), { after, to: cluster.version(), isCounted: this.#name === EVENTS })
		for (const { key, now, version } of entries) {
			const edition = now && editionOf(now, version)
			this.#editions.set(key, edition)
			if (edition !== undefined) this.#fresh.push(edition)
		}
		this.log.add(cluster.version(), entries)
		if (this.#editions.size > MOST_EDITIONS) {
			this.#base = baseOf(this.#name, cluster)
			this.#editions = new Map()
		}
		return entries.length > 0
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
		const object = this.#base(key)
		return object && editionOf(object)
	}
}

type Happened = {
	readonly key: ObjectKey
	readonly before: KubeObject | undefined
	readonly now: KubeObject | undefined
}
type Placed = Entry & Pick<Happened, "now">

function baseOf(name: KindName, cluster: Cluster): (key: ObjectKey) => KubeObject | undefined {
	if (MANY.has(name)) {
		const copy = cluster.fork()
		return (key) => readAny(copy, key)
	}
	const [group = "", kind = ""] = name.split("/")
	const stored = new Map(Array.from(cluster.list({ group, kind }), (object) => [keyOf(object), object]))
	return (key) => stored.get(key) ?? madeFor(cluster, key)
}

function isSame(before: KubeObject | undefined, now: KubeObject | undefined): boolean {
	if (before === undefined || now === undefined) return before === now
	return before.metadata.uid === now.metadata.uid && before.metadata.resourceVersion === now.metadata.resourceVersion
}

type Batch = {
	readonly after: number
	readonly to: number
	/** Objects have no versions, but counts. */
	readonly isCounted: boolean
}

/**
 * Gives each change a version of its own within the batch: that of the object, and where there is none, one that no
 * object has. There are enough: a removal is a write, as is an Event.
 */
function placed(happened: readonly Happened[], { after, to, isCounted }: Batch): readonly Placed[] {
	const versions = new FreeVersions(after, to)
	if (!isCounted) for (const { now } of happened) if (now !== undefined) versions.take(versionOf(now))
	const entries: Placed[] = []
	const later: Happened[] = []
	// Who came in another's place did so after that one was gone.
	for (const one of [...happened].sort((a, b) => placeOf(a) - placeOf(b))) {
		const { key, before, now } = one
		if (now === undefined || isCounted) later.push(one)
		else if (before === undefined || before.metadata.uid === now.metadata.uid) {
			entries.push({ key, before, now, version: versionOf(now) })
		} else entries.push({ key, before, now, version: versionOf(now), goneAt: versions.below(versionOf(now)) })
	}
	for (const { key, before, now } of later.reverse()) {
		const version = versions.newest()
		entries.push({ key, before, now, version, ...(now === undefined ? { goneAt: version } : {}) })
	}
	return entries
}

function placeOf({ now }: Happened): number {
	return now === undefined ? 0 : versionOf(now)
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
