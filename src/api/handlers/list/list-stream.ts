import { setImmediate as pause } from "node:timers/promises"
import type { Sink, Stream, Told } from "../../ask.ts"
import { Utf8 } from "../../utf8.ts"
import type { ListMeta } from "../shapes.ts"
import type { Place } from "./continue.ts"
import type { ListForm, ListItem } from "./list-form.ts"
import type { ListWriter } from "./list-writer.ts"

/** A client that has not taken this much yet waits, and one that takes nothing for so long is let go of. */
const ENOUGH = 4 * 1024 * 1024
const STUCK_MS = 60_000
/** How long others wait for a few pieces, and about how long a piece is. */
const PIECES_MS = 3
const PIECE = 128 * 1024

type Parts = {
	readonly form: ListForm
	readonly writer: ListWriter
	readonly limit: number
	/** `next`: what the next page comes after. */
	readonly metadata: (next: Place | undefined) => ListMeta
	/** Keeps what is listed until what is returned is called. */
	readonly hold: () => () => void
	readonly now: () => number
}

/** A long list leaves in pieces, as fast as the client takes them; where it goes on is said at its end. */
export function listStream(parts: Parts): Stream {
	return { status: 200, headers: { "content-type": parts.writer.contentType }, start: (sink) => begin(parts, sink) }
}

function begin(parts: Parts, sink: Sink): Told {
	const { hold, now } = parts
	const letGo = hold()
	const pieces = piecesOf(parts)
	let isOver = false
	let isRunning = false
	const stuck = setTimeout(() => sink.drop(), STUCK_MS).unref()
	const gone = (): void => {
		if (!isOver) letGo()
		isOver = true
		clearTimeout(stuck)
	}
	const run = async (): Promise<void> => {
		if (isRunning) return
		isRunning = true
		while (!isOver && sink.waiting() < ENOUGH) {
			stuck.refresh()
			for (const since = now(); !isOver && now() - since < PIECES_MS && sink.waiting() < ENOUGH; ) {
				const { done, value } = pieces.next()
				if (value !== undefined) sink.write(value)
				if (done !== true) continue
				sink.end()
				gone()
			}
			if (!isOver) await pause()
		}
		isRunning = false
	}
	const goOn = (): void => void run().catch(sink.failed)
	goOn()
	return { drained: goOn, gone }
}

/** Undefined now and then where nothing is found for long. */
function* piecesOf({ form, writer, limit, metadata }: Parts): Generator<Uint8Array | undefined> {
	const { metadata: _, ...around } = form.empty({ resourceVersion: "" })
	let piece = new Utf8(PIECE + SPARE)
	piece.add(writer.head(around))
	let count = 0
	let skipped = 0
	let last: ListItem | undefined
	let next: Place | undefined
	for (const item of form.items()) {
		if (item === undefined) {
			if (++skipped % 64 === 0) yield undefined
			continue
		}
		if (count === limit) {
			next = last?.place()
			break
		}
		piece.add(writer.item(item.text, count++))
		last = item
		if (piece.length < PIECE) continue
		yield piece.bytes()
		piece = new Utf8(PIECE + SPARE)
	}
	piece.add(writer.tail(metadata(next), count))
	yield piece.bytes()
}
const SPARE = 32 * 1024
