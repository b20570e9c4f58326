/** What `JSON.parse` does not tell of a text: why it is no JSON in the API server's words, and which members stand twice. */
export type JsonCheck = { readonly error: string } | { readonly duplicates: readonly string[] }

export function checkJson(text: string): JsonCheck {
	const scan = new Scan(text)
	try {
		scan.document()
		return { duplicates: scan.duplicates }
	} catch (error) {
		if (error instanceof Syntax) return { error: error.message }
		throw error
	}
}

class Syntax extends Error {}

const END = "unexpected end of JSON input"
const DEEPEST = 1_000
const LITERALS = ["true", "false", "null"] as const
const ESCAPES = new Set('"\\/bfnrtu')

class Scan {
	readonly duplicates: string[] = []
	readonly #text: string
	readonly #path: string[] = []
	#at = 0

	constructor(text: string) {
		this.#text = text
	}

	document(): void {
		this.#value()
		this.#blanks()
		if (this.#at < this.#text.length) this.#unexpected("after top-level value")
	}

	#value(): void {
		if (this.#path.length > DEEPEST) throw new Syntax("exceeded max depth")
		this.#blanks()
		const sign = this.#text[this.#at]
		const literal = LITERALS.find((word) => word[0] === sign)
		if (sign === "{") this.#object()
		else if (sign === "[") this.#list()
		else if (sign === '"') this.#string()
		else if (literal !== undefined) this.#literal(literal)
		else if (sign !== undefined && /[-0-9]/.test(sign)) this.#number()
		else this.#unexpected("looking for beginning of value")
	}

	#object(): void {
		const names = new Set<string>()
		this.#at++
		this.#blanks()
		if (this.#taken("}")) return
		for (;;) {
			this.#blanks()
			if (this.#text[this.#at] !== '"') this.#unexpected("looking for beginning of object key string")
			const name = this.#string()
			this.#path.push(this.#path.length === 0 ? name : `.${name}`)
			if (names.has(name)) this.duplicates.push(this.#path.join(""))
			names.add(name)
			this.#blanks()
			if (!this.#taken(":")) this.#unexpected("after object key")
			this.#value()
			this.#path.pop()
			this.#blanks()
			if (this.#taken("}")) return
			if (!this.#taken(",")) this.#unexpected("after object key:value pair")
		}
	}

	#list(): void {
		this.#at++
		this.#blanks()
		if (this.#taken("]")) return
		for (let index = 0; ; index++) {
			this.#path.push(`[${index}]`)
			this.#value()
			this.#path.pop()
			this.#blanks()
			if (this.#taken("]")) return
			if (!this.#taken(",")) this.#unexpected("after array element")
		}
	}

	#string(): string {
		const start = this.#at++
		for (; !this.#taken('"'); this.#at++) {
			const sign = this.#text[this.#at]
			if (sign === undefined || sign < " ") this.#unexpected("in string literal")
			if (sign !== "\\") continue
			this.#at++
			if (!ESCAPES.has(this.#text[this.#at] ?? "none")) this.#unexpected("in string escape code")
			if (this.#text[this.#at] === "u") this.#hexadecimal()
		}
		return JSON.parse(this.#text.slice(start, this.#at)) as string
	}

	/** Ends on the last digit. */
	#hexadecimal(): void {
		for (let digit = 0; digit < 4; digit++) {
			this.#at++
			if (!/[0-9a-fA-F]/.test(this.#text[this.#at] ?? "")) this.#unexpected("in \\u hexadecimal character escape")
		}
	}

	#literal(word: string): void {
		for (const letter of word) {
			if (!this.#taken(letter)) this.#unexpected(`in literal ${word} (expecting '${letter}')`)
		}
	}

	#number(): void {
		this.#taken("-")
		if (!this.#taken("0")) this.#digits("in numeric literal")
		if (this.#taken(".")) this.#digits("after decimal point in numeric literal")
		if (!this.#taken("e") && !this.#taken("E")) return
		if (!this.#taken("+")) this.#taken("-")
		this.#digits("in exponent of numeric literal")
	}

	#digits(where: string): void {
		if (!/[0-9]/.test(this.#text[this.#at] ?? "")) this.#unexpected(where)
		while (/[0-9]/.test(this.#text[this.#at] ?? "")) this.#at++
	}

	#blanks(): void {
		while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at++
	}

	#taken(sign: string): boolean {
		const found = this.#text[this.#at] === sign
		if (found) this.#at++
		return found
	}

	#unexpected(where: string): never {
		const point = this.#text.codePointAt(this.#at)
		if (point === undefined) throw new Syntax(END)
		throw new Syntax(`invalid character ${quoted(String.fromCodePoint(point))} ${where}`)
	}
}

function quoted(sign: string): string {
	if (sign === "'") return "'\\''"
	return sign === '"' ? `'"'` : `'${JSON.stringify(sign).slice(1, -1)}'`
}
