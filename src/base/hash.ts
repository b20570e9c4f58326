import { createHmac, hash } from "node:crypto"

/** SHA-256 of a UTF-8 text or of bytes, in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
	return hash("sha256", data)
}

/** HMAC-SHA-256 of a UTF-8 text or of bytes, in lower-case hex: a digest that only who has the key can make or guess. */
export function hmacSha256(key: string, data: string | Uint8Array): string {
	return createHmac("sha256", key).update(data).digest("hex")
}

/**
 * A running 128-bit hash of a stream of words and texts: the body of MurmurHash3 for 128 bits, four words of 32 bits at a
 * time. Not for secrets; for telling whether two runs went through the same events. Its state is four numbers, so it can
 * be saved.
 */
export class Digest {
	#a: number
	#b: number
	#c: number
	#d: number

	constructor([a = 0x9e3779b9, b = 0x243f6a88, c = 0xb7e15162, d = 0x71374491]: readonly number[] = []) {
		this.#a = a | 0
		this.#b = b | 0
		this.#c = c | 0
		this.#d = d | 0
	}

	/** Takes in a text, whole and with its length. */
	text(value: string): this {
		const code = (index: number) => (index < value.length ? value.charCodeAt(index) : 0)
		for (let at = 0; at < value.length; at += 4) this.words(code(at), code(at + 1), code(at + 2), code(at + 3))
		return this.words(0x110000 + value.length, 0, 0, 0)
	}

	/** Takes in a safe integer. */
	integer(value: number): this {
		return this.words(value, value / 0x1_0000_0000, 0, 0)
	}

	/** Takes in the lower 32 bits of each. It runs twice for nearly every fact. */
	words(first: number, second: number, third: number, fourth: number): this {
		let a = this.#a ^ spread(first, 0x239b961b, 15, 0xab0e9789)
		a = (((a << 19) | (a >>> 13)) + this.#b) | 0
		a = (Math.imul(a, 5) + 0x561ccd1b) | 0
		let b = this.#b ^ spread(second, 0xab0e9789, 16, 0x38b34ae5)
		b = (((b << 17) | (b >>> 15)) + this.#c) | 0
		b = (Math.imul(b, 5) + 0x0bcaa747) | 0
		let c = this.#c ^ spread(third, 0x38b34ae5, 17, 0xa1e38b93)
		c = (((c << 15) | (c >>> 17)) + this.#d) | 0
		c = (Math.imul(c, 5) + 0x96cd1c35) | 0
		let d = this.#d ^ spread(fourth, 0xa1e38b93, 18, 0x239b961b)
		d = (((d << 13) | (d >>> 19)) + a) | 0
		d = (Math.imul(d, 5) + 0x32ac3b17) | 0
		this.#a = a
		this.#b = b
		this.#c = c
		this.#d = d
		return this
	}

	state(): number[] {
		return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0]
	}

	hex(): string {
		return this.state()
			.map((lane) => finish(lane).toString(16).padStart(8, "0"))
			.join("")
	}
}

function spread(word: number, by: number, turn: number, again: number): number {
	const product = Math.imul(word, by)
	return Math.imul((product << turn) | (product >>> (32 - turn)), again)
}

function finish(lane: number): number {
	let value = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
	value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
	return (value ^ (value >>> 16)) >>> 0
}
