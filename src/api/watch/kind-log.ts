import { byCodeUnit } from "../../base/index.ts"
import type { KubeObject, ObjectKey } from "../../kube/index.ts"

/** What a watch tells of one object: its newest state, or the last one before it was gone. */
export type Change = {
	readonly type: "ADDED" | "MODIFIED" | "DELETED"
	readonly key: ObjectKey
	readonly object: KubeObject
	/** The event as text, by what the watch wishes for: made once for all who wish the same. */
	readonly texts: Map<string, string>
}

/** What happened to an object in one batch. */
type Happened = { created: boolean; gone: KubeObject | undefined }
type Batch = { readonly after: number; readonly version: number; readonly objects: ReadonlyMap<ObjectKey, Happened> }
/** `known`: whoever asks may have been told of the object before. */
type Merged = Happened & { readonly known: boolean }

export type Span = {
	readonly from: number
	readonly to: number
	readonly changes: readonly Change[]
	/** Whole spans as text, for the many who watch the same. */
	readonly texts: Map<string, string>
}

/** How many changed objects are kept for those who resume. */
const MOST = 50_000

/**
 * Which objects of a kind changed in which batch: not their states, which are read when they are told. So who is slow,
 * or comes back, gets each object once, as it is now.
 */
export class KindLog {
	readonly #read: (key: ObjectKey) => KubeObject | undefined
	readonly #batches: Batch[] = []
	#size = 0
	/** Nothing is known of what happened up to here. */
	#floor: number
	#version: number
	#newest: Span | undefined

	constructor(version: number, read: (key: ObjectKey) => KubeObject | undefined) {
		this.#floor = version
		this.#version = version
		this.#read = read
	}

	get version(): number {
		return this.#version
	}

	add(version: number, objects: ReadonlyMap<ObjectKey, Happened>): void {
		const after = this.#version
		this.#version = version
		if (objects.size === 0) return
		this.#batches.push({ after, version, objects })
		this.#size += objects.size
		while (this.#size > MOST && this.#batches.length > 1) {
			const oldest = this.#batches.shift()
			this.#size -= oldest?.objects.size ?? 0
			this.#floor = oldest?.version ?? this.#floor
		}
	}

	/** What changed after that version, each object once; undefined where that is no longer known. */
	since(from: number): Span | undefined {
		if (from < this.#floor || from > this.#version) return undefined
		const newest = this.#newest
		if (newest?.from === from && newest.to === this.#version) return newest
		const span = { from, to: this.#version, changes: this.#merge(from), texts: new Map() }
		this.#newest = span
		return span
	}

	#merge(from: number): readonly Change[] {
		const merged = new Map<ObjectKey, Merged>()
		for (const { after, objects } of this.#batches.slice(this.#firstAfter(from))) {
			// Who was cut off within a batch has seen a part of it.
			const isPartlyTold = from > after
			for (const [key, { created, gone }] of objects) {
				const before = merged.get(key)
				if (before === undefined) merged.set(key, { created, gone, known: !created || isPartlyTold })
				// Made and gone again since: nobody needs to know of it.
				else if (gone !== undefined && before.known) before.gone ??= gone
			}
		}
		const changes = [...merged].flatMap(([key, happened]) => this.#changesOf(key, happened)).sort(byVersion)
		return changes.map((change, index) => resumable(change, changes[index + 1]))
	}

	#changesOf(key: ObjectKey, { created, gone, known }: Merged): Change[] {
		const change = (type: Change["type"], object: KubeObject): Change => ({ type, key, object, texts: new Map() })
		const now = this.#read(key)
		const deleted = gone !== undefined && known && gone.metadata.uid !== now?.metadata.uid
		const changes = deleted ? [change("DELETED", gone)] : []
		if (now !== undefined) changes.push(change(created || deleted ? "ADDED" : "MODIFIED", now))
		return changes
	}

	#firstAfter(version: number): number {
		let [low, high] = [0, this.#batches.length]
		while (low < high) {
			const middle = (low + high) >>> 1
			if ((this.#batches[middle]?.version ?? 0) > version) high = middle
			else low = middle + 1
		}
		return low
	}
}

/** In the order in which the changes were made, as far as versions tell: what is gone has the version of its batch. */
function byVersion(a: Change, b: Change): number {
	const isThere = ({ type }: Change): number => (type === "DELETED" ? 0 : 1)
	return versionOf(a) - versionOf(b) || isThere(a) - isThere(b) || byCodeUnit(a.key, b.key)
}

/** Whoever was cut off after this change comes back with its version: what follows must not be of the same. */
function resumable(change: Change, next: Change | undefined): Change {
	const version = versionOf(change)
	if (next === undefined || versionOf(next) !== version) return change
	const { metadata } = change.object
	return { ...change, object: { ...change.object, metadata: { ...metadata, resourceVersion: String(version - 1) } } }
}

function versionOf({ object }: Change): number {
	return Number(object.metadata.resourceVersion ?? 0)
}

export type { Happened }
