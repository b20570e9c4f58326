import type { Told } from "../ask.ts"
import type { CopyOf } from "../copies.ts"
import type { Changes } from "./changes.ts"
import type { KindName } from "./followed-kind.ts"
import { Openings } from "./opening.ts"
import { type Watch, Watcher } from "./watcher.ts"

/** Watches have the process for so long before others get a turn. */
const TURN_MS = 5

export type WatchesParts = {
	readonly changes: Changes
	/** Milliseconds of a clock that never goes back. */
	readonly now: () => number
	readonly copyOf: CopyOf
	/** Calls back when others had their turn. */
	readonly soon: (act: () => void) => void
	/** Told of a bug. */
	readonly failed: (failure: unknown) => void
}

/** All clients that watch something. */
export class Watches {
	readonly openings: Openings
	readonly #parts: WatchesParts
	readonly #watchers = new Map<Watcher, KindName>()
	/** Those that there may be something to tell, and who have waited longest first. */
	readonly #ready = new Set<Watcher>()
	#isAwaited = false

	constructor(parts: WatchesParts) {
		this.#parts = parts
		this.openings = new Openings(parts.now, parts.copyOf)
	}

	get size(): number {
		return this.#watchers.size
	}

	/** Tells the client from here on, until it has gone. */
	add(kind: KindName, watch: Watch): Told & { readonly drop: () => void } {
		const watcher = new Watcher(watch)
		this.#watchers.set(watcher, kind)
		const go = (): void => {
			this.#ready.add(watcher)
			this.#turn()
		}
		go()
		const gone = (): void => {
			watcher.leave()
			this.#watchers.delete(watcher)
			this.#ready.delete(watcher)
		}
		return { drained: go, gone, drop: () => watcher.drop() }
	}

	/** Something happened to objects of these kinds. */
	told(kinds: ReadonlySet<KindName>): void {
		if (kinds.size === 0) return
		for (const [watcher, kind] of this.#watchers) if (kinds.has(kind)) this.#ready.add(watcher)
		this.#turn()
	}

	/** Whoever watches is told that this was all. */
	end(): void {
		for (const watcher of this.#watchers.keys()) watcher.end()
	}

	/** Once a second or so. */
	tick(): void {
		for (const watcher of this.#watchers.keys()) watcher.tick()
		this.openings.forget()
		const watched = new Set(this.#watchers.values())
		this.#parts.changes.forget((kind) => watched.has(kind))
	}

	/** Whoever meets a bug is let go: all others are told on. */
	#step(watcher: Watcher): boolean {
		try {
			return watcher.step()
		} catch (failure) {
			this.#parts.failed(failure)
			watcher.drop()
			return false
		}
	}

	/** One part to each, as long as there is time: nobody waits for what another has to be told. */
	#turn(): void {
		const { now, soon } = this.#parts
		const end = now() + TURN_MS
		for (const watcher of this.#ready) {
			this.#ready.delete(watcher)
			if (this.#step(watcher)) this.#ready.add(watcher)
			if (now() > end) break
		}
		if (this.#ready.size === 0 || this.#isAwaited) return
		this.#isAwaited = true
		soon(() => {
			this.#isAwaited = false
			this.#turn()
		})
	}
}
