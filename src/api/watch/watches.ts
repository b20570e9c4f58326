import type { Told } from "../ask.ts"
import type { Changes, KindName } from "./changes.ts"
import { type Watch, Watcher } from "./watcher.ts"

/** All clients that watch something. */
export class Watches {
	readonly #changes: Changes
	readonly #watchers = new Map<Watcher, KindName>()

	constructor(changes: Changes) {
		this.#changes = changes
	}

	get size(): number {
		return this.#watchers.size
	}

	/** Tells the client from here on, until what is returned is called. */
	add(kind: KindName, watch: Watch): Told {
		const watcher = new Watcher(watch)
		this.#watchers.set(watcher, kind)
		watcher.pump()
		return { drained: () => watcher.pump(), gone: () => this.#watchers.delete(watcher) }
	}

	/** Something happened. */
	pump(): void {
		for (const watcher of this.#watchers.keys()) watcher.pump()
	}

	/** Whoever watches is told that this was all. */
	end(): void {
		for (const watcher of this.#watchers.keys()) watcher.end()
	}

	/** Once a second or so. */
	tick(): void {
		for (const watcher of this.#watchers.keys()) watcher.tick()
		this.#changes.forget(new Set(this.#watchers.values()))
	}
}
