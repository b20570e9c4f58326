import type { KubeObject, ObjectKey } from "../../kube/index.ts"
import { type Edition, editionOf } from "./edition.ts"
import { type Position, Span, standing } from "./span.ts"

/** What one batch did to one object. */
export type Entry = {
	readonly key: ObjectKey
	/** No two changes of a kind have the same. */
	readonly version: number
	/** As it was told of before; undefined where it was not there. After a while only what selectors look at. */
	before: KubeObject | undefined
	/** Where what was there before is gone; another object may be there by that name. */
	readonly goneAt: number | undefined
}

type Batch = { readonly version: number; readonly entries: readonly Entry[] }

/** What is to be told of one name: what was there for the client, and what is. */
export type Change = {
	readonly version: number
	/** What was there before these; more than one where it is not known which of them the client was told of. */
	readonly known: readonly Entry[]
	readonly now: Edition | undefined
	/** What is no longer there, as it was last. */
	readonly gone: (() => Edition) | undefined
	/** What it was before, for those who do not want to hear of what it is now. */
	readonly left: () => Edition
}

export type LogParts = {
	/** Nothing is known of what happened up to this version. */
	readonly version: number
	/** The object as it was told of last. */
	readonly edition: (key: ObjectKey) => Edition | undefined
	/** What is left of an object that was told of long ago. */
	readonly trimmed: (object: KubeObject) => KubeObject
}

/** How many changes are kept for those who come back, and how many of them as a whole. */
const MOST = 100_000
const WHOLE = 4_096
/** What is kept of spans, for those who are not as fast as the first. */
const SPANS = 8
const SPAN_BYTES = 32 * 1024 * 1024
const MERGED = 64

/**
 * What happened to the objects of a kind, in which batch; what they are now is known elsewhere. So who is slow, or comes
 * back, gets each object once, as it was told of last.
 */
export class KindLog {
	readonly #parts: LogParts
	readonly #batches: Batch[] = []
	#size = 0
	/** Batches from here on have whole objects, and how many changes these are. */
	#firstWhole = 0
	#whole = 0
	#floor: number
	#version: number
	#spans: Span[] = []
	/** Of spans over more than one batch, where they began and ended: who is cut off within one has not seen each state. */
	#merged: { readonly from: number; readonly to: number }[] = []

	constructor(parts: LogParts) {
		this.#parts = parts
		this.#floor = parts.version
		this.#version = parts.version
	}

	get version(): number {
		return this.#version
	}

	get floor(): number {
		return this.#floor
	}

	/** `entries` in no order. */
	add(version: number, entries: readonly Entry[]): void {
		this.#version = version
		if (entries.length === 0) return
		this.#batches.push({ version, entries })
		this.#size += entries.length
		this.#whole += entries.length
		while (this.#size > MOST && this.#batches.length > 1) this.#forgetOldest()
		while (this.#whole > WHOLE && this.#firstWhole < this.#batches.length - 1) this.#trimNext()
	}

	/** Where a client stands that comes back with a version that it was told. */
	positionAt(version: number): Position {
		const within = this.#merged.filter(({ from, to }) => from < version && version < to)
		if (within.length === 0) return standing(version)
		return { from: Math.min(...within.map(({ from }) => from)), to: version, told: version, inDoubt: true }
	}

	/** What is to be told from there on; undefined where that is no longer known. */
	since(position: Position): Span | undefined {
		if (position.from < this.#floor) return undefined
		const known = this.#spans.find(({ start }) => isSame(start, position))
		if (known !== undefined) return known
		const span = new Span(position, Math.max(this.#version, position.told), this.#changesSince(position))
		this.#keep(span)
		return span
	}

	#changesSince(position: Position): readonly Change[] {
		const { from, told } = position
		const first = this.#firstAfter(from)
		if (this.#batches.length - first > 1) this.#noteMerged(from)
		const merged = new Map<ObjectKey, Merged>()
		for (let place = first; place < this.#batches.length; place++) {
			for (const entry of this.#batches[place]?.entries ?? []) if (entry.version > from) merge(merged, entry, position)
		}
		const changes: Change[] = []
		for (const one of merged.values()) {
			if (one.last.version <= told) continue
			const now = this.#parts.edition(one.last.key)
			// Made and gone again since: nobody needs to know of it.
			if (one.known.length > 0 || now !== undefined) changes.push(changeOf(one, now))
		}
		return changes.sort((a, b) => a.version - b.version)
	}

	#noteMerged(from: number): void {
		this.#merged.push({ from, to: this.#version })
		if (this.#merged.length <= MERGED) return
		const [one, other] = this.#merged.splice(0, 2)
		if (one === undefined || other === undefined) return
		this.#merged.unshift({ from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) })
	}

	#keep(span: Span): void {
		this.#spans.push(span)
		let weight = this.#spans.reduce((sum, span) => sum + span.weight, 0)
		while (this.#spans.length > 1 && (this.#spans.length > SPANS || weight > SPAN_BYTES)) {
			const oldest = this.#spans.shift()
			weight -= oldest?.weight ?? 0
			oldest?.letGo()
		}
	}

	#forgetOldest(): void {
		const oldest = this.#batches.shift()
		const size = oldest?.entries.length ?? 0
		this.#size -= size
		if (this.#firstWhole > 0) this.#firstWhole--
		else this.#whole -= size
		this.#floor = oldest?.version ?? this.#floor
	}

	#trimNext(): void {
		const batch = this.#batches[this.#firstWhole++]
		if (batch === undefined) return
		const { trimmed } = this.#parts
		this.#whole -= batch.entries.length
		for (const entry of batch.entries) entry.before &&= trimmed(entry.before)
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

/** All that happened to one name, from what the client may know of it to the last. */
type Merged = { known: readonly Entry[]; last: Entry; gone: Entry | undefined }

function merge(all: Map<ObjectKey, Merged>, entry: Entry, { to, told, inDoubt }: Position): void {
	const known = entry.before === undefined ? [] : [entry]
	const gone = entry.goneAt === undefined ? undefined : entry
	const merged = all.get(entry.key)
	if (merged === undefined) {
		all.set(entry.key, { known, last: entry, gone })
		return
	}
	const isLastKnown = merged.last.version <= told
	if (isLastKnown && inDoubt) merged.known = [...merged.known, ...known]
	// What the client was told of within the span is what it knows.
	else if (isLastKnown && entry.version > to) merged.known = known
	merged.last = entry
	merged.gone = gone ?? merged.gone
}

function changeOf({ known, last, gone }: Merged, now: Edition | undefined): Change {
	const { version } = last
	const newest = known.at(-1)
	const left = once(() => editionOf(newest?.before as KubeObject, version))
	const isThere = known.some(({ before }) => before?.metadata.uid === now?.object.metadata.uid)
	if (newest === undefined || gone === undefined || isThere) return { version, known, now, gone: undefined, left }
	// As it was last, where that is what the client knows.
	const was = newest.before?.metadata.uid === gone.before?.metadata.uid ? gone : newest
	return { version, known, now, gone: once(() => editionOf(was.before as KubeObject, gone.goneAt)), left }
}

function once<Made>(make: () => Made): () => Made {
	let made: Made | undefined
	return () => {
		made ??= make()
		return made
	}
}

function isSame(a: Position, b: Position): boolean {
	return a.from === b.from && a.to === b.to && a.told === b.told && a.inDoubt === b.inDoubt
}
