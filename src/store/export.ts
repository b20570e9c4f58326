import { canonicalJson, type Json } from "../base/index.ts"
import { parseEntry } from "../history/index.ts"
import { baseOf } from "./chain.ts"
import type { Database } from "./database.ts"

type Row = { readonly number: number; readonly text: string; readonly hash: string }

const PAGE = 500

/**
 * The ledger as JSON lines: first what it begins after, then one line an entry with its number, its hash and, where it
 * names node steps, their block in base64. No wall time: equal runs give equal bytes.
 */
export function* exportLedger(database: Database): Iterable<string> {
	const base = baseOf(database)
	yield canonicalJson({ rollcall: "ledger", version: 1, after: base.number, previous: base.hash })
	let last = base.number
	for (;;) {
		const rows = database.all<Row>(
			"SELECT number, text, hash FROM entries WHERE number > ? ORDER BY number LIMIT ?",
			last,
			PAGE,
		)
		for (const row of rows) yield lineOf(database, row)
		if (rows.length < PAGE) return
		last = rows.at(-1)?.number ?? last
	}
}

function lineOf(database: Database, { number, text, hash }: Row): string {
	const entry = parseEntry(text)
	const block = "steps" in entry ? blockOf(database, entry.steps.hash) : undefined
	return canonicalJson({ number, hash, entry, ...(block !== undefined && { block }) } as unknown as Json)
}

function blockOf(database: Database, hash: string): string | undefined {
	const found = database.get<{ body: ArrayBuffer }>("SELECT body FROM step_blocks WHERE hash = ?", hash)
	return found && Buffer.from(found.body).toString("base64")
}
