import { byCodeUnit } from "../../base/index.ts"
import type { ListQuery } from "../contract.ts"
import { suffixRank } from "../state/names.ts"
import type { TextId } from "../state/strings.ts"

/** How rows are called. */
export type Named = {
	readonly space: (row: number) => string
	/** What the name begins with, where the rest is a suffix that was drawn; else -1. */
	readonly base: (row: number) => TextId
	readonly suffix: (row: number) => number
	readonly text: (row: number) => string
}

/** The rows in order of namespace, then name. The texts of drawn names are not made for it. */
export function inNameOrder(rows: readonly number[], named: Named): Int32Array {
	const ordered = new Int32Array(rows.length)
	let end = 0
	for (const [, groups] of [...groupsOf(rows, named)].sort(([a], [b]) => byCodeUnit(a, b))) {
		for (const run of merged(groups, named)) {
			ordered.set(run, end)
			end += run.length
		}
	}
	return ordered
}

/** What a list gives of rows in this order. */
export function listed<Rows extends Int32Array | Float64Array>(
	rows: Rows,
	{ namespace, after }: ListQuery,
	{ space, text }: Pick<Named, "space" | "text">,
): Rows {
	const placeAfter = (place: string, name: string): number =>
		firstNot(rows, (row) => {
			const here = space(row)
			return here === place ? text(row) <= name : here < place
		})
	const from = after === undefined ? 0 : placeAfter(after.namespace, after.name)
	if (namespace === undefined) return rows.subarray(from) as Rows
	return rows.subarray(Math.max(from, placeAfter(namespace, "")), placeAfter(namespace, LAST)) as Rows
}
/** After every name. */
const LAST = "\uffff"

/** Rows whose names begin alike, in order; `head` is the name of the first. */
type Group = { rows: Int32Array; head: string }

/** By namespace. */
function groupsOf(rows: readonly number[], named: Named): Map<string, Group[]> {
	const spaces = new Map<string, Map<TextId, number[]>>()
	for (const row of rows) {
		const bases = known(spaces, named.space(row), () => new Map<TextId, number[]>())
		known(bases, named.base(row), () => [] as number[]).push(row)
	}
	const groups = new Map<string, Group[]>()
	for (const [space, bases] of spaces)
		groups.set(
			space,
			[...bases].map(([base, of]) => groupOf(base, of, named)),
		)
	return groups
}

function groupOf(base: TextId, unordered: readonly number[], named: Named): Group {
	const rows = base === -1 ? byText(unordered, named) : bySuffix(unordered, named)
	return { rows, head: named.text(rows[0] as number) }
}

function byText(rows: readonly number[], { text }: Named): Int32Array {
	const called = rows.map((row) => ({ row, name: text(row) }))
	called.sort((a, b) => byCodeUnit(a.name, b.name))
	return Int32Array.from(called, ({ row }) => row)
}

function bySuffix(rows: readonly number[], { suffix }: Named): Int32Array {
	const keys = new Float64Array(rows.length)
	let count = 0
	for (const row of rows) keys[count++] = suffixRank(suffix(row)) * ROWS + row
	keys.sort()
	const ordered = new Int32Array(count)
	for (let place = 0; place < count; place++) ordered[place] = (keys[place] as number) % ROWS
	return ordered
}
/** More than rows there can be. */
const ROWS = 2 ** 29

/** Names of one group are rarely between those of another, but `a-b-…` are before `a-c…`: it goes by whole runs. */
function* merged(waiting: Group[], { text }: Named): Generator<Int32Array> {
	const lastFirst = (a: Group, b: Group) => byCodeUnit(b.head, a.head)
	waiting.sort(lastFirst)
	for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
		const { rows } = group
		const next = waiting.at(-1)
		const run = next === undefined ? rows.length : firstNot(rows, (row) => text(row) < next.head)
		yield rows.subarray(0, run)
		if (run === rows.length) continue
		group.rows = rows.subarray(run)
		group.head = text(group.rows[0] as number)
		waiting.push(group)
		waiting.sort(lastFirst)
	}
}

/** The place of the first row that is not so: all before it are, none after it is. */
function firstNot(rows: Int32Array | Float64Array, isSo: (row: number) => boolean): number {
	let [low, high] = [0, rows.length]
	while (low < high) {
		const middle = (low + high) >>> 1
		if (isSo(rows[middle] as number)) low = middle + 1
		else high = middle
	}
	return low
}

function known<K, V>(map: Map<K, V>, key: K, make: () => V): V {
	const value = map.get(key)
	if (value !== undefined) return value
	const made = make()
	map.set(key, made)
	return made
}
