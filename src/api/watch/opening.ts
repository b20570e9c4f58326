import type { Cluster } from "../../cluster/index.ts"
import type { CopyOf } from "../copies.ts"

/** What is told first: the objects that there are, all of one version. */
export type Opening = {
	readonly version: number
	/** Each is one of them as text. */
	readonly lines: Iterator<string>
	/** Nobody reads on. */
	readonly close: () => void
}

/** So many objects are held for a client; of more it is a copy of the cluster. */
const FEW = 100
/** How many copies there may be, and how long one is new enough for others: what happened since comes after it. */
const MOST = 4
const NEW_MS = 1_000

type Copy = {
	readonly cluster: Cluster
	readonly version: number
	readonly madeAt: number
	/** To be called where there is no more room for the copy. */
	readonly readers: Set<() => void>
}

/** Begins what watches tell first, so that who reads slowly is told of one moment, and holds up nobody. */
export class Openings {
	readonly #now: () => number
	readonly #copyOf: CopyOf
	#copies: Copy[] = []

	/** `now`: milliseconds of a clock that never goes back. */
	constructor(now: () => number, copyOf: CopyOf) {
		this.#now = now
		this.#copyOf = copyOf
	}

	/** `known`: from this version on it is known what happened. `drop`: the reader takes too long. */
	open(cluster: Cluster, linesOf: (cluster: Cluster) => Iterable<string>, known: number, drop: () => void): Opening {
		const few: string[] = []
		for (const line of linesOf(cluster)) {
			few.push(line)
			if (few.length > FEW) return this.#overCopy(this.#recent(cluster, known), linesOf, drop)
		}
		return { version: cluster.version(), lines: few.values(), close: () => {} }
	}

	/** Lets go of what nobody reads. */
	forget(): void {
		this.#copies = this.#copies.filter(({ readers, madeAt }) => readers.size > 0 || this.#now() - madeAt < NEW_MS)
	}

	#overCopy(copy: Copy, linesOf: (cluster: Cluster) => Iterable<string>, drop: () => void): Opening {
		copy.readers.add(drop)
		const lines = linesOf(copy.cluster)[Symbol.iterator]()
		return { version: copy.version, lines, close: () => copy.readers.delete(drop) }
	}

	#recent(cluster: Cluster, known: number): Copy {
		this.forget()
		const newest = this.#copies.at(-1)
		if (newest !== undefined && this.#now() - newest.madeAt < NEW_MS && newest.version >= known) return newest
		this.#copies = this.#copies.filter(({ readers }) => readers.size > 0)
		const oldest = this.#copies.length < MOST ? undefined : this.#copies.shift()
		for (const drop of oldest?.readers ?? []) drop()
		const copy = {
			cluster: this.#copyOf(cluster),
			version: cluster.version(),
			madeAt: this.#now(),
			readers: new Set<() => void>(),
		}
		this.#copies.push(copy)
		return copy
	}
}
