import type { Ledger } from "../../history/index.ts"
import { noteOf } from "./note.ts"

/** Where the ledger stands and how far notes tell of it: what lies between is still to be written. */
export type NoteState = {
	readonly ledger: Pick<Ledger, "commit">
	head(): { readonly number: number }
	notedTo(): number
	noteTo(entry: number): void
	/** Commits that entries above `after`, up to `to`, say something of. */
	commitsOf(after: number, to: number): readonly string[]
}

export type NoteParts = {
	readonly state: NoteState
	/** All of them or none. */
	readonly write: (notes: ReadonlyMap<string, string>, message: string) => Promise<unknown>
	/** Told once, until it works again. */
	readonly warn: (problem: unknown) => void
}

/** Entries at a time. */
const PAGE = 2_000
/** A commit that is rolled out gets a few entries in short order: one writing for all of them. */
const PAUSE_MS = 1_000

/**
 * Keeps notes on commits up to what the ledger says. The entries are the outbox: how far they were told is noted after
 * the writing, and a note that says the same already is not written again, so that a kill in between loses nothing.
 */
export class Notes {
	readonly #parts: NoteParts
	#writing: Promise<void> | undefined
	#again = false
	#failed = false
	#wake: (() => void) | undefined
	#closing = false

	constructor(parts: NoteParts) {
		this.#parts = parts
	}

	/** Something was written down. Returns at once. */
	wake(): void {
		this.#again = true
		this.#writing ??= this.#write().finally(() => {
			this.#writing = undefined
			if (this.#again && !this.#closing) this.wake()
		})
	}

	/** Writes what is left. Never fails: what could not be written is tried at the next start. */
	async close(): Promise<void> {
		this.#closing = true
		this.#wake?.()
		await this.#writing
		await this.#catchUp()
	}

	async #write(): Promise<void> {
		while (this.#again && !this.#closing) {
			this.#again = false
			await this.#catchUp()
			if (!this.#closing) await this.#pause()
		}
	}

	async #catchUp(): Promise<void> {
		const { state, write, warn } = this.#parts
		try {
			for (let to = state.notedTo(); to < state.head().number; ) {
				const after = to
				to = Math.min(after + PAGE, state.head().number)
				const notes = new Map<string, string>()
				for (const sha of state.commitsOf(after, to)) {
					const [detail] = state.ledger.commit(sha)
					if (detail !== undefined) notes.set(sha, noteOf(detail))
				}
				if (notes.size > 0) await write(notes, `rollcall: how ${notes.size} commits fared\n\nRollcall-Entry: ${to}\n`)
				state.noteTo(to)
			}
			this.#failed = false
		} catch (problem) {
			if (!this.#failed) warn(problem)
			this.#failed = true
		}
	}

	#pause(): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, PAUSE_MS)
			this.#wake = () => {
				clearTimeout(timer)
				resolve()
			}
		})
	}
}
