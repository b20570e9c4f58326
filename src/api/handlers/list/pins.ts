import type { Cluster } from "../../../cluster/index.ts"
import type { CopyOf } from "../../copies.ts"

/** How many copies there may be, and how long one is kept that nobody reads. */
const MOST = 8
const KEPT_MS = 60_000

type Pin = { readonly copy: Cluster; usedAt: number; readers: number }

/** Copies of the cluster as it was at a version, for lists that take their time: few and short-lived. */
export class Pins {
	readonly #now: () => number
	readonly #copyOf: CopyOf
	/** By version, the one that was used last at the end. */
	readonly #pins = new Map<number, Pin>()

	/** `now`: milliseconds of a clock that never goes back. */
	constructor(now: () => number, copyOf: CopyOf) {
		this.#now = now
		this.#copyOf = copyOf
	}

	/** A copy of the cluster as it is; undefined where as many as may be are being read. */
	pin(cluster: Cluster): Cluster | undefined {
		const version = cluster.version()
		const known = this.find(version)
		if (known !== undefined) return known
		if (this.#pins.size >= MOST) {
			const [unread] = [...this.#pins].find(([, { readers }]) => readers === 0) ?? []
			if (unread === undefined) return undefined
			this.#pins.delete(unread)
		}
		const copy = this.#copyOf(cluster)
		this.#pins.set(version, { copy, usedAt: this.#now(), readers: 0 })
		return copy
	}

	/** The copy of that version; undefined where it is no longer kept. */
	find(version: number): Cluster | undefined {
		this.tick()
		const pin = this.#pins.get(version)
		if (pin === undefined) return undefined
		pin.usedAt = this.#now()
		this.#pins.delete(version)
		this.#pins.set(version, pin)
		return pin.copy
	}

	/** Keeps the copy until what is returned is called. */
	hold(copy: Cluster): () => void {
		const pin = this.#pins.get(copy.version())
		if (pin?.copy !== copy) return () => {}
		pin.readers++
		return () => {
			pin.readers--
			pin.usedAt = this.#now()
		}
	}

	/** Lets go of what nobody asked for in time. */
	tick(): void {
		const now = this.#now()
		for (const [version, { usedAt, readers }] of this.#pins) {
			if (readers === 0 && now - usedAt > KEPT_MS) this.#pins.delete(version)
		}
	}
}
