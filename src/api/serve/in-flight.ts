import type { Access } from "./credentials.ts"

/** As the API server has it, for each of the two tokens: a client that may only read keeps no writer waiting. */
const MOST = { reading: 400, changing: 200 }

const READING: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"])

/** How many requests are under way. Watches are not counted: their answers have begun, and they hold nothing. */
export class InFlight {
	readonly #counts = new Map<string, number>()

	/** Takes a place, and returns what gives it back, any number of times; undefined where there is none. */
	enter(access: Access, method: string): (() => void) | undefined {
		const kind = READING.has(method) ? "reading" : "changing"
		const place = `${access} ${kind}`
		const count = this.#counts.get(place) ?? 0
		if (count >= MOST[kind]) return undefined
		this.#counts.set(place, count + 1)
		let held = true
		return () => {
			if (held) this.#counts.set(place, (this.#counts.get(place) ?? 0) - 1)
			held = false
		}
	}
}
