import { byCodeUnit, type Instant, powerOfTwo } from "../base/index.ts"
import type { NodeNumbers } from "../cluster/index.ts"
import { NameList } from "./name-list.ts"

/** A node's name, and the numbers that stand for it. */
export type NodeName = NodeNumbers & { readonly node: string }

/** Every node that a fact has named, by a small number of its own, so that rows hold numbers. */
export class NodeTable {
	#names = new NameList()
	/** Made when somebody asks by name. */
	#ids: Map<string, number> | undefined
	#byNumbers = new IdsByNumbers()
	/** Every name that is known can be found by its numbers. */
	#allNumbered = true
	readonly #dead = new Set<number>()
	/** Ids by name, as far as they were asked for; new ones are sorted in when somebody asks again. */
	#ordered: number[] = []

	#version = 0
	#deaths = 0
	/** Of all nodes together, while they lived; counted up to `#countedTo`. */
	#seconds = 0
	#countedTo: Instant | undefined

	/** Times that a node was seen to die (rule V2). */
	get deaths(): number {
		return this.#deaths
	}

	/** How long all nodes together lived until then, in whole seconds; no node may have changed since `countTo`. */
	secondsBy(at: Instant): number {
		const since = Math.max(0, Math.floor((at - (this.#countedTo ?? at)) / 1_000))
		return this.#seconds + since * (this.size - this.#dead.size)
	}

	/** Counts their life on: call it before any of them changes. */
	countTo(at: Instant): void {
		const from = this.#countedTo ?? at
		this.#seconds = this.secondsBy(at)
		this.#countedTo = from + Math.max(0, Math.floor((at - from) / 1_000)) * 1_000
	}

	/** Moves when a node dies or comes back. */
	get version(): number {
		return this.#version
	}

	get size(): number {
		return this.#names.size
	}

	/** Given where there is none. */
	idOf(name: NodeName): number {
		const known = this.#byNumbers.find(name)
		return known === -1 ? this.#meet(name) : known
	}

	find(name: string): number | undefined {
		this.#ids ??= new Map(this.#names.all().map((known, id) => [known, id]))
		return this.#ids.get(name)
	}

	nameOf(id: number): string {
		return this.#names.at(id) ?? ""
	}

	/** A node that is not ready, says nothing of itself, or has left. */
	isDead(id: number): boolean {
		return this.#dead.has(id)
	}

	/** A node that works fell silent. */
	noteDeath(): void {
		this.#deaths++
	}

	mark(id: number, state: "dead" | "alive"): void {
		this.#version++
		if (state === "dead") this.#dead.add(id)
		else this.#dead.delete(id)
	}

	/** All ids by name. */
	inOrder(): readonly number[] {
		if (this.#ordered.length === this.size) return this.#ordered
		// The engine's sort finds the sorted run: a few new nodes cost little.
		for (let id = this.#ordered.length; id < this.size; id++) this.#ordered.push(id)
		const names = this.#names.all()
		this.#ordered.sort((a, b) => byCodeUnit(names[a] ?? "", names[b] ?? ""))
		return this.#ordered
	}

	save(): SavedNodes {
		return {
			names: this.#names.all(),
			dead: [...this.#dead],
			version: this.#version,
			deaths: this.#deaths,
			seconds: this.#seconds,
			...(this.#countedTo === undefined ? {} : { countedTo: this.#countedTo }),
		}
	}

	/** A copy that shares nothing that changes. */
	fork(): NodeTable {
		const copy = new NodeTable()
		copy.#names = this.#names.fork()
		copy.#byNumbers = this.#byNumbers.fork()
		copy.#allNumbered = this.#allNumbered
		copy.#ordered = this.#ordered.slice()
		for (const id of this.#dead) copy.#dead.add(id)
		copy.#version = this.#version
		copy.#deaths = this.#deaths
		copy.#seconds = this.#seconds
		copy.#countedTo = this.#countedTo
		return copy
	}

	static load(saved: SavedNodes): NodeTable {
		const table = new NodeTable()
		for (const name of saved.names) table.#add(name)
		table.#allNumbered = false
		for (const id of saved.dead) table.mark(id, "dead")
		table.#version = saved.version
		table.#deaths = saved.deaths ?? 0
		table.#seconds = saved.seconds ?? 0
		table.#countedTo = saved.countedTo
		return table
	}

	#meet(name: NodeName): number {
		const { node } = name
		const id = (this.#allNumbered ? undefined : this.find(node)) ?? this.#add(node)
		if (!this.#byNumbers.set(name, id)) this.#allNumbered = false
		return id
	}

	#add(name: string): number {
		const id = this.#names.push(name)
		this.#ids?.set(name, id)
		return id
	}
}

/**
 * Ids by the two numbers of a name, as places in a table for each base: the nodes of a pool are numbered through. A number
 * far above how many there are gets no place, or one odd name would take megabytes.
 */
class IdsByNumbers {
	/** Ids, plus one; names that are a base alone have one table. */
	#numbered: Int32Array[] = []
	#plain: Int32Array = new Int32Array(64)
	#counts: number[] = []

	/** -1 where there is none. */
	find({ nodeBase, nodeNumber }: NodeNumbers): number {
		const table = nodeNumber === -1 ? this.#plain : this.#numbered[nodeBase]
		const place = nodeNumber === -1 ? nodeBase : nodeNumber
		return table === undefined || place >= table.length ? -1 : (table[place] as number) - 1
	}

	fork(): IdsByNumbers {
		const copy = new IdsByNumbers()
		copy.#numbered = this.#numbered.map((table) => table.slice())
		copy.#plain = this.#plain.slice()
		copy.#counts = this.#counts.slice()
		return copy
	}

	/** False where it gets no place. */
	set({ nodeBase, nodeNumber }: NodeNumbers, id: number): boolean {
		if (nodeNumber === -1) {
			this.#plain = placed(this.#plain, nodeBase, id)
			return true
		}
		const count = (this.#counts[nodeBase] ?? 0) + 1
		if (nodeNumber > 64 + 8 * count) return false
		this.#counts[nodeBase] = count
		this.#numbered[nodeBase] = placed(this.#numbered[nodeBase] ?? NO_PLACES, nodeNumber, id)
		return true
	}
}

const NO_PLACES = new Int32Array(0)

function placed(table: Int32Array, place: number, id: number): Int32Array {
	let longer = table
	if (place >= table.length) {
		longer = new Int32Array(powerOfTwo(place + 1))
		longer.set(table)
	}
	longer[place] = id + 1
	return longer
}

export type SavedNodes = {
	readonly names: readonly string[]
	readonly dead: readonly number[]
	readonly version: number
	/** Absent in what earlier versions saved. */
	readonly deaths?: number
	readonly seconds?: number
	readonly countedTo?: Instant
}
