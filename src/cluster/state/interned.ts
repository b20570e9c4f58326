import { canonicalJson, deepFreeze, invariant, type JsonObject } from "../../base/index.ts"

/** Values that many rows share, by content; rows hold the number. One that no row uses any more gives its number back. */
export type Interned<T> = {
	values: (T | undefined)[]
	texts: string[]
	ids: Map<string, number>
	uses: number[]
	unused: number[]
}

export function createInterned<T>(): Interned<T> {
	return { values: [], texts: [], ids: new Map(), uses: [], unused: [] }
}

/** Counts as one use of the value. */
export function intern<T extends JsonObject>(table: Interned<T>, value: T): number {
	const text = canonicalJson(value)
	const known = table.ids.get(text)
	if (known !== undefined) return useInterned(table, known)
	const id = table.unused.pop() ?? table.values.length
	table.values[id] = deepFreeze(value)
	table.texts[id] = text
	table.uses[id] = 1
	table.ids.set(text, id)
	return id
}

export function useInterned<T>(table: Interned<T>, id: number, times = 1): number {
	table.uses[id] = (table.uses[id] ?? 0) + times
	return id
}

export function releaseInterned<T>(table: Interned<T>, id: number): void {
	const left = (table.uses[id] ?? 0) - 1
	invariant(left >= 0, "an interned value is released as often as it was used")
	table.uses[id] = left
	if (left > 0) return
	table.ids.delete(table.texts[id] ?? "")
	table.values[id] = undefined
	table.texts[id] = ""
	table.unused.push(id)
}

export function internedValue<T>(table: Interned<T>, id: number): T {
	const value = table.values[id]
	invariant(value !== undefined, "an interned value is read while it is in use")
	return value
}
