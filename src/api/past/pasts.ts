import { parseInstant } from "../../base/index.ts"
import { type Answer, type Ask, plain, type Reply } from "../ask.ts"
import type { NoPast, Past } from "../contract.ts"

/** How many are kept: each is a whole cluster in memory, of about twice its saved size. */
const MOST = 3
const MOST_BYTES = 256 * 1024 * 1024
/** How long one is kept that nobody asks. */
const UNUSED_MS = 300_000

/** What answers for a past, as the API does for what runs. */
type Answering = {
	answer(ask: Ask): Promise<Reply>
	tick(): void
	close(): void
	/** How many watch it. */
	readonly watching: number
}

type Kept = {
	readonly opened: Promise<Answering | NoPast>
	/** Undefined while it is being worked out. */
	api: Answering | undefined
	bytes: number
	usedAt: number
}

/** The pasts that somebody looks at, each by the name that its path has for it. */
export class Pasts {
	readonly #find: (when: string) => Promise<Past | NoPast>
	readonly #answering: (past: Past) => Answering
	readonly #now: () => number
	readonly #kept = new Map<string, Kept>()
	/** One is worked out after the other: each may take a processor for seconds. */
	#last: Promise<unknown> = Promise.resolve()

	/** `now`: milliseconds of a clock that never goes back. */
	constructor(find: (when: string) => Promise<Past | NoPast>, answering: (past: Past) => Answering, now: () => number) {
		this.#find = find
		this.#answering = answering
		this.#now = now
	}

	get watching(): number {
		let all = 0
		for (const { api } of this.#kept.values()) all += api?.watching ?? 0
		return all
	}

	/** What `/at/WHEN/…` says: the same path in the cluster of then. Whoever asks may only read. */
	async answer(ask: Ask, when: string): Promise<Reply> {
		if (!isPlain(when)) {
			const example = "a time such as 2026-03-02T12:00:00Z"
			return unknown(`Cannot find the past "${when.slice(0, 100)}": it is named by a commit's id or ${example}`)
		}
		const kept = this.#kept.get(when) ?? this.#open(when)
		if (kept === undefined) {
			const message = `Cannot show the cluster as of ${when}: ${MOST} other pasts are watched or worked out`
			return unknown(`${message}; end one of those`)
		}
		const opened = await kept.opened
		kept.usedAt = this.#now()
		if ("message" in opened) return unknown(opened.message)
		const path = ask.path.replace(/^\/*at\/[^/]*/, "")
		return opened.answer({ ...ask, path: path === "" ? "/" : path, access: "read" })
	}

	/** To be called once a second or so. */
	tick(): void {
		const now = this.#now()
		for (const [when, kept] of this.#kept) {
			kept.api?.tick()
			if (kept.api === undefined || kept.api.watching > 0) kept.usedAt = now
			else if (now - kept.usedAt > UNUSED_MS) this.#kept.delete(when)
		}
	}

	close(): void {
		for (const { api } of this.#kept.values()) api?.close()
	}

	/** Undefined where there is no room. */
	#open(when: string): Kept | undefined {
		if (this.#kept.size >= MOST && !this.#makeRoom()) return undefined
		const found = this.#last.then(() => this.#find(when))
		const opened = found.then((past) => ("message" in past ? past : this.#answering(past)))
		const kept: Kept = { opened, api: undefined, bytes: 0, usedAt: this.#now() }
		this.#kept.set(when, kept)
		const forget = (): void => void this.#kept.delete(when)
		this.#last = Promise.all([found, opened]).then(([past, api]) => {
			if ("message" in past || "message" in api) return forget()
			while (this.#bytes() + past.bytes > MOST_BYTES && this.#makeRoom());
			kept.api = api
			kept.bytes = past.bytes
		}, forget)
		return kept
	}

	#bytes(): number {
		let all = 0
		for (const { bytes } of this.#kept.values()) all += bytes
		return all
	}

	/** Lets go of what was asked least recently, and is watched by nobody; false where there is nothing. */
	#makeRoom(): boolean {
		const idle = [...this.#kept].filter(([, { api }]) => api?.watching === 0)
		const [oldest] = idle.sort(([, a], [, b]) => a.usedAt - b.usedAt)
		return oldest !== undefined && this.#kept.delete(oldest[0])
	}
}

/** Whether a past can have that name: who asks nonsense costs nothing. */
function isPlain(when: string): boolean {
	return /^[0-9a-f]{4,64}$/i.test(when) || parseInstant(when) !== undefined
}

/** While it learns what there is, kubectl shows the words of this status alone, and of a plain text alone. */
function unknown(message: string): Answer {
	return plain(message, 403)
}
