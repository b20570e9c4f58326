import type { Json } from "../base/index.ts"
import { GIVE_UP, readFlow } from "./plain-flow.ts"
import { plainLine, readQuoted, typed } from "./plain-scalar.ts"
import { plainValue } from "./scalar.ts"

const SPACE = 0x20
const TAB = 0x09
const NEWLINE = 0x0a
const HASH = 0x23
const DASH = 0x2d
const KEY = /(?:[A-Za-z_][\w./-]*|"[^"\\\n]{0,99}"|'[^'\n]{0,99}'):(?= |\n|$)/y
const LITERAL = /\|([-+]?) *(?: #[^\n]*)?(?:\n|$)/y
/** What begins a plain scalar here; YAML allows more. */
const PLAIN = /[A-Za-z0-9_/.$(+~^=;\\]|-[^ \n]/y
/** Line breaks to YAML 1.1, and what the slow reader had better look at. */
const UNUSUAL = /[\r\u0085\u2028\u2029\ufeff]/

/**
 * Reads the plain part of YAML that nearly all manifests keep to: block maps and lists, scalars on one line, literal
 * blocks. Undefined for anything else, right or wrong, so that one reader alone judges what is unusual.
 */
export function readPlainYaml(text: string, depth: number): Json | undefined {
	if (UNUSUAL.test(text)) return undefined
	try {
		return new PlainReader(text, depth).document()
	} catch (error) {
		if (error === GIVE_UP) return undefined
		throw error
	}
}

/** Where the reader stands: at the first letter of a line's content, or of a list item's on its line. */
class PlainReader {
	readonly #text: string
	readonly #deepest: number
	#at = 0
	/** The column of `#at`; -1 at the end. */
	#indent = 0
	#depth = 0

	constructor(text: string, deepest: number) {
		this.#text = text
		this.#deepest = deepest
	}

	document(): Json {
		this.#nextLine(0)
		if (this.#indent < 0) return null
		const value = this.#node()
		if (this.#indent >= 0) throw GIVE_UP
		return value
	}

	#node(): Json {
		if (++this.#depth > this.#deepest) throw GIVE_UP
		const value = this.#isItem() ? this.#list() : this.#map()
		this.#depth--
		return value
	}

	#map(): Json {
		const indent = this.#indent
		const members: Record<string, Json> = {}
		do {
			const key = this.#key()
			// Twice the same key, or one that a plain object takes for its own: for the other reader to say.
			if (key === "__proto__" || Object.hasOwn(members, key)) throw GIVE_UP
			members[key] = this.#value(indent, true)
		} while (this.#indent === indent && !this.#isItem())
		if (this.#indent > indent) throw GIVE_UP
		return members
	}

	#list(): Json {
		const indent = this.#indent
		const items: Json[] = []
		do {
			this.#at++
			items.push(this.#item(indent))
		} while (this.#indent === indent && this.#isItem())
		if (this.#indent > indent) throw GIVE_UP
		return items
	}

	#item(indent: number): Json {
		let at = this.#at
		while (this.#text.charCodeAt(at) === SPACE) at++
		this.#indent += at - this.#at + 1
		KEY.lastIndex = at
		const code = this.#text.charCodeAt(at)
		if (code === DASH || KEY.test(this.#text)) {
			this.#at = at
			if (code !== DASH || this.#isItem()) return this.#node()
		}
		return this.#value(indent, false)
	}

	#key(): string {
		KEY.lastIndex = this.#at
		if (!KEY.test(this.#text)) throw GIVE_UP
		const end = KEY.lastIndex - 1
		const isQuoted = this.#text.charCodeAt(end - 1) === 0x22 || this.#text.charCodeAt(end - 1) === 0x27
		const key = isQuoted ? this.#text.slice(this.#at + 1, end - 1) : this.#text.slice(this.#at, end)
		if (!isQuoted && typeof plainValue(key) !== "string") throw GIVE_UP
		this.#at = end + 1
		return key
	}

	/** What follows a key or a dash; leaves the reader at the next line. `indent` is that of the key or dash. */
	#value(indent: number, inMap: boolean): Json {
		const text = this.#text
		let at = this.#at
		while (text.charCodeAt(at) === SPACE) at++
		const code = text.charCodeAt(at)
		const isEmpty = at >= text.length || code === NEWLINE || (code === HASH && at > this.#at)
		if (isEmpty) {
			this.#nextLine(at)
			const isBelow = this.#indent > indent || (inMap && this.#indent === indent && this.#isItem())
			return isBelow ? this.#node() : null
		}
		if (code === 0x7c) return this.#literal(at, indent)
		const end = endOfLine(text, at)
		if (code !== 0x7b && code !== 0x5b && code !== 0x22 && code !== 0x27) return this.#plain(at, end, indent)
		const isFlow = code === 0x7b || code === 0x5b
		const [value, after] = isFlow ? readFlow(text, at, end) : readQuoted(text, at, indent)
		const last = after > end ? endOfLine(text, after) : end
		this.#expectEnd(after, last)
		this.#nextLine(last)
		if (this.#indent > indent) throw GIVE_UP
		return value
	}

	#plain(at: number, end: number, indent: number): Json {
		PLAIN.lastIndex = at
		if (!PLAIN.test(this.#text)) throw GIVE_UP
		const line = this.#text.slice(at, end)
		const comment = line.indexOf(" #")
		const first = plainLine(comment < 0 ? line : line.slice(0, comment))
		if (comment < 0) return this.#folded(first, end, indent)
		this.#nextLine(end)
		if (this.#indent > indent) throw GIVE_UP
		return typed(first)
	}

	/** A plain scalar goes on over the deeper lines that follow at once, each in the place of one space. */
	#folded(first: string, end: number, indent: number): Json {
		const text = this.#text
		const lines = [first]
		let last = end
		while (last < text.length) {
			let at = last + 1
			while (text.charCodeAt(at) === SPACE) at++
			const next = endOfLine(text, at)
			if (at >= next || at - last - 1 <= indent || text.charCodeAt(at) === HASH) break
			const line = text.slice(at, next)
			if (line.includes(" #")) throw GIVE_UP
			lines.push(plainLine(line))
			last = next
		}
		this.#nextLine(last)
		if (this.#indent > indent) throw GIVE_UP
		return lines.length === 1 ? typed(first) : typed(lines.join(" "))
	}

	#expectEnd(from: number, end: number): void {
		let at = from
		while (at < end && this.#text.charCodeAt(at) === SPACE) at++
		if (at < end && (at === from || this.#text.charCodeAt(at) !== HASH)) throw GIVE_UP
	}

	/** `|`, `|-` or `|+`: the lines below, less the indent of the first. */
	#literal(at: number, indent: number): Json {
		const text = this.#text
		LITERAL.lastIndex = at
		const header = LITERAL.exec(text)
		if (header === null) throw GIVE_UP
		const lines: string[] = []
		let margin = -1
		let from = at + header[0].length
		while (from < text.length) {
			const end = endOfLine(text, from)
			let content = from
			while (text.charCodeAt(content) === SPACE) content++
			const isBlank = content >= end
			if (margin < 0) margin = marginOf(content - from, isBlank, indent)
			const isDone = !isBlank && content - from < margin
			// Between the key's indent and the margin nothing may stand.
			if (
				(isDone && content - from > indent) ||
				(!isBlank && text.charCodeAt(content) === TAB && content - from <= margin)
			) {
				throw GIVE_UP
			}
			if (isDone) break
			lines.push(margin >= 0 && content - from >= margin ? text.slice(from + margin, end) : "")
			from = end + 1
		}
		if (margin < 0) throw GIVE_UP
		this.#nextLine(from - 1)
		return chomped(lines, header[1] ?? "")
	}

	/** A dash by itself, before its item. */
	#isItem(): boolean {
		if (this.#text.charCodeAt(this.#at) !== DASH) return false
		const next = this.#text.charCodeAt(this.#at + 1)
		return next === SPACE || next === NEWLINE || this.#at + 1 >= this.#text.length
	}

	/** Goes to the next line with content, from anywhere on a line (or at the very start of the text). */
	#nextLine(from: number): void {
		const text = this.#text
		let at = from === 0 ? 0 : endOfLine(text, from) + 1
		while (at < text.length) {
			const begin = at
			while (text.charCodeAt(at) === SPACE) at++
			const code = text.charCodeAt(at)
			if (at >= text.length) break
			if (code !== NEWLINE && code !== HASH) {
				if (code === TAB || (at === begin && (code === 0x25 || text.startsWith("...", at)))) throw GIVE_UP
				this.#at = at
				this.#indent = at - begin
				return
			}
			at = endOfLine(text, at) + 1
		}
		this.#at = text.length
		this.#indent = -1
	}
}

function endOfLine(text: string, from: number): number {
	const end = text.indexOf("\n", from)
	return end < 0 ? text.length : end
}

/** The indent that a literal block's first line gives it; -1 while there are only blank ones. */
function marginOf(spaces: number, isBlank: boolean, indent: number): number {
	if (isBlank ? spaces > 0 : spaces <= indent) throw GIVE_UP
	return isBlank ? -1 : spaces
}

function chomped(lines: string[], chomping: string): string {
	if (chomping === "+") return `${lines.join("\n")}\n`
	let last = lines.length
	while (last > 0 && lines[last - 1] === "") last--
	return lines.slice(0, last).join("\n") + (chomping === "-" ? "" : "\n")
}
