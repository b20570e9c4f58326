import type { Sink } from "../ask.ts"
import type { Change, KindLog, Span } from "./kind-log.ts"

export type Watch = {
	readonly log: KindLog
	readonly sink: Sink
	/** What is told first, as it is now; absent where the watch goes on from a version. */
	readonly initial?: Iterator<string>
	/** The version that all of it is of, or that it goes on from. */
	readonly from: number
	/** The text of a change for this watch; empty where it is none of its objects. */
	readonly textOf: (change: Change) => string
	/** Watches of the same text share it; absent where what a watch sees depends on what it saw. */
	readonly shared?: string
	/** Said at the end of what is told first, and once a minute. */
	readonly bookmark?: (version: number, isInitial: boolean) => string
	readonly gone: (version: number) => string
	/** By when it ends, and what time it is: milliseconds. */
	readonly until: number
	readonly now: () => number
}

/** A client that has not taken this much yet waits; what it misses meanwhile it gets later, each object once. */
const ENOUGH = 256 * 1024
const CHUNK = 64 * 1024
const STUCK_MS = 60_000
const BOOKMARK_MS = 60_000

/** One client that follows a kind. It holds no queue: only where it stands. */
export class Watcher {
	readonly #watch: Watch
	#at: number
	#initial: Iterator<string> | undefined
	#under: { readonly span: Span; next: number } | undefined
	#movedAt: number
	#bookmarkedAt: number
	#hasEnded = false

	constructor(watch: Watch) {
		this.#watch = watch
		this.#at = watch.from
		this.#initial = watch.initial
		this.#movedAt = watch.now()
		this.#bookmarkedAt = watch.now()
	}

	/** Tells what there is to tell, as long as the client takes it. */
	pump(): void {
		const { sink, now } = this.#watch
		if (this.#hasEnded) return
		while (sink.waiting() < ENOUGH) {
			const text = this.#nextText()
			this.#movedAt = now()
			if (text === undefined) return
			if (text !== "") sink.write(text)
		}
	}

	/** The client may take long to read what was told; nothing comes after that. */
	end(): void {
		if (this.#hasEnded) return
		this.#hasEnded = true
		this.#watch.sink.end()
	}

	/** Once a second or so: its time is over, it is stuck, or it is to learn where it stands. */
	tick(): void {
		const { sink, now, until, bookmark } = this.#watch
		const at = now()
		if (at >= until) this.end()
		if (sink.waiting() > 0 && at - this.#movedAt > STUCK_MS) sink.drop()
		else if (sink.waiting() === 0 && bookmark !== undefined && at - this.#bookmarkedAt > BOOKMARK_MS) {
			this.pump()
			this.#bookmarkedAt = at
			const isUpToDate = this.#under === undefined && this.#initial === undefined
			if (isUpToDate && !this.#hasEnded) sink.write(bookmark(this.#at, false))
		}
	}

	/** Empty where a piece of the way had nothing for it; undefined at the end. */
	#nextText(): string | undefined {
		if (this.#initial !== undefined) return this.#nextInitial(this.#initial)
		const { log, sink, gone, shared } = this.#watch
		if (this.#under === undefined) {
			if (this.#at === log.version) return undefined
			const span = log.since(this.#at)
			if (span === undefined) {
				sink.write(gone(this.#at))
				this.end()
				return undefined
			}
			const known = shared === undefined ? undefined : span.texts.get(shared)
			if (known !== undefined) {
				this.#at = span.to
				return known
			}
			this.#under = { span, next: 0 }
		}
		return this.#nextOf(this.#under)
	}

	#nextOf(under: { readonly span: Span; next: number }): string {
		const { span } = under
		const { shared, textOf } = this.#watch
		const isWhole = under.next === 0
		let text = ""
		while (under.next < span.changes.length && text.length < CHUNK) {
			const change = span.changes[under.next++]
			if (change !== undefined) text += textOf(change)
		}
		if (under.next === span.changes.length) {
			this.#under = undefined
			this.#at = span.to
			if (isWhole && shared !== undefined) span.texts.set(shared, text)
		}
		return text
	}

	#nextInitial(initial: Iterator<string>): string {
		let text = ""
		while (text.length < CHUNK) {
			const next = initial.next()
			if (next.done === true) {
				this.#initial = undefined
				return text + (this.#watch.bookmark?.(this.#at, true) ?? "")
			}
			text += next.value
		}
		return text
	}
}
