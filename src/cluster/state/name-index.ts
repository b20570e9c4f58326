import { dice, powerOfTwo } from "../../base/index.ts"

/** A table whose rows are found by a hash of their name: chained buckets, as many as the columns are long. */
export type Named = { readonly live: number; nextNamed: Int32Array; named: { first: Int32Array } }

/** A hash of up to three numbers that make a name. */
export function nameHash(a: number, b: number, c = 0): number {
	return dice(a, b, c)
}

/** The first row of the bucket, or -1; go on with `nextNamed`. */
export function firstNamed(table: Named, hash: number): number {
	return table.named.first[hash & (table.named.first.length - 1)] as number
}

/** `hashOf` is asked for every row when the buckets double. */
export function addNamed(table: Named, row: number, hash: number, hashOf: (row: number) => number): void {
	if (table.live * 2 > table.named.first.length) regrow(table, row, hashOf)
	const bucket = hash & (table.named.first.length - 1)
	table.nextNamed[row] = table.named.first[bucket] as number
	table.named.first[bucket] = row
}

export function removeNamed(table: Named, row: number, hash: number): void {
	const bucket = hash & (table.named.first.length - 1)
	let at = table.named.first[bucket] as number
	if (at === row) {
		table.named.first[bucket] = table.nextNamed[row] as number
		return
	}
	while (at !== -1) {
		const next = table.nextNamed[at] as number
		if (next === row) {
			table.nextNamed[at] = table.nextNamed[row] as number
			return
		}
		at = next
	}
}

function regrow(table: Named, added: number, hashOf: (row: number) => number): void {
	const old = table.named.first
	const rows = new Int32Array(table.live + 1)
	let count = 0
	for (const first of old) for (let row = first; row !== -1; row = table.nextNamed[row] as number) rows[count++] = row
	table.named.first = new Int32Array(Math.max(old.length * 2, nextPower(table.live * 2))).fill(-1)
	for (const row of rows.subarray(0, count)) {
		if (row === added) continue
		const bucket = hashOf(row) & (table.named.first.length - 1)
		table.nextNamed[row] = table.named.first[bucket] as number
		table.named.first[bucket] = row
	}
}

function nextPower(size: number): number {
	return powerOfTwo(Math.max(2, size))
}
