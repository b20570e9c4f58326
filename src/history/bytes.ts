/** Writes small numbers and texts as few bytes, into one growing block. */
export class ByteWriter {
	#bytes = new Uint8Array(1024)
	#length = 0

	/** Any whole number from 0 to 2^53 - 1: seven bits a byte, the low ones first. */
	number(value: number): this {
		if (this.#length + 8 > this.#bytes.length) this.#grow(8)
		let rest = value
		while (rest > 0x7f) {
			this.#bytes[this.#length++] = (rest % 0x80) | 0x80
			rest = Math.floor(rest / 0x80)
		}
		this.#bytes[this.#length++] = rest
		return this
	}

	/** Its length in bytes, then UTF-8. */
	text(value: string): this {
		if (this.#ascii(value)) return this
		const bytes = ENCODER.encode(value)
		this.number(bytes.length)
		if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length)
		this.#bytes.set(bytes, this.#length)
		this.#length += bytes.length
		return this
	}

	/** Names are ASCII nearly always: no encoder for them. */
	#ascii(value: string): boolean {
		if (this.#length + value.length + 8 > this.#bytes.length) this.#grow(value.length + 8)
		const start = this.#length
		this.number(value.length)
		for (let index = 0; index < value.length; index++) {
			const code = value.charCodeAt(index)
			if (code > 0x7f) {
				this.#length = start
				return false
			}
			this.#bytes[this.#length++] = code
		}
		return true
	}

	/** A copy of what was written. */
	finish(): Uint8Array {
		return this.#bytes.slice(0, this.#length)
	}

	#grow(by: number): void {
		const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + by))
		larger.set(this.#bytes)
		this.#bytes = larger
	}
}

/** Reads what a ByteWriter wrote, in the same order. Beyond the end it reads zeros and empty texts. */
export class ByteReader {
	readonly #bytes: Uint8Array
	#at = 0

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes
	}

	number(): number {
		let value = 0
		let unit = 1
		for (;;) {
			const byte = this.#bytes[this.#at++] ?? 0
			value += (byte & 0x7f) * unit
			if (byte < 0x80) return value
			unit *= 0x80
		}
	}

	text(): string {
		const length = this.number()
		this.#at += length
		return DECODER.decode(this.#bytes.subarray(this.#at - length, this.#at))
	}
}

const ENCODER = new TextEncoder()
const DECODER = new TextDecoder()
