import { sha256 } from "../base/index.ts"

const SPAN_MS = 600_000
const MOST = 1_000

/** Which refusals are worth a row: a client that asks again and again, or for ever other things, fills no disk. */
export class Refusals {
	#since = Number.NEGATIVE_INFINITY
	readonly #told = new Set<string>()

	/** True for the first of its words in ten minutes, and for the first thousand in that time. `now` in milliseconds. */
	isTold(words: string, now: number): boolean {
		if (now - this.#since > SPAN_MS) {
			this.#told.clear()
			this.#since = now
		}
		const digest = sha256(words)
		if (this.#told.has(digest) || this.#told.size >= MOST) return false
		this.#told.add(digest)
		return true
	}
}
