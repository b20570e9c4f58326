import { sha256 } from "../base/index.ts"
import type { Database } from "./database.ts"

/** What the first entry of a ledger follows. */
export const ORIGIN = "0".repeat(64)

export type Head = { readonly number: number; readonly hash: string }

export type Verification =
	| { readonly sound: true; readonly entries: number; readonly head: Head }
	| { readonly sound: false; readonly number: number; readonly problem: string }

type ChainRow = { readonly number: number; readonly text: string; readonly previous: string; readonly hash: string }

const PAGE = 1000

/** Covers the row's number, its text and, through `previous`, all rows before it. Wall time is not covered. */
export function chainHash(previous: string, number: number, text: string): string {
	return sha256(`${previous}\n${number}\n${text}`)
}

/** The newest entry; the origin or the checkpoint of what was pruned where there is none. */
export function headOf(database: Database): Head {
	const newest = database.get<Head>("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1")
	return newest ?? baseOf(database)
}

/** What the oldest entry that is kept follows. */
export function baseOf(database: Database): Head {
	const pruned = database.get<Head>("SELECT entry AS number, hash FROM checkpoints ORDER BY entry DESC LIMIT 1")
	return pruned ?? { number: 0, hash: ORIGIN }
}

/**
 * Walks the whole chain and names the first row that was changed, is missing or out of order, or whose node steps are
 * not those it was written with. `expected` is a head noted elsewhere: it shows what was cut off at the end.
 */
export function verifyChain(database: Database, expected?: string): Verification {
	let last = baseOf(database)
	let met = expected === undefined || expected === last.hash
	for (;;) {
		const rows = database.all<ChainRow>(
			"SELECT number, text, previous, hash FROM entries WHERE number > ? ORDER BY number LIMIT ?",
			last.number,
			PAGE,
		)
		for (const row of rows) {
			const problem = problemOf(database, row, last)
			if (problem !== undefined) return { sound: false, ...problem }
			last = { number: row.number, hash: row.hash }
			met ||= row.hash === expected
		}
		if (rows.length < PAGE) break
	}
	const below = database.get<{ number: number }>(
		"SELECT number FROM entries WHERE number <= ?",
		baseOf(database).number,
	)
	if (below) return { sound: false, number: below.number, problem: "stands before the ledger's beginning" }
	if (!met) return { sound: false, number: last.number + 1, problem: `is missing: no entry has the hash ${expected}` }
	return { sound: true, entries: last.number - baseOf(database).number, head: last }
}

function problemOf(database: Database, row: ChainRow, last: Head): { number: number; problem: string } | undefined {
	if (row.number !== last.number + 1) return { number: last.number + 1, problem: "is missing" }
	if (row.previous !== last.hash) return { number: row.number, problem: "does not follow the entry before it" }
	if (row.hash !== chainHash(row.previous, row.number, row.text)) return { number: row.number, problem: "was changed" }
	const hash = stepsHashOf(row.text)
	if (hash === undefined) return undefined
	const block = database.get<{ body: ArrayBuffer }>("SELECT body FROM step_blocks WHERE hash = ?", hash)
	if (block === undefined) return { number: row.number, problem: "has lost its node steps" }
	if (sha256(new Uint8Array(block.body)) !== hash) return { number: row.number, problem: "has changed node steps" }
	return undefined
}

function stepsHashOf(text: string): string | undefined {
	if (!text.includes('"steps":')) return undefined
	return (JSON.parse(text) as { steps?: { hash?: string } }).steps?.hash
}
