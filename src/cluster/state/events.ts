import type { Instant } from "../../base/index.ts"
import { FRESH_COLUMNS, freeRow, type Table, takeRow } from "./columns.ts"
import { type About, aboutOf, HELD, Whom } from "./event-subjects.ts"
import { createRecords, freeRecord, type Records, setWord, wordOf } from "./records.ts"
import type { TextId } from "./strings.ts"

/**
 * Kubernetes Events as a log of rows, oldest first: which words (`code`), about whom, and when. The text is made when it
 * is read. Rows have numbers that are never used again; what is too old leaves by whole chunks. An Event that was counted
 * up keeps its row, and has its count and times beside it.
 */
export type EventLog = {
	/** The number of the first row of the first chunk, of the oldest row that is kept, and of the next one. */
	first: number
	oldest: number
	next: number
	chunks: Uint32Array[]
	/** By chunk: what the times of its rows count from. */
	starts: Instant[]
	/** By chunk: the cluster's version when the row was written or counted up, its last 32 bits. */
	versions: Uint32Array[]
	/** Whom Events are about: see `Whom`. */
	subjects: Records
	repeats: Repeats
	/** What had not happened for an hour by then is gone, dropped or not. */
	sweptAt: Instant
}

/** Events that happened more than once. */
type Repeats = Table & { firstAt: Float64Array; lastAt: Float64Array; count: Uint32Array; serial: Float64Array }

/** An Event as its row, and what is beside it, say. */
export type EventRow = About & {
	/** The row of whom it is about: what `findEvent` asks for. */
	readonly whom: number
	readonly code: number
	readonly argument: TextId
	/** A number that the words need. */
	readonly detail: number
	readonly firstAt: Instant
	readonly lastAt: Instant
	readonly count: number
	/** Its number among all Events: part of its name. */
	readonly serial: number
	/** The cluster's when it was written, or counted up: the last 32 bits of it. */
	readonly version: number
}

/** How long the API server keeps an Event that is not counted up. */
const LIFETIME_MS = 3_600_000
/** Far more rows than one new Event brings, so that what is due runs out. */
const SWEPT_AT_ONCE = 256
const CHUNK_BITS = 12
const CHUNK = 1 << CHUNK_BITS
/** Words of a row; `Before` is how many rows earlier the last Event about the same subject stands, 0 for none. */
const Word = { At: 0, Code: 1, Subject: 2, Argument: 3, Detail: 4, Before: 5 } as const
const WIDTH = 6
/** Codes are below this; above them the row's place among the repeats, plus one. */
const CODES = 128
export function createEvents(): EventLog {
	const { real, natural, whole } = FRESH_COLUMNS
	return {
		...{ first: 0, oldest: 0, next: 0, chunks: [], starts: [], versions: [], sweptAt: 0 },
		subjects: createRecords(8),
		repeats: {
			rows: 0,
			free: -1,
			live: 0,
			link: whole(),
			firstAt: real(),
			lastAt: real(),
			count: natural(),
			serial: real(),
		},
	}
}

/** The number of the subject's Event of this code and argument (any, where that is undefined); -1 where there is none. */
export function findEvent(log: EventLog, subject: number, code: number, argument: TextId | undefined): number {
	const seen = wordOf(log.subjects, subject, Whom.Seen)
	if ((seen & bitOf(code)) === 0) return -1
	for (let number = newestOf(log, subject); number >= log.oldest; ) {
		const chunk = chunkOf(log, number)
		const at = placeOf(log, number)
		const same = (chunk[at + Word.Code] as number) % CODES === code
		if (same && (argument === undefined || chunk[at + Word.Argument] === argument) && !isGone(log, number))
			return number
		const before = chunk[at + Word.Before] as number
		if (before === 0) return -1
		number -= before
	}
	return -1
}

/** A new Event. What is too old is gone by this. */
export function addEvent(
	log: EventLog,
	now: Instant,
	subject: number,
	code: number,
	argument: TextId,
	detail: number,
): number {
	sweep(log, now)
	return append(log, now, subject, code, argument, detail)
}

/** It happened again; `counted`: how often by now, where that is known better than by counting. Returns the count. */
export function countEvent(
	log: EventLog,
	now: Instant,
	number: number,
	argument: TextId,
	detail: number,
	counted: number,
): number {
	const { repeats } = log
	const chunk = chunkOf(log, number)
	const at = placeOf(log, number)
	let repeat = repeatOf(chunk, at)
	if (repeat === -1) {
		repeat = takeRow(repeats)
		repeats.firstAt[repeat] = writtenAt(log, number)
		repeats.count[repeat] = 1
		repeats.serial[repeat] = number + 1
		chunk[at + Word.Code] = (chunk[at + Word.Code] as number) + (repeat + 1) * CODES
	}
	const count = counted > 0 ? counted : (repeats.count[repeat] as number) + 1
	repeats.count[repeat] = count
	repeats.lastAt[repeat] = now
	chunk[at + Word.Argument] = argument
	chunk[at + Word.Detail] = detail
	return count
}

