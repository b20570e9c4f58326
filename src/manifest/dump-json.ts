import type { DumpPiece } from "./dump-yaml.ts"

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = new Set([0x7b, 0x5b])
const CLOSE = new Set([0x7d, 0x5d])

/** Cuts a JSON dump into values, and a list (an object with `items`) into its items, while it streams in. */
export class JsonPieces {
	readonly #longest: number
	#depth = 0
	#inText = false
	#isEscaped = false
	#line = 1
	/** What stands around the items, or the whole value where it has none. */
	#around = ""
	#item = ""
	#itemLine = 0
	#itemLength = 0
	/** The depth of the items' list, 0 outside of it. */
	#items = 0
	#hadItems = false

	constructor(longest: number) {
		this.#longest = longest
	}

	*take(text: string): Generator<DumpPiece> {
		let from = 0
		for (let at = 0; at < text.length; at++) {
			const code = text.charCodeAt(at)
			if (code === 0x0a) this.#line++
			if (this.#inText) this.#insideText(code)
			else if (code === QUOTE) this.#inText = true
			else if (OPEN.has(code)) from = this.#open(code, text, from, at)
			else if (CLOSE.has(code)) from = yield* this.#close(text, from, at)
		}
		if (this.#items === 0) this.#keep(text.slice(from))
		else if (this.#depth > this.#items) this.#keepItem(text.slice(from))
	}

	*end(): Generator<DumpPiece> {
		yield* this.#takeValue()
	}

	#insideText(code: number): void {
		if (this.#isEscaped) this.#isEscaped = false
		else if (code === BACKSLASH) this.#isEscaped = true
		else if (code === QUOTE) this.#inText = false
	}

	/** Both return where the text begins that is not kept yet. */
	#open(code: number, text: string, from: number, at: number): number {
		this.#depth++
		if (this.#opensItems(code, text.slice(from, at + 1))) {
			this.#keep(text.slice(from, at + 1))
			this.#items = this.#depth
			this.#hadItems = true
			return at + 1
		}
		if (this.#items === 0 || this.#depth !== this.#items + 1) return from
		this.#itemLine = this.#line
		return at
	}

	*#close(text: string, from: number, at: number): Generator<DumpPiece, number> {
		this.#depth--
		if (this.#items > 0 && this.#depth === this.#items) {
			this.#keepItem(text.slice(from, at + 1))
			yield this.#takeItem()
			return at + 1
		}
		if (this.#items > 0 && this.#depth < this.#items) {
			this.#items = 0
			return at
		}
		if (this.#depth > 0) return from
		this.#keep(text.slice(from, at + 1))
		yield* this.#takeValue()
		return at + 1
	}

	#opensItems(code: number, before: string): boolean {
		if (code !== 0x5b || this.#depth !== 2 || this.#items > 0) return false
		return /"items"\s*:\s*\[$/.test((this.#around + before).slice(-64))
	}

	#keep(text: string): void {
		if (this.#around.length <= this.#longest) this.#around += text
	}

	#keepItem(text: string): void {
		this.#itemLength += text.length
		if (this.#itemLength <= this.#longest) this.#item += text
	}

	#takeItem(): DumpPiece {
		const tooLong = this.#itemLength > this.#longest
		const listKind = /"kind"\s*:\s*"(\w+)"/.exec(this.#around)?.[1]
		const kind = listKind === undefined ? {} : { listKind }
		const text = tooLong ? "" : this.#item
		this.#item = ""
		this.#itemLength = 0
		return { text, line: this.#itemLine, ...kind, ...(tooLong ? { tooLong } : {}) }
	}

	*#takeValue(): Generator<DumpPiece> {
		const text = this.#around
		const isWhole = !this.#hadItems
		this.#around = ""
		this.#hadItems = false
		this.#depth = 0
		if (!isWhole || text.trim() === "") return
		const tooLong = text.length > this.#longest
		yield { text: tooLong ? "" : text, line: this.#line, ...(tooLong ? { tooLong } : {}) }
	}
}
