import type { Json } from "../base/index.ts"
import type { Place } from "./compose.ts"
import { placeIn } from "./text.ts"
import type { DocumentLimits, DocumentValue, Duplicate } from "./yaml-document.ts"

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?[0-9][0-9.eE+-]*/g

/** Reads a text that is one JSON value; undefined where it is none, or YAML's reading of it would say more. */
export function readJson(text: string, limits: DocumentLimits): DocumentValue | undefined {
	let value: Json
	try {
		value = JSON.parse(text) as Json
	} catch {
		return undefined
	}
	return new JsonCheck(text, limits).check(value)
}

/** Enough to refuse by; finding the line of each costs a look at the whole text. */
const MOST_FAULTS = 50

type Level = { readonly keys: Map<string, number> | undefined; isKey: boolean }

/** What `JSON.parse` does not tell: keys that stand twice, integers it rounds, how deep it goes. */
class JsonCheck {
	readonly #text: string
	readonly #limits: DocumentLimits
	readonly #duplicates: Duplicate[] = []
	readonly #unsafe: Place[] = []
	readonly #levels: Level[] = []

	constructor(text: string, limits: DocumentLimits) {
		this.#text = text
		this.#limits = limits
	}

	check(value: Json): DocumentValue {
		for (const { 0: token, index } of this.#text.matchAll(TOKENS)) {
			this.#take(token, index)
			if (this.#levels.length <= this.#limits.depth + 1) continue
			const place = placeIn(this.#text, index)
			return { kind: "error", code: "too-deep", message: `nested deeper than ${this.#limits.depth}`, place }
		}
		return { kind: "value", value, duplicates: this.#duplicates, unsafe: this.#unsafe }
	}

	#take(token: string, index: number): void {
		const level = this.#levels.at(-1)
		if (token === "{") this.#levels.push({ keys: new Map(), isKey: true })
		else if (token === "[") this.#levels.push({ keys: undefined, isKey: false })
		else if (token === "}" || token === "]") this.#levels.pop()
		else if (level?.keys !== undefined && (token === "," || token === ":")) level.isKey = token === ","
		else if (token.startsWith('"')) {
			if (level?.keys !== undefined && level.isKey) this.#key(level.keys, JSON.parse(token) as string, index)
		} else if (/^-?[0-9]{16,}$/.test(token) && !Number.isSafeInteger(Number(token))) {
			if (this.#unsafe.length < MOST_FAULTS) this.#unsafe.push(placeIn(this.#text, index))
		}
	}

	#key(keys: Map<string, number>, key: string, index: number): void {
		const first = keys.get(key)
		if (first !== undefined) {
			if (this.#duplicates.length >= MOST_FAULTS) return
			const places = { first: placeIn(this.#text, first), second: placeIn(this.#text, index) }
			this.#duplicates.push({ key, ...places })
		} else keys.set(key, index)
	}
}