/** The cluster's version as of which the Event is as it is. */
export function setEventVersion(log: EventLog, number: number, version: number): void {
	const versions = log.versions[(number - log.first) >>> CHUNK_BITS] as Uint32Array
	versions[(number - log.first) & (CHUNK - 1)] = version % 0x1_0000_0000
}

function versionAt(log: EventLog, number: number): number {
	const versions = log.versions[(number - log.first) >>> CHUNK_BITS] as Uint32Array
	return versions[(number - log.first) & (CHUNK - 1)] as number
}

/** The numbers of all Events that are kept. */
export function* eventNumbers(log: EventLog): Generator<number> {
	for (let number = log.oldest; number < log.next; number++) if (!isGone(log, number)) yield number
}

/** The number of the Event with this serial; -1 where there is none. Only what was counted up may have moved. */
export function eventOfSerial(log: EventLog, serial: number): number {
	let number = serial - 1
	if (number < log.oldest) {
		const repeat = log.repeats.serial.indexOf(serial)
		if (repeat === -1) return -1
		number = log.oldest
		while (number < log.next && repeatOf(chunkOf(log, number), placeOf(log, number)) !== repeat) number++
	}
	return number < log.next && !isGone(log, number) && serialOf(log, number) === serial ? number : -1
}

/** Whom the Event is about: a row of `subjects`. */
export function subjectOf(log: EventLog, number: number): number {
	return chunkOf(log, number)[placeOf(log, number) + Word.Subject] as number
}

export function serialOf(log: EventLog, number: number): number {
	const repeat = repeatOf(chunkOf(log, number), placeOf(log, number))
	return repeat === -1 ? number + 1 : (log.repeats.serial[repeat] as number)
}

/**
 * The numbers of those that are new, or were counted up, at `after` or later. One that goes on for more than an hour is
 * new again each time its row moves, and not told in between.
 */
export function* eventsSince(log: EventLog, after: Instant): Generator<number> {
	const { repeats } = log
	for (let repeat = 0; repeat < repeats.rows; repeat++) {
		const number = (repeats.serial[repeat] as number) - 1
		if ((repeats.lastAt[repeat] as number) < after || number < log.oldest || number >= log.next) continue
		if (repeatOf(chunkOf(log, number), placeOf(log, number)) === repeat) yield number
	}
	let number = log.next
	const from = Math.max(after, log.sweptAt - LIFETIME_MS)
	while (number > log.oldest && writtenAt(log, number - 1) >= from) number--
	for (; number < log.next; number++) if (repeatOf(chunkOf(log, number), placeOf(log, number)) === -1) yield number
}

export function eventAt(log: EventLog, number: number): EventRow {
	const { repeats } = log
	const chunk = chunkOf(log, number)
	const at = placeOf(log, number)
	const repeat = repeatOf(chunk, at)
	const written = writtenAt(log, number)
	const whom = chunk[at + Word.Subject] as number
	return {
		...aboutOf(log, whom),
		whom,
		code: (chunk[at + Word.Code] as number) % CODES,
		argument: chunk[at + Word.Argument] as number,
		detail: chunk[at + Word.Detail] as number,
		version: versionAt(log, number),
		...(repeat === -1
			? { firstAt: written, lastAt: written, count: 1, serial: number + 1 }
			: {
					firstAt: repeats.firstAt[repeat] as number,
					lastAt: repeats.lastAt[repeat] as number,
					count: repeats.count[repeat] as number,
					serial: repeats.serial[repeat] as number,
				}),
	}
}

function append(log: EventLog, now: Instant, subject: number, code: number, argument: TextId, detail: number): number {
	const { subjects } = log
	const number = log.next
	if (number - log.first === log.chunks.length * CHUNK) grow(log, now)
	const last = log.starts.length - 1
	if (now - (log.starts[last] as number) > LONGEST_MS) countAnew(log, last, now - LIFETIME_MS - 1)
	const chunk = chunkOf(log, number)
	const at = placeOf(log, number)
	const seen = wordOf(subjects, subject, Whom.Seen)
	chunk[at + Word.At] = now - (log.starts[last] as number)
	chunk[at + Word.Code] = code
	chunk[at + Word.Subject] = subject
	chunk[at + Word.Argument] = argument
	chunk[at + Word.Detail] = detail
	chunk[at + Word.Before] = seen === 0 ? 0 : number - newestOf(log, subject)
	setWord(subjects, subject, Whom.Newest, number)
	setWord(subjects, subject, Whom.Seen, seen | bitOf(code))
	setWord(subjects, subject, Whom.Uses, wordOf(subjects, subject, Whom.Uses) + 1)
	log.next++
	return number
}

