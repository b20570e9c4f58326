import type { Terminal } from "../output/terminal.ts"
import { liveLines } from "./lines.ts"
import type { LiveEvent, LiveModel } from "./model.ts"

const REDRAW_MS = 100
const KEPT_EVENTS = 200
const HIDE_CURSOR = "\u001b[?25l"
const SHOW_CURSOR = "\u001b[?25h"
const HOME = "\u001b[H"
const CLEAR_LINE = "\u001b[K"
const CLEAR_BELOW = "\u001b[J"
const OTHER_SCREEN = "\u001b[?1049h"
const FIRST_SCREEN = "\u001b[?1049l"

/** A picture on the terminal that follows the cluster, at most ten times a second. */
export class LiveView {
	readonly #terminal: Terminal
	readonly #hint: string | undefined
	readonly #events: LiveEvent[] = []
	#read: (() => LiveModel) | undefined
	#timer: NodeJS.Timeout | undefined
	#drawn = ""
	#repeats = 1

	constructor(terminal: Terminal, hint?: string) {
		this.#terminal = terminal
		this.#hint = hint
	}

	start(): void {
		if (this.#timer) return
		this.#terminal.out(OTHER_SCREEN + HIDE_CURSOR)
		this.#timer = setInterval(() => this.#draw(), REDRAW_MS)
		// Drawing keeps nobody from ending.
		this.#timer.unref()
	}

	follow(read: () => LiveModel): void {
		this.#read = read
	}

	/** Details stay out; a run of facts of one kind about pods or nodes is one line with a count. */
	event(event: LiveEvent): void {
		if (event.level === "debug") return
		const last = this.#events.at(-1)
		if (last?.event === event.event && /^(pod|node)-/.test(event.event)) {
			this.#repeats++
			this.#events[this.#events.length - 1] = { ...event, message: `${event.message}  (×${this.#repeats})` }
			return
		}
		this.#repeats = 1
		this.#events.push(event)
		if (this.#events.length > 2 * KEPT_EVENTS) this.#events.splice(0, KEPT_EVENTS)
	}

	/** Gives the terminal back as it was, with the last picture left on it; safe to call twice. */
	stop(): void {
		if (!this.#timer) return
		clearInterval(this.#timer)
		this.#timer = undefined
		const last = this.#lines()
		this.#terminal.out(`${SHOW_CURSOR}${FIRST_SCREEN}${last.map((line) => `${line}\n`).join("")}`)
	}

	#draw(): void {
		const lines = this.#lines()
		if (lines.length === 0) return
		const text = lines.map((line) => `${line}${CLEAR_LINE}`).join("\n")
		if (text === this.#drawn) return
		this.#drawn = text
		this.#terminal.out(`${HOME}${text}${CLEAR_BELOW}`)
	}

	#lines(): readonly string[] {
		if (!this.#read) return []
		const { width, height, paint } = this.#terminal
		return liveLines(this.#read(), this.#events, {
			width,
			height: height - 1,
			paint,
			...(this.#hint && { hint: this.#hint }),
		})
	}
}
