import { createHash, createHmac } from "node:crypto"

/** SHA-256 of a UTF-8 text or of bytes, in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
	return createHash("sha256").update(data).digest("hex")
}

/** HMAC-SHA-256 of a UTF-8 text or of bytes, in lower-case hex: a digest that only who has the key can make or guess. */
export function hmacSha256(key: string, data: string | Uint8Array): string {
	return createHmac("sha256", key).update(data).digest("hex")
}

/**
 * A running 128-bit hash of a stream of strings and integers: four lanes of 32 bits, mixed at every item. Not for
 * secrets; for telling whether two runs went through the same events. Its state is four numbers, so it can be saved.
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

	text(value: string): this {
		for (let index = 0; index < value.length; index++) this.#mix(value.charCodeAt(index))
		this.#mix(0x110000 + value.length)
		return this
	}

	/** Any safe integer. */
	integer(value: number): this {
		this.#mix(value >>> 0)
		this.#mix(Math.floor(value / 0x1_0000_0000) >>> 0)
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

	// Written out lane by lane: it runs some fifteen times for every fact.
	#mix(word: number): void {
		const carry = word | 0
		let mixed = Math.imul(this.#a ^ carry, 0x85ebca6b)
		this.#a = ((mixed ^ (mixed >>> 15)) + carry) | 0
		let next = (mixed >>> 13) ^ this.#a
		mixed = Math.imul(this.#b ^ next, 0x85ebca6d)
		this.#b = ((mixed ^ (mixed >>> 15)) + next) | 0
		next = (mixed >>> 13) ^ this.#b
		mixed = Math.imul(this.#c ^ next, 0x85ebca6f)
		this.#c = ((mixed ^ (mixed >>> 15)) + next) | 0
		next = (mixed >>> 13) ^ this.#c
		mixed = Math.imul(this.#d ^ next, 0x85ebca71)
		this.#d = ((mixed ^ (mixed >>> 15)) + next) | 0
	}
}

function finish(lane: number): number {
	let value = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
	value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
	return (value ^ (value >>> 16)) >>> 0
}
