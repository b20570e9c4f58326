import { type JsonObject, jsonEqual, sha256 } from "../base/index.ts"
import { type LedgerEntry, parseEntry } from "../history/index.ts"
import { baseOf, chainHash, type Head } from "./chain.ts"
import { Database } from "./database.ts"
import { LEDGER, migrate } from "./migrations.ts"
import { deriveRows } from "./views.ts"

export type Verification =
	| { readonly sound: true; readonly entries: number; readonly head: Head }
	| { readonly sound: false; readonly number: number; readonly problem: string }

type ListRow = { readonly entry: number; readonly row?: string }
type Problem = { readonly number: number; readonly problem: string }

type ChainRow = {
	readonly number: number
	readonly kind: string
	readonly at: number
	readonly wall: number
	readonly text: string
	readonly previous: string
	readonly hash: string
}

const PAGE = 1000

/** Tables of what lists show, each with the column that names the entry a row began with. */
const LISTS = ["commits", "revisions", "rollouts", "steps", "requests"] as const

/**
 * Walks the whole chain and names the first row that was changed, is missing or out of order, or whose node steps are
 * not those it was written with; then whether lists show what the entries say. `expected` is a head noted elsewhere: it
 * shows what was cut off at the end.
 */
export function verifyChain(database: Database, expected?: string): Verification {
	const lists = new Database(":memory:", { synchronous: "OFF" })
	try {
		migrate(lists, LEDGER)
		return lists.transaction(() => verify(database, lists, expected))
	} finally {
		lists.close()
	}
}

function verify(database: Database, lists: Database, expected: string | undefined): Verification {
	const base = baseOf(database)
	const unfounded = problemOfBase(database, base)
	if (unfounded !== undefined) return { sound: false, ...unfounded }
	copyKept(database, lists, base)
	let last = base
	let met = expected === undefined || expected === last.hash
	for (const row of rowsAfter(database, base.number)) {
		const entry = parsed(row.text)
		const problem = entry === undefined ? changed(row.number) : problemOf(database, row, entry, last)
		if (problem !== undefined) return { sound: false, ...problem }
		if (entry !== undefined && !derives(lists, row, entry)) return { sound: false, ...unknown(row.number) }
		last = { number: row.number, hash: row.hash }
		met ||= row.hash === expected
	}
	const mislisted = problemOfLists(database, lists, base, last)
	if (mislisted !== undefined) return { sound: false, ...mislisted }
	if (met) return { sound: true, entries: last.number - base.number, head: last }
	const pruned = base.number > 0 ? `, and those up to ${base.number} were pruned` : ""
	return { sound: false, number: last.number + 1, problem: `is missing: no entry has the hash ${expected}${pruned}` }
}

/** What was pruned is named by a row of what is kept: else anybody could cut off the beginning. */
function problemOfBase(database: Database, base: Head): Problem | undefined {
	const below = database.get<{ number: number }>("SELECT number FROM entries WHERE number <= ?", base.number)
	if (below !== undefined) return { number: below.number, problem: "stands before the ledger's beginning" }
	if (base.number === 0) return undefined
	const sql = "SELECT text FROM entries WHERE kind = 'prune' ORDER BY number DESC LIMIT 1"
	const found = parsed(database.get<{ text: string }>(sql)?.text ?? "")
	if (found?.kind === "prune" && found.last === base.number && found.hash === base.hash) return undefined
	return { number: base.number, problem: "is missing, and no entry says that it was pruned" }
}

function problemOf(database: Database, row: ChainRow, entry: LedgerEntry, last: Head): Problem | undefined {
	if (row.number !== last.number + 1) return { number: last.number + 1, problem: "is missing" }
	const isWhole = row.hash === chainHash(row.previous, row.number, row.text)
	if (!isWhole) return { number: row.number, problem: whereFrom(database, row) ?? "was changed" }
	if (row.previous !== last.hash) return { number: row.number, problem: "does not follow the entry before it" }
	// Beside the text stands what rows are found by.
	if (row.kind !== entry.kind || row.at !== entry.at) return changed(row.number)
	if (!("steps" in entry)) return undefined
	const block = database.get<{ body: ArrayBuffer }>("SELECT body FROM step_blocks WHERE hash = ?", entry.steps.hash)
	if (block === undefined) return { number: row.number, problem: "has lost its node steps" }
	if (sha256(new Uint8Array(block.body)) === entry.steps.hash) return undefined
	return { number: row.number, problem: "has changed node steps" }
}

function derives(lists: Database, place: ChainRow, entry: LedgerEntry): boolean {
	try {
		deriveRows(lists, place, entry)
		return true
	} catch {
		return false
	}
}

function unknown(number: number): Problem {
	return { number, problem: "is none that this Rollcall knows" }
}

function changed(number: number): Problem {
	return { number, problem: "was changed" }
}

/** A row with a whole hash for another number was moved. */
function whereFrom(database: Database, { number, previous, text, hash }: ChainRow): string | undefined {
	const newest = database.get<{ number: number }>("SELECT max(number) AS number FROM entries")?.number ?? number
	for (let other = baseOf(database).number + 1; other <= newest; other++) {
		if (chainHash(previous, other, text) === hash) return `is out of order: it was written as entry ${other}`
	}
	return undefined
}

/** Rows of what was pruned that lists still show: nothing is left to hold them against. */
function copyKept(database: Database, lists: Database, base: Head): void {
	if (base.number === 0) return
	for (const table of LISTS) {
		for (const row of database.all<object>(`SELECT * FROM ${table} WHERE entry <= ?`, base.number)) {
			const values = Object.values(row)
			lists.run(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`, ...values)
		}
	}
}

function problemOfLists(database: Database, lists: Database, base: Head, head: Head): Problem | undefined {
	for (const table of LISTS) {
		const sql = `SELECT * FROM ${table} WHERE entry > ? ORDER BY entry`
		const wanted = lists.all<ListRow>(sql, base.number)
		const found = database.all<ListRow>(sql, base.number)
		for (let index = 0; index < Math.max(wanted.length, found.length); index++) {
			const [is, should] = [found[index], wanted[index]]
			if (is !== undefined && should !== undefined && says(is, should)) continue
			const number = Math.min(is?.entry ?? Infinity, should?.entry ?? Infinity)
			const what = number > head.number ? "is missing, and" : "is whole, but"
			return { number, problem: `${what} the list of ${table} shows something else` }
		}
	}
	return undefined
}

/** An older version may have put less into a row. */
function says({ row: is = "{}", ...columns }: ListRow, { row: should = "{}", ...others }: ListRow): boolean {
	if (!jsonEqual(columns, others)) return false
	const members = JSON.parse(should) as JsonObject
	return Object.entries(membersOf(is)).every(([name, value]) => jsonEqual(value, members[name]))
}

function membersOf(row: string): JsonObject {
	try {
		return JSON.parse(row) as JsonObject
	} catch {
		return { row }
	}
}

function* rowsAfter(database: Database, number: number): Iterable<ChainRow> {
	let last = number
	for (;;) {
		const sql = "SELECT * FROM entries WHERE number > ? ORDER BY number LIMIT ?"
		const rows = database.all<ChainRow>(sql, last, PAGE)
		yield* rows
		if (rows.length < PAGE) return
		last = rows.at(-1)?.number ?? last
	}
}

function parsed(text: string): LedgerEntry | undefined {
	try {
		return parseEntry(text)
	} catch {
		return undefined
	}
}
