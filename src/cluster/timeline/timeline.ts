import { type Instant, powerOfTwo } from "../../base/index.ts"
import { freeRow, type Table, takeRow } from "../state/columns.ts"

/**
 * What is to come: entries `{ at, kind, subject, extra }` in the order (time, lane, sequence); the sequence is the place in
 * the list of their instant. Lane 0 is for what ripens by time alone, so that all else at that instant sees it.
 */
export type Timeline = Table & {
	kind: Uint8Array
	subject: Int32Array
	extra: Int32Array
	lane: Uint8Array
	/** 1 where the entry is a repeat: it is no reason to wait (`settled`). */
	repeat: Uint8Array
	/** The list of its instant, and its neighbours there. */
	list: Int32Array
	next: Int32Array
	previous: Int32Array
	/** Instants that have a list. One whose entries were all cancelled stays until it is met. */
	lists: Lists
	byInstant: Map<Instant, number>
	/**
	 * In front of that: the list of an instant, plus one, at its last bits. Made when it is needed, and never saved. In a
	 * record of its own, for it is no column: it does not grow with the rows.
	 */
	near: { lists: Int32Array }
	/** Rows of `lists` as a binary heap by instant. */
	heap: number[]
	/** Entries that are no repeats. */
	lasting: number
}

/** `first` and `last` entry by lane, -1 for none: two columns for each list, lane 0 before lane 1. */
type Lists = Table & { at: Float64Array; first0: Int32Array; last0: Int32Array; first1: Int32Array; last1: Int32Array }

export type Entry = { at: Instant; kind: number; subject: number; extra: number }

export function createTimeline(): Timeline {
	const size = 64
	return {
		rows: 0,
		free: -1,
		live: 0,
		link: new Int32Array(size),
		kind: new Uint8Array(size),
		subject: new Int32Array(size),
		extra: new Int32Array(size),
		lane: new Uint8Array(size),
		repeat: new Uint8Array(size),
		list: new Int32Array(size),
		next: new Int32Array(size),
		previous: new Int32Array(size),
		lists: createLists(size),
		byInstant: new Map(),
		near: { lists: new Int32Array(0) },
		heap: [],
		lasting: 0,
	}
}

function createLists(size: number): Lists {
	return {
		rows: 0,
		free: -1,
		live: 0,
		link: new Int32Array(size),
		at: new Float64Array(size),
		first0: new Int32Array(size),
		last0: new Int32Array(size),
		first1: new Int32Array(size),
		last1: new Int32Array(size),
	}
}

/** Returns the entry's row: what cancels it. */
export function schedule(
	timeline: Timeline,
	at: Instant,
	kind: number,
	subject: number,
	extra = 0,
	options: { readonly lane?: 0 | 1; readonly repeat?: boolean } = LASTING,
): number {
	const row = takeRow(timeline)
	const lane = options.lane ?? 1
	timeline.kind[row] = kind
	timeline.subject[row] = subject
	timeline.extra[row] = extra
	timeline.lane[row] = lane
	timeline.repeat[row] = options.repeat === true ? 1 : 0
	if (options.repeat !== true) timeline.lasting++
	append(timeline, row, listAt(timeline, at), lane)
	return row
}
const LASTING = Object.freeze({})

/** Takes an entry off; it must still be on. */
export function cancel(timeline: Timeline, row: number): void {
	unlink(timeline, row)
	freeRow(timeline, row)
}

/** When the next entry is due. */
export function nextInstant(timeline: Timeline): Instant | undefined {
	const list = nextList(timeline)
	return list === -1 ? undefined : timeline.lists.at[list]
}

/** Takes the next entry that is due up to `to` and writes it into `entry`. Returns false where there is none. */
export function takeDue(timeline: Timeline, to: Instant, entry: Entry): boolean {
	const list = nextList(timeline)
	if (list === -1) return false
	const { at, first0, first1 } = timeline.lists
	if ((at[list] as number) > to) return false
	const row = (first0[list] !== -1 ? first0[list] : first1[list]) as number
	entry.at = at[list] as number
	entry.kind = timeline.kind[row] as number
	entry.subject = timeline.subject[row] as number
	entry.extra = timeline.extra[row] as number
	cancel(timeline, row)
	return true
}

