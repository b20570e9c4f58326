/** Text that grows, as UTF-8 from the start: a long list is never one string, nor copied. */
export class Utf8 {
	#bytes: Buffer
	#end = 0

	/** `size`: how many bytes are likely; what is not used of them costs nothing. */
	constructor(size: number) {
		this.#bytes = Buffer.allocUnsafeSlow(size)
	}

	get length(): number {
		return this.#end
	}

	add(text: string): void {
		// No letter takes more than three bytes.
		const most = this.#end + text.length * 3
		if (most > this.#bytes.length) {
			const bytes = Buffer.allocUnsafeSlow(Math.max(most, this.#bytes.length * 2))
			this.#bytes.copy(bytes, 0, 0, this.#end)
			this.#bytes = bytes
		}
		this.#end += this.#bytes.write(text, this.#end)
	}

	/** All of it. Nothing may be added any more. */
	bytes(): Uint8Array {
		return this.#bytes.subarray(0, this.#end)
	}
}
