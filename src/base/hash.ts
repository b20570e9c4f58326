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
	#lanes: Uint32Array

	constructor(lanes: readonly number[] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x71374491]) {
		this.#lanes = Uint32Array.from(lanes)
	}

	text(value: string): this {
		for (let index = 0; index < value.length; index++) this.#mix(value.charCodeAt(index))
		return this.#mix(0x110000 + value.length)
	}

	/** Any safe integer. */
	integer(value: number): this {
		this.#mix(value >>> 0)
		return this.#mix(Math.floor(value / 0x1_0000_0000) >>> 0)
	}

	state(): number[] {
		return [...this.#lanes]
	}

	hex(): string {
		return this.state()
			.map((lane) => finish(lane).toString(16).padStart(8, "0"))
			.join("")
	}

	#mix(word: number): this {
		const lanes = this.#lanes
		let carry = word | 0
		for (let lane = 0; lane < 4; lane++) {
			const mixed = Math.imul((lanes[lane] as number) ^ carry, 0x85ebca6b + (lane << 1))
			lanes[lane] = (mixed ^ (mixed >>> 15)) + carry
			carry = (mixed >>> 13) ^ (lanes[lane] as number)
		}
		return this
	}
}

function finish(lane: number): number {
	let value = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
	value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
	return (value ^ (value >>> 16)) >>> 0
}
