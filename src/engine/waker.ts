/** A bell that wakes one sleeper: a ring while nobody sleeps is not lost. */
export class Waker {
	#bell = new AbortController()

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
		return AbortSignal.any([this.#bell.signal, other])
	}
}
