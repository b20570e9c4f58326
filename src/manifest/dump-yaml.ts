/** One piece of a dump that can be read by itself. `line` is where it begins, from 1. */
export type DumpPiece = {
	readonly text: string
	readonly line: number
	/** The kind of the list it is an item of, as far as the list has said it. */
	readonly listKind?: string
	/** True where it was longer than the most that is kept of one piece; `text` is empty then. */
	readonly tooLong?: true
}

/**
 * Cuts a YAML dump into documents, and a list (`items:` at the margin) into its items, while it streams in. Items are
 * handed out as documents of their own; what stands around them is handed out last, as a document without items.
 */
export class YamlPieces {
	readonly #longest: number
	#rest = ""
	#line = 0
	#lines: string[] = []
	#length = 0
	#begin = 1
	/** The text around the items of the list that is being read. */
	#around: string[] | undefined
	/** The indent of the items' dashes, once one was seen. */
	#indent = -1
	#inItems = false

	constructor(longest: number) {
		this.#longest = longest
	}

	*take(text: string): Generator<DumpPiece> {
		const lines = (this.#rest + text).split("\n")
		this.#rest = lines.pop() ?? ""
		for (const line of lines) yield* this.#takeLine(line.endsWith("\r") ? line.slice(0, -1) : line)
		if (this.#rest.length > this.#longest) this.#rest = this.#rest.slice(0, this.#longest + 1)
	}

	*end(): Generator<DumpPiece> {
		if (this.#rest !== "") yield* this.#takeLine(this.#rest)
		this.#rest = ""
		yield* this.#endDocument()
	}

	*#takeLine(line: string): Generator<DumpPiece> {
		this.#line++
		if (line.startsWith("---")) {
			yield* this.#endDocument()
			return
		}
		if (this.#inItems) {
			const indent = line.search(/[^ ]/)
			const isDash = indent >= 0 && line[indent] === "-" && (line[indent + 1] ?? " ") === " "
			if (isDash && (this.#indent < 0 || indent === this.#indent)) {
				yield* this.#flush()
				this.#indent = indent
				this.#keep(`${line.slice(0, indent)} ${line.slice(indent + 1)}`)
				return
			}
			const isOut = indent === 0 && line[0] !== "#" && !isDash
			if (!isOut) {
				this.#keep(line)
				return
			}
			yield* this.#flush()
			this.#inItems = false
		}
		if (/^["']?items["']?:\s*(?:#.*)?$/.test(line) && this.#around === undefined) {
			this.#around = this.#lines
			this.#lines = []
			this.#length = 0
			this.#inItems = true
			this.#indent = -1
		} else if (this.#around !== undefined) this.#around.push(line)
		else this.#keep(line)
	}

	#keep(line: string): void {
		if (this.#lines.length === 0) this.#begin = this.#line
		this.#length += line.length + 1
		if (this.#length <= this.#longest) this.#lines.push(line)
		else if (this.#lines.length !== 1) this.#lines = [""]
	}

	*#flush(): Generator<DumpPiece> {
		const lines = this.#lines
		const isBlank = lines.every((line) => /^\s*(?:#|$)/.test(line))
		if (!isBlank || this.#length > this.#longest) {
			const listKind = this.#around?.map((line) => /^kind:\s*["']?(\w+)/.exec(line)?.[1]).find(Boolean)
			const kind = listKind === undefined ? {} : { listKind }
			const tooLong = this.#length > this.#longest
			yield { text: tooLong ? "" : lines.join("\n"), line: this.#begin, ...kind, ...(tooLong ? { tooLong } : {}) }
		}
		this.#lines = []
		this.#length = 0
	}

	*#endDocument(): Generator<DumpPiece> {
		yield* this.#flush()
		this.#around = undefined
		this.#inItems = false
	}
}
