const BLOCK_BITS = 10
const BLOCK = 1 << BLOCK_BITS

/** Names that stand side by side in one text, and where each ends. */
type Block = { readonly text: string; readonly ends: Uint32Array }

/**
 * Names by number, in the order in which they came. A million texts of their own would be a million things for every
 * collection of garbage to look at: full blocks are one text each, and a name is cut out when it is asked for.
 */
export class NameList {
	#blocks: Block[] = []
	/** Those after the last block. */
	#last: string[] = []

	get size(): number {
		return this.#blocks.length * BLOCK + this.#last.length
	}

	/** Returns its number. */
	push(name: string): number {
		const number = this.size
		if (this.#last.push(name) === BLOCK) {
			this.#blocks.push(blockOf(this.#last))
			this.#last = []
		}
		return number
	}

	/** Undefined where there is none. */
	at(number: number): string | undefined {
		const block = this.#blocks[number >>> BLOCK_BITS]
		const place = number & (BLOCK - 1)
		if (block === undefined) return number < this.size ? this.#last[place] : undefined
		return block.text.slice(place === 0 ? 0 : block.ends[place - 1], block.ends[place])
	}

	/** All of them, each a text of its own. */
	all(): string[] {
		return Array.from({ length: this.size }, (_, number) => this.at(number) ?? "")
	}

	/** A copy that shares nothing that changes. */
	fork(): NameList {
		const copy = new NameList()
		copy.#blocks = this.#blocks.slice()
		copy.#last = this.#last.slice()
		return copy
	}
}

function blockOf(names: readonly string[]): Block {
	let end = 0
	const ends = Uint32Array.from(names, (name) => {
		end += name.length
		return end
	})
	return { text: names.join(""), ends }
}
