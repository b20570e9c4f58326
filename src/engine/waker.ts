/** A bell that wakes one sleeper: a ring while nobody sleeps is not lost. */
export class Waker {
	#bell = new AbortController()
	#heard: AbortSignal | undefined

	wake(): void {
		this.#bell.abort()
	}

	/** True where it rang since it was last asked. */
	taken(): boolean {
		if (!this.#bell.signal.aborted) return false
		this.#bell = new AbortController()
		return true
	}

	/** Aborts when it rings, or when `other` does. */
	signal(other: AbortSignal): AbortSignal {
		if (other.aborted) this.wake()
		else if (other !== this.#heard) {
			// One listener for good: AbortSignal.any leaves something behind on `other` with every sleep.
			this.#heard = other
			other.addEventListener("abort", () => this.wake(), { once: true })
		}
		return this.#bell.signal
	}
}
