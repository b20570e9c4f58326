import type { Sink } from "../ask.ts"
import type { KindLog } from "./kind-log.ts"
import type { Opening } from "./opening.ts"
import { type Position, type Span, standing } from "./span.ts"
import type { Wish } from "./wish.ts"

export type Watch = {
	readonly wish: Wish
	readonly log: KindLog
	readonly sink: Sink
	/** What is told first; absent where the watch goes on from a version. */
	readonly opening?: Opening
	readonly from: Position
	/** The end of what is told first is said when all until this version is told. */
	readonly asOf: number
	/** By when it ends, and what time it is: milliseconds. */
	readonly until: number
	readonly now: () => number
}

/** Within a span: the piece that comes next, and up to which version the ones before it told. */
type Under = { readonly span: Span; piece: number; told: number }

/** A client that has not taken this much yet waits; what it misses meanwhile it gets later, each object once. */
const ENOUGH = 256 * 1024
const CHUNK = 64 * 1024
const STUCK_MS = 60_000
const BOOKMARK_MS = 60_000

/** One client that follows a kind. It holds no queue: only where it stands. */
export class Watcher {
	readonly #watch: Watch
	#position: Position
	#opening: Opening | undefined
	#under: Under | undefined
	/** The end of what is told first is still to be said. */
	#owesEnd: boolean
	#isFirst = true
	#movedAt: number
	#bookmarkedAt: number
	#hasEnded = false

	constructor(watch: Watch) {
		this.#watch = watch
		this.#position = watch.from
		this.#opening = watch.opening
		this.#owesEnd = watch.opening !== undefined
		this.#movedAt = watch.now()
		this.#bookmarkedAt = watch.now()
	}

	/** Tells a part of what there is to tell, where the client takes it; true where there is more. */
	step(): boolean {
		const { sink, now } = this.#watch
		if (this.#hasEnded || sink.waiting() >= ENOUGH) return false
		const more = this.#opening === undefined ? this.#tellChanges() : this.#tellOpening(this.#opening)
		this.#movedAt = now()
		if (!more) this.#endOpening()
		return more && sink.waiting() < ENOUGH
	}

	/** The client may take long to read what was told; nothing comes after that. */
	end(): void {
		if (this.#hasEnded) return
		this.leave()
		this.#watch.sink.end()
	}

	/** The client takes too long. */
	drop(): void {
		this.leave()
		this.#watch.sink.drop()
	}

	/** The client has gone. */
	leave(): void {
		this.#hasEnded = true
		this.#opening?.close()
		this.#opening = undefined
		this.#under = undefined
	}

	/** Once a second or so: its time is over, it is stuck, or it is to learn where it stands. */
	tick(): void {
		const { sink, now, until, wish, log } = this.#watch
		const at = now()
		if (at >= until) this.end()
		if (sink.waiting() > 0 && at - this.#movedAt > STUCK_MS) this.drop()
		if (this.#owesEnd) this.step()
		if (this.#hasEnded || wish.bookmark === undefined || at - this.#bookmarkedAt <= BOOKMARK_MS) return
		if (sink.waiting() > 0 || this.step() || this.#hasEnded) return
		this.#bookmarkedAt = at
		sink.write(wish.bookmark(Math.max(this.#position.told, log.version), false))
	}

	#tellOpening(opening: Opening): boolean {
		let text = ""
		while (text.length < CHUNK) {
			const next = opening.lines.next()
			if (next.done === true) {
				opening.close()
				this.#opening = undefined
				break
			}
			text += next.value
		}
		this.#write(text)
		return true
	}

	#tellChanges(): boolean {
		const under = this.#under ?? this.#begin()
		if (under === undefined) return false
		const piece = under.span.piece(this.#watch.wish, under.piece)
		if (piece === undefined) return this.#lose(under)
		this.#write(piece.bytes)
		under.piece++
		under.told = piece.told
		this.#under = piece.isLast ? undefined : under
		if (piece.isLast) this.#position = standing(under.span.to)
		return !piece.isLast || this.#position.told < this.#watch.log.version
	}

	#begin(): Under | undefined {
		const { log, wish, sink } = this.#watch
		if (this.#position.told >= log.version) return undefined
		const span = log.since(this.#position)
		if (span !== undefined) return { span, piece: 0, told: this.#position.told }
		sink.write(wish.expired(this.#position.told, log.version))
		this.end()
		return undefined
	}

	/** Others went on, and the span is not kept any more. */
	#lose({ span, piece, told }: Under): boolean {
		this.#under = undefined
		const { start, to } = span
		if (piece > 0) {
			// What it was told of a second one within the first is more than a position says.
			const from = start.told === start.from ? start.from : Number.NEGATIVE_INFINITY
			this.#position = { from, to, told, inDoubt: false }
		}
		return true
	}

	/** All until the moment of the request is told: the client may act on what it knows. */
	#endOpening(): void {
		const { wish, sink, asOf, log } = this.#watch
		if (!this.#owesEnd || this.#hasEnded) return
		const told = Math.max(this.#position.told, log.version)
		if (told < asOf) return
		this.#owesEnd = false
		if (wish.bookmark !== undefined) sink.write(wish.bookmark(told, true))
	}

	#write(text: string | Buffer): void {
		const { wish, sink } = this.#watch
		if (text.length === 0) return
		const first = this.#isFirst ? wish.first : undefined
		this.#isFirst = false
		sink.write(first === undefined ? text : first(text.toString()))
	}
}
