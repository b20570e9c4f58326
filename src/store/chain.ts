import { sha256 } from "../base/index.ts"
import type { Database } from "./database.ts"

/** What the first entry of a ledger follows. */
export const ORIGIN = "0".repeat(64)

export type Head = { readonly number: number; readonly hash: string }

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
