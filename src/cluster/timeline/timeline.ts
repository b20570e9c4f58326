import type { Instant } from "../../base/index.ts"
import { freeRow, type Table, takeRow } from "../state/columns.ts"

/**
 * What is to come: entries `{ at, kind, subject, extra }` in the order (time, lane, sequence); the sequence is the place in
 * the list of their instant. Lane 0 is for what ripens by time alone, so that all else at that instant sees it.
 */
export type Timeline = Table & {
	at: Float64Array
	kind: Uint8Array
	subject: Int32Array
	extra: Int32Array
	lane: Uint8Array
	/** 1 where the entry is a repeat: it is no reason to wait (`settled`). */
	repeat: Uint8Array
	next: Int32Array
	previous: Int32Array
	/** The list of each instant: first and last entry per lane. */
	lists: Map<Instant, number[]>
	/** Instants with a list, as a binary heap. An instant whose entries were all cancelled stays until it is met. */
	instants: number[]
	/** Entries that are no repeats. */
	lasting: number
}

export type Entry = { at: Instant; kind: number; subject: number; extra: number }

export function createTimeline(): Timeline {
	const size = 64
	return {
		rows: 0,
		free: -1,
		live: 0,
		link: new Int32Array(size),
		at: new Float64Array(size),
		kind: new Uint8Array(size),
		subject: new Int32Array(size),
		extra: new Int32Array(size),
		lane: new Uint8Array(size),
		repeat: new Uint8Array(size),
		next: new Int32Array(size),
		previous: new Int32Array(size),
		lists: new Map(),
		instants: [],
		lasting: 0,
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
	timeline.at[row] = at
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
	for (;;) {
		const at = timeline.instants[0]
		if (at === undefined) return undefined
		const list = timeline.lists.get(at)
		if (list !== undefined && (list[0] !== -1 || list[2] !== -1)) return at
		timeline.lists.delete(at)
		popInstant(timeline.instants)
	}
}

/** Takes the next entry that is due up to `to` and writes it into `entry`. Returns false where there is none. */
export function takeDue(timeline: Timeline, to: Instant, entry: Entry): boolean {
	const at = nextInstant(timeline)
	if (at === undefined || at > to) return false
	const list = timeline.lists.get(at) as number[]
	const row = (list[0] !== -1 ? list[0] : list[2]) as number
	entry.at = at
	entry.kind = timeline.kind[row] as number
	entry.subject = timeline.subject[row] as number
	entry.extra = timeline.extra[row] as number
	cancel(timeline, row)
	return true
}

/** Drops what no longer matters to anyone, so that equal timelines are equal data. */
export function tidyTimeline(timeline: Timeline): void {
	const lists = [...timeline.lists].filter(([, list]) => list[0] !== -1 || list[2] !== -1)
	lists.sort(([a], [b]) => a - b)
	timeline.lists = new Map(lists)
	timeline.instants = lists.map(([at]) => at)
}

function listAt(timeline: Timeline, at: Instant): number[] {
	const known = timeline.lists.get(at)
	if (known !== undefined) return known
	const list = [-1, -1, -1, -1]
	timeline.lists.set(at, list)
	pushInstant(timeline.instants, at)
	return list
}

function append(timeline: Timeline, row: number, list: number[], lane: number): void {
	const last = list[lane * 2 + 1] as number
	timeline.next[row] = -1
	timeline.previous[row] = last
	if (last === -1) list[lane * 2] = row
	else timeline.next[last] = row
	list[lane * 2 + 1] = row
}

function unlink(timeline: Timeline, row: number): void {
	const list = timeline.lists.get(timeline.at[row] as number) as number[]
	const lane = timeline.lane[row] as number
	const next = timeline.next[row] as number
	const previous = timeline.previous[row] as number
	if (previous === -1) list[lane * 2] = next
	else timeline.next[previous] = next
	if (next === -1) list[lane * 2 + 1] = previous
	else timeline.previous[next] = previous
	if (timeline.repeat[row] === 0) timeline.lasting--
}

function pushInstant(heap: number[], at: number): void {
	let place = heap.push(at) - 1
	while (place > 0) {
		const parent = (place - 1) >> 1
		const above = heap[parent] as number
		if (above <= at) break
		heap[place] = above
		place = parent
	}
	heap[place] = at
}

function popInstant(heap: number[]): void {
	const last = heap.pop() as number
	const size = heap.length
	if (size === 0) return
	let place = 0
	for (;;) {
		let child = 2 * place + 1
		if (child >= size) break
		if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++
		if ((heap[child] as number) >= last) break
		heap[place] = heap[child] as number
		place = child
	}
	heap[place] = last
}