function grow(log: EventLog, now: Instant): void {
	log.chunks.push(new Uint32Array(CHUNK * WIDTH))
	log.starts.push(now)
	log.versions.push(new Uint32Array(CHUNK))
}

/** The rows of the chunk count from a later moment; those before it are too old, and stay so. */
function countAnew(log: EventLog, place: number, from: Instant): void {
	const chunk = log.chunks[place] as Uint32Array
	const later = from - (log.starts[place] as number)
	const oldest = Math.max(0, log.oldest - log.first - place * CHUNK)
	for (let row = oldest; row < CHUNK; row++) {
		const at = row * WIDTH + Word.At
		chunk[at] = Math.max(0, (chunk[at] as number) - later)
	}
	log.starts[place] = from
}
const LONGEST_MS = 0x7fff_ffff

/**
 * Drops what was not counted up for an hour, a few rows at a time: millions may be due at once, and the rest is gone for
 * whoever asks. What was counted up stays on as the newest row.
 */
function sweep(log: EventLog, now: Instant): void {
	const { repeats } = log
	log.sweptAt = now
	const end = Math.min(log.next, log.oldest + SWEPT_AT_ONCE)
	while (log.oldest < end && writtenAt(log, log.oldest) + LIFETIME_MS < now) {
		const chunk = chunkOf(log, log.oldest)
		const at = placeOf(log, log.oldest)
		const subject = chunk[at + Word.Subject] as number
		const repeat = repeatOf(chunk, at)
		if (repeat !== -1 && (repeats.lastAt[repeat] as number) + LIFETIME_MS >= now) {
			const code = (chunk[at + Word.Code] as number) % CODES
			const moved = append(
				log,
				now,
				subject,
				code,
				chunk[at + Word.Argument] as number,
				chunk[at + Word.Detail] as number,
			)
			const place = placeOf(log, moved)
			chunkOf(log, moved)[place + Word.Code] = code + (repeat + 1) * CODES
			setEventVersion(log, moved, versionAt(log, log.oldest))
		} else if (repeat !== -1) {
			freeRow(repeats, repeat)
		}
		log.oldest++
		dropUse(log, subject)
		if (log.oldest - log.first === CHUNK) dropChunk(log)
	}
}

function dropUse({ subjects }: EventLog, subject: number): void {
	const uses = wordOf(subjects, subject, Whom.Uses) - 1
	if (uses === 0) {
		freeRecord(subjects, subject)
		return
	}
	setWord(subjects, subject, Whom.Uses, uses)
	if (uses === HELD) setWord(subjects, subject, Whom.Seen, 0)
}

function dropChunk(log: EventLog): void {
	log.chunks.shift()
	log.starts.shift()
	log.versions.shift()
	log.first += CHUNK
}

/** It did not happen for an hour: it was dropped, or will be when its row's turn comes. */
function isGone(log: EventLog, number: number): boolean {
	const repeat = repeatOf(chunkOf(log, number), placeOf(log, number))
	const lastAt = repeat === -1 ? writtenAt(log, number) : (log.repeats.lastAt[repeat] as number)
	return lastAt + LIFETIME_MS < log.sweptAt
}

function newestOf(log: EventLog, subject: number): number {
	return log.next - ((log.next - wordOf(log.subjects, subject, Whom.Newest)) >>> 0)
}

function writtenAt(log: EventLog, number: number): Instant {
	const at = chunkOf(log, number)[placeOf(log, number) + Word.At] as number
	return (log.starts[(number - log.first) >>> CHUNK_BITS] as number) + at
}

function chunkOf(log: EventLog, number: number): Uint32Array {
	return log.chunks[(number - log.first) >>> CHUNK_BITS] as Uint32Array
}

function placeOf(log: EventLog, number: number): number {
	return ((number - log.first) & (CHUNK - 1)) * WIDTH
}

function repeatOf(chunk: Uint32Array, at: number): number {
	return Math.floor((chunk[at + Word.Code] as number) / CODES) - 1
}

/** Codes of kubelets and of all others share the bits as rarely as can be. */
function bitOf(code: number): number {
	return 1 << ((code < 32 ? code : code - 15) & 31)
}
