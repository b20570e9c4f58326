import type { Change } from "./kind-log.ts"
import { linesFor, type Wish } from "./wish.ts"

/**
 * What a client has been told: all until `from`, and of what came until `to` that which has a version up to `told`.
 * Mostly these are one number. In doubt, it may have been told all until `told`, each state.
 */
export type Position = { readonly from: number; readonly to: number; readonly told: number; readonly inDoubt: boolean }

/** A part of a span as text. */
export type Piece = {
	readonly bytes: Buffer
	/** The version up to which all of the span is told after it. */
	readonly told: number
	readonly isLast: boolean
	/** The place of the change that comes next. */
	readonly next: number
}

const PIECE = 64 * 1024
/** About what a change takes that is kept. */
const CHANGE = 4_000

/** What changed from a position to a version, each object once: for all clients that stand there. */
export class Span {
	readonly start: Position
	readonly to: number
	#changes: readonly Change[] | undefined
	readonly #pieces = new Map<string, Piece[]>()
	#bytes = 0

	constructor(start: Position, to: number, changes: readonly Change[]) {
		this.start = start
		this.to = to
		this.#changes = changes
	}

	/** About how many bytes it takes. */
	get weight(): number {
		return this.#bytes + (this.#changes?.length ?? 0) * CHANGE
	}

	/** The part with this number; undefined where the span was let go of. */
	piece(wish: Wish, number: number): Piece | undefined {
		if (this.#changes === undefined) return undefined
		const pieces = this.#pieces.get(wish.key) ?? []
		const known = pieces[number]
		if (known !== undefined) return known
		const made = this.#make(wish, this.#changes, pieces[number - 1]?.next ?? 0)
		this.#pieces.set(wish.key, [...pieces, made])
		this.#bytes += made.bytes.length
		return made
	}

	/** Whoever is in the middle of it goes on from their position. */
	letGo(): void {
		this.#changes = undefined
		this.#pieces.clear()
		this.#bytes = 0
	}

	#make(wish: Wish, changes: readonly Change[], from: number): Piece {
		let text = ""
		let next = from
		while (next < changes.length && text.length < PIECE) text += linesFor(wish, changes[next++] as Change)
		const isLast = next === changes.length
		return { bytes: Buffer.from(text), told: isLast ? this.to : (changes[next - 1]?.version ?? this.to), isLast, next }
	}
}

export function standing(version: number): Position {
	return { from: version, to: version, told: version, inDoubt: false }
}