/** Drops what no longer matters to anyone and numbers the lists anew, so that equal timelines are equal data. */
export function tidyTimeline(timeline: Timeline): void {
	const before = timeline.lists
	const used = timeline.heap.filter((list) => !isEmpty(before, list))
	used.sort((a, b) => (before.at[a] as number) - (before.at[b] as number))
	const lists = createLists(powerOfTwo(Math.max(64, used.length)))
	timeline.list.fill(0)
	for (const old of used) {
		const list = takeRow(lists)
		for (const column of ["at", "first0", "last0", "first1", "last1"] as const) {
			lists[column][list] = before[column][old] as number
		}
		for (const first of [lists.first0[list] as number, lists.first1[list] as number]) {
			for (let row = first; row !== -1; row = timeline.next[row] as number) timeline.list[row] = list
		}
	}
	timeline.lists = lists
	timeline.near.lists = new Int32Array(0)
	timeline.byInstant = new Map(used.map((old, list) => [before.at[old] as number, list]))
	timeline.heap = used.map((_, list) => list)
}

/** The list of the next instant that has entries, or -1. */
function nextList(timeline: Timeline): number {
	const { heap, lists } = timeline
	for (;;) {
		const list = heap[0]
		if (list === undefined) return -1
		if (!isEmpty(lists, list)) return list
		timeline.byInstant.delete(lists.at[list] as number)
		popList(timeline)
		lists.at[list] = -1
		freeRow(lists, list)
	}
}

function isEmpty({ first0, first1 }: Lists, list: number): boolean {
	return first0[list] === -1 && first1[list] === -1
}

function listAt(timeline: Timeline, at: Instant): number {
	const { lists } = timeline
	if (timeline.near.lists.length === 0) timeline.near.lists = new Int32Array(NEAR)
	const spot = at % NEAR
	const near = (timeline.near.lists[spot] as number) - 1
	if (near >= 0 && lists.at[near] === at) return near
	const list = timeline.byInstant.get(at) ?? newList(timeline, at)
	timeline.near.lists[spot] = list + 1
	return list
}
const NEAR = 65_536

function newList(timeline: Timeline, at: Instant): number {
	const { lists } = timeline
	const list = takeRow(lists)
	lists.at[list] = at
	lists.first0[list] = -1
	lists.last0[list] = -1
	lists.first1[list] = -1
	lists.last1[list] = -1
	timeline.byInstant.set(at, list)
	pushList(timeline, list)
	return list
}

function append({ lists, list: listOf, next, previous }: Timeline, row: number, list: number, lane: number): void {
	const first = lane === 0 ? lists.first0 : lists.first1
	const last = lane === 0 ? lists.last0 : lists.last1
	const before = last[list] as number
	listOf[row] = list
	next[row] = -1
	previous[row] = before
	if (before === -1) first[list] = row
	else next[before] = row
	last[list] = row
}

function unlink(timeline: Timeline, row: number): void {
	const { lists } = timeline
	const list = timeline.list[row] as number
	const lane = timeline.lane[row] as number
	const next = timeline.next[row] as number
	const previous = timeline.previous[row] as number
	if (previous !== -1) timeline.next[previous] = next
	else if (lane === 0) lists.first0[list] = next
	else lists.first1[list] = next
	if (next !== -1) timeline.previous[next] = previous
	else if (lane === 0) lists.last0[list] = previous
	else lists.last1[list] = previous
	if (timeline.repeat[row] === 0) timeline.lasting--
}

function pushList({ heap, lists }: Timeline, list: number): void {
	const at = lists.at[list] as number
	let place = heap.push(list) - 1
	while (place > 0) {
		const parent = (place - 1) >> 1
		const above = heap[parent] as number
		if ((lists.at[above] as number) <= at) break
		heap[place] = above
		place = parent
	}
	heap[place] = list
}

function popList({ heap, lists }: Timeline): void {
	const last = heap.pop() as number
	const size = heap.length
	if (size === 0) return
	const { at } = lists
	const lastAt = at[last] as number
	let place = 0
	for (;;) {
		let child = 2 * place + 1
		if (child >= size) break
		if (child + 1 < size && (at[heap[child + 1] as number] as number) < (at[heap[child] as number] as number)) child++
		if ((at[heap[child] as number] as number) >= lastAt) break
		heap[place] = heap[child] as number
		place = child
	}
	heap[place] = last
}
