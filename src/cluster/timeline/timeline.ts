import { type Instant, powerOfTwo } from "../../base/index.ts"
import { addBit, type BitTree, createBitTree, deleteBit, nextBit } from "../state/bit-tree.ts"
import { createFar, dropFar, type Far, farList, isFarEmpty, nextFar } from "./far-lists.ts"

/**
 * What is to come: entries `{ at, kind, subject, extra }` in the order (time, lane, sequence); the sequence is the place in
 * the list of their instant. Lane 0 is for what ripens by time alone, so that all else at that instant sees it.
 */
export type Timeline = {
	/** `WIDTH` numbers an entry: see `Word`. Freed ones are used again, last first. */
	entries: Int32Array
	rows: number
	free: number
	/** Entries that are no repeats. */
	lasting: number
	near: Near
	far: Far
}

/**
 * The instants from the one that was taken last, one list each, in a circle that begins at `spot`. `ends` are made when
 * they are needed, and never saved.
 */
type Near = {
	from: Instant
	spot: number
	/** First and last entry of lane 0, then of lane 1, plus one; 0 for none. */
	ends: Int32Array
	/** Spots of lists that are not empty. */
	busy: BitTree
}

export type Entry = { at: Instant; kind: number; subject: number; extra: number }

/** `Next` is also the next free one. `List` is the spot of a near list, or `SPOTS` and the row of a far one. */
const Word = { Next: 0, Previous: 1, List: 2, Lane: 3, Kind: 4, Subject: 5, Extra: 6, Repeat: 7 } as const
const WIDTH = 8
const SPOTS = 16_384

export function createTimeline(): Timeline {
	return {
		entries: new Int32Array(64 * WIDTH),
		rows: 0,
		free: -1,
		lasting: 0,
		near: { from: 0, spot: 0, ends: new Int32Array(0), busy: createBitTree(1) },
		far: createFar(),
	}
}

/** Returns the entry's row: what cancels it. A `repeat` is no reason to wait (`settled`). `at` is never in the past. */
export function schedule(
	timeline: Timeline,
	at: Instant,
	kind: number,
	subject: number,
	extra = 0,
	lane: 0 | 1 = 1,
	repeat = false,
): number {
	const row = takeEntry(timeline)
	const { entries } = timeline
	const word = row * WIDTH
	entries[word + Word.Kind] = kind
	entries[word + Word.Subject] = subject
	entries[word + Word.Extra] = extra
	entries[word + Word.Lane] = lane
	entries[word + Word.Repeat] = repeat ? 1 : 0
	if (!repeat) timeline.lasting++
	append(timeline, row, listAt(timeline, at), lane)
	return row
}

/** Takes an entry off; it must still be on. */
export function cancel(timeline: Timeline, row: number): void {
	unlink(timeline, row)
	const { entries } = timeline
	const word = row * WIDTH
	if (entries[word + Word.Repeat] === 0) timeline.lasting--
	entries[word + Word.List] = 0
	entries[word + Word.Next] = timeline.free
	timeline.free = row
}

/** When the next entry is due. */
export function nextInstant({ near, far }: Timeline): Instant | undefined {
	if (near.busy.count > 0) {
		const next = nextBit(near.busy, near.spot)
		return near.from + (next === -1 ? nextBit(near.busy, 0) + SPOTS : next) - near.spot
	}
	const list = nextFar(far)
	return list === -1 ? undefined : far.at[list]
}

/** Takes the next entry that is due up to `to` and writes it into `entry`. Returns false where there is none. */
export function takeDue(timeline: Timeline, to: Instant, entry: Entry): boolean {
	const { near, entries } = timeline
	const at = nextInstant(timeline)
	if (at === undefined || at > to) return false
	if (at !== near.from || near.busy.count === 0) move(timeline, at)
	const { spot } = near
	const row = ((near.ends[spot * 4] || near.ends[spot * 4 + 2]) as number) - 1
	const word = row * WIDTH
	entry.at = at
	entry.kind = entries[word + Word.Kind] as number
	entry.subject = entries[word + Word.Subject] as number
	entry.extra = entries[word + Word.Extra] as number
	cancel(timeline, row)
	return true
}

/** Every list that is not empty, by instant: its entries' rows by lane. */
export function listsOf(timeline: Timeline): { readonly at: Instant; readonly lanes: readonly [number[], number[]] }[] {
	const { near, far } = timeline
	const found: { at: Instant; lanes: [number[], number[]] }[] = []
	for (let spot = nextBit(near.busy, 0); spot !== -1; spot = nextBit(near.busy, spot + 1)) {
		const at = near.from + ((spot - near.spot + SPOTS) & (SPOTS - 1))
		found.push({ at, lanes: lanesOf(timeline, near.ends, spot) })
	}
	for (const list of far.heap) {
		if (!isFarEmpty(far, list)) found.push({ at: far.at[list] as number, lanes: lanesOf(timeline, far.ends, list) })
	}
	return found.sort((a, b) => a.at - b.at)
}

