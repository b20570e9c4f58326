import { canonicalJson, type Json } from "../base/index.ts"
import type { LedgerEntry } from "./contract.ts"

/** The one text of an entry: what the chain is made over and what an export says. Wall time is not in it. */
export function canonicalEntry(entry: LedgerEntry): string {
	return canonicalJson(entry as unknown as Json)
}

/** The entry of a text that `canonicalEntry` made. */
export function parseEntry(text: string): LedgerEntry {
	return JSON.parse(text) as LedgerEntry
}
