import { byCodeUnit } from "../base/index.ts"

/** Every node that a fact has named, by a small number of its own, so that rows hold numbers. */
export class NodeTable {
	readonly #names: string[] = []
	readonly #ids = new Map<string, number>()
	readonly #dead = new Set<number>()
	/** Ids by name, as far as they were asked for; new ones are sorted in when somebody asks again. */
	#ordered: number[] = []

	#version = 0

	/** Moves when a node dies or comes back. */
	get version(): number {
		return this.#version
	}

	get size(): number {
		return this.#names.length
	}

	idOf(name: string): number {
		const known = this.#ids.get(name)
		if (known !== undefined) return known
		const id = this.#names.push(name) - 1
		this.#ids.set(name, id)
		return id
	}

	find(name: string): number | undefined {
		return this.#ids.get(name)
	}

	nameOf(id: number): string {
		return this.#names[id] ?? ""
	}

	/** A node that is not ready, says nothing of itself, or has left. */
	isDead(id: number): boolean {
		return this.#dead.has(id)
	}

	mark(id: number, state: "dead" | "alive"): void {
		this.#version++
		if (state === "dead") this.#dead.add(id)
		else this.#dead.delete(id)
	}

	/** All ids by name. */
	inOrder(): readonly number[] {
		if (this.#ordered.length === this.#names.length) return this.#ordered
		// The engine's sort finds the sorted run: a few new nodes cost little.
		for (let id = this.#ordered.length; id < this.#names.length; id++) this.#ordered.push(id)
		this.#ordered.sort((a, b) => byCodeUnit(this.nameOf(a), this.nameOf(b)))
		return this.#ordered
	}

	save(): SavedNodes {
		return { names: [...this.#names], dead: [...this.#dead], version: this.#version }
	}

	static load(saved: SavedNodes): NodeTable {
		const table = new NodeTable()
		for (const name of saved.names) table.idOf(name)
		for (const id of saved.dead) table.mark(id, "dead")
		table.#version = saved.version
		return table
	}
}

export type SavedNodes = {
	readonly names: readonly string[]
	readonly dead: readonly number[]
	readonly version: number
}
