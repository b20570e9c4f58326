import { isMap, isScalar, isSeq, type LineCounter, type ParsedNode } from "yaml"
import { compose, type Place, placeAt } from "./compose.ts"

const START: Place = { line: 1, column: 1 }

/** Finds fields in one document's text; the text is read again only when the first one is asked for. */
export class Locator {
	readonly #text: string
	#root: ParsedNode | null | undefined
	#lines: LineCounter | undefined

	constructor(text: string) {
		this.#text = text
	}

	/**
	 * Where a field stands, spelled as the API server does (`spec.containers[0].image`, `metadata.labels[a.b/c]`), or
	 * the nearest thing above it that is there. Line and column from 1, of the document's own text.
	 */
	place(field: string): Place {
		const lines = this.#read()
		if (lines === undefined || this.#root === null || this.#root === undefined) return START
		let node: ParsedNode | null = this.#root
		let found = node
		for (const step of fieldSteps(field)) {
			const next: { at: ParsedNode; value: ParsedNode | null } | undefined = child(node, step)
			if (next === undefined) break
			found = next.at
			node = next.value
		}
		return placeAt(lines, found.range[0])
	}

	#read(): LineCounter | undefined {
		if (this.#lines !== undefined) return this.#lines
		try {
			const { document, lines } = compose(this.#text)
			this.#root = document?.contents ?? null
			this.#lines = lines
		} catch {
			// A text too deep to be read has no fields to find.
			this.#root = null
		}
		return this.#lines
	}
}

/** `a.b[0][c.d/e]` to its steps; what stands in brackets is taken as it is. */
function fieldSteps(field: string): string[] {
	return [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, inBrackets, plain]) => inBrackets ?? plain ?? "")
}

function child(node: ParsedNode | null, step: string): { at: ParsedNode; value: ParsedNode | null } | undefined {
	if (isSeq(node)) {
		const item = /^\d+$/.test(step) ? (node.items[Number(step)] as ParsedNode | undefined) : undefined
		return item === undefined ? undefined : { at: item, value: item }
	}
	if (!isMap(node)) return undefined
	for (const pair of node.items) {
		const key = pair.key as ParsedNode
		if (isScalar(key) && String(key.value) === step) return { at: key, value: pair.value as ParsedNode | null }
	}
	return undefined
}
