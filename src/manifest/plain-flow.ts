import type { Json } from "../base/index.ts"
import { NOT_JSON, plainValue } from "./scalar.ts"

/** Thrown, and caught at once by the reader that began, where a text leaves the plain part of YAML. */
export const GIVE_UP = Symbol("not plain YAML")

const TOKEN = /"([^"\\\t\n]*)"|'([^'\t\n]*)'|([A-Za-z0-9_/.$+][\w/.$+@=*%-]*)|([[\]{},]|: )/y

type Token = { readonly mark?: string; readonly value?: Json; readonly isWord?: boolean }

/** Reads a flow list or map that begins at `at` and ends before `end`, on one line; returns it and where it ends. */
export function readFlow(text: string, at: number, end: number): [Json, number] {
	const flow = new Flow(text.slice(at, end))
	const value = flow.value(flow.next(), 0)
	return [value, at + flow.at]
}

class Flow {
	readonly #text: string
	at = 0

	constructor(text: string) {
		this.#text = text
	}

	next(): Token {
		while (this.#text.charCodeAt(this.at) === 0x20) this.at++
		TOKEN.lastIndex = this.at
		const match = TOKEN.exec(this.#text)
		if (match === null) throw GIVE_UP
		this.at = TOKEN.lastIndex
		const [, double, single, word, mark] = match
		if (mark !== undefined) return { mark }
		if (word === undefined) return { value: double ?? single ?? "" }
		const value = plainValue(word)
		if (value === NOT_JSON || (Number.isInteger(value) && !Number.isSafeInteger(value))) throw GIVE_UP
		return { value, isWord: true }
	}

	value(token: Token, depth: number): Json {
		if (depth > 16) throw GIVE_UP
		if (token.mark === "[") return this.#list(depth)
		if (token.mark === "{") return this.#map(depth)
		if (token.value === undefined) throw GIVE_UP
		return token.value
	}

	#list(depth: number): Json {
		const items: Json[] = []
		for (;;) {
			const token = this.next()
			if (token.mark === "]" && items.length === 0) return items
			items.push(this.value(token, depth + 1))
			if (this.#isLast("]")) return items
		}
	}

	#map(depth: number): Json {
		const members: Record<string, Json> = {}
		for (;;) {
			const token = this.next()
			if (token.mark === "}" && Object.keys(members).length === 0) return members
			const key = token.value
			const isKnown = typeof key === "string" && key !== "__proto__" && !Object.hasOwn(members, key)
			if (!isKnown || this.next().mark !== ": ") throw GIVE_UP
			members[key] = this.value(this.next(), depth + 1)
			if (this.#isLast("}")) return members
		}
	}

	#isLast(close: string): boolean {
		const { mark } = this.next()
		if (mark === close) return true
		if (mark !== ",") throw GIVE_UP
		return false
	}
}