/** Numbers the lists anew, so that equal timelines are equal data. */
export function tidyTimeline(timeline: Timeline): void {
	const lists = listsOf(timeline)
	timeline.near.ends = new Int32Array(0)
	timeline.near.busy = createBitTree(1)
	timeline.far = createFar(powerOfTwo(Math.max(64, lists.length)))
	for (const { at, lanes } of lists) {
		const list = farList(timeline.far, at) + SPOTS
		for (const lane of [0, 1] as const) for (const row of lanes[lane]) append(timeline, row, list, lane)
	}
}

function lanesOf({ entries }: Timeline, ends: Int32Array, list: number): [number[], number[]] {
	const lanes: [number[], number[]] = [[], []]
	for (const lane of [0, 1] as const) {
		for (
			let row = (ends[list * 4 + lane * 2] as number) - 1;
			row !== -1;
			row = entries[row * WIDTH + Word.Next] as number
		)
			lanes[lane].push(row)
	}
	return lanes
}

function takeEntry(timeline: Timeline): number {
	const row = timeline.free
	if (row !== -1) {
		timeline.free = timeline.entries[row * WIDTH + Word.Next] as number
		return row
	}
	if (timeline.rows * WIDTH === timeline.entries.length) {
		const entries = new Int32Array(timeline.entries.length * 2)
		entries.set(timeline.entries)
		timeline.entries = entries
	}
	return timeline.rows++
}

/** The list of an instant: a near one, or a far one with `SPOTS` added. */
function listAt(timeline: Timeline, at: Instant): number {
	const { near, far } = timeline
	const ahead = at - near.from
	if (ahead >= SPOTS) return farList(far, at) + SPOTS
	if (near.ends.length === 0) move(timeline, near.from)
	return (near.spot + ahead) & (SPOTS - 1)
}

/** The near instants begin here now; far lists that are near by this come in. */
function move(timeline: Timeline, at: Instant): void {
	const { near, far, entries } = timeline
	if (near.ends.length === 0) {
		near.ends = new Int32Array(SPOTS * 4)
		near.busy = createBitTree(SPOTS)
	}
	near.spot = (near.spot + ((at - near.from) % SPOTS)) & (SPOTS - 1)
	near.from = at
	for (let list = nextFar(far); list !== -1 && (far.at[list] as number) < at + SPOTS; list = nextFar(far)) {
		const spot = (near.spot + (far.at[list] as number) - at) & (SPOTS - 1)
		for (let end = 0; end < 4; end++) near.ends[spot * 4 + end] = far.ends[list * 4 + end] as number
		for (let lane = 0; lane < 4; lane += 2) {
			let row = (near.ends[spot * 4 + lane] as number) - 1
			for (; row !== -1; row = entries[row * WIDTH + Word.Next] as number) entries[row * WIDTH + Word.List] = spot
		}
		addBit(near.busy, spot)
		dropFar(far)
	}
}

function append({ entries, near, far }: Timeline, row: number, list: number, lane: number): void {
	const isNear = list < SPOTS
	const ends = isNear ? near.ends : far.ends
	const first = (isNear ? list : list - SPOTS) * 4 + lane * 2
	const before = (ends[first + 1] as number) - 1
	const word = row * WIDTH
	entries[word + Word.List] = list
	entries[word + Word.Next] = -1
	entries[word + Word.Previous] = before
	if (before === -1) ends[first] = row + 1
	else entries[before * WIDTH + Word.Next] = row
	ends[first + 1] = row + 1
	if (isNear) addBit(near.busy, list)
}

function unlink({ entries, near, far }: Timeline, row: number): void {
	const word = row * WIDTH
	const list = entries[word + Word.List] as number
	const next = entries[word + Word.Next] as number
	const previous = entries[word + Word.Previous] as number
	const isNear = list < SPOTS
	const ends = isNear ? near.ends : far.ends
	const begin = (isNear ? list : list - SPOTS) * 4
	const first = begin + (entries[word + Word.Lane] as number) * 2
	if (previous === -1) ends[first] = next + 1
	else entries[previous * WIDTH + Word.Next] = next
	if (next === -1) ends[first + 1] = previous + 1
	else entries[next * WIDTH + Word.Previous] = previous
	if (isNear && ends[begin] === 0 && ends[begin + 2] === 0) deleteBit(near.busy, list)
}

/** What an entry is about, for those who look at what is to come. */
export function entryAt({ entries }: Timeline, row: number): Omit<Entry, "at"> & { readonly repeat: boolean } {
	const word = row * WIDTH
	return {
		kind: entries[word + Word.Kind] as number,
		subject: entries[word + Word.Subject] as number,
		extra: entries[word + Word.Extra] as number,
		repeat: entries[word + Word.Repeat] === 1,
	}
}
