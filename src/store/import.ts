import { isObject, sha256 } from "../base/index.ts"
import { canonicalEntry, type LedgerEntry } from "../history/index.ts"
import { chainHash, type Head, ORIGIN } from "./chain.ts"
import type { Database } from "./database.ts"
import { StorageError } from "./storage-error.ts"
import { deriveRows } from "./views.ts"

const NEXT = "nothing was imported; ask for the file again from where it was exported"

/**
 * Takes in the lines of an export: the same numbers and hashes, each held against the one before. Throws a StorageError
 * `Refused` that names the first line that is not as it was written. Inside the caller's transaction.
 */
export function importLedger(ledger: Database, lines: Iterable<string>): Head {
	let head: Head | undefined
	let line = 0
	for (const text of lines) {
		line++
		if (text.trim() === "") continue
		const value = parsed(text, line)
		if (head === undefined) head = begin(ledger, value, line)
		else head = add(ledger, value, head, line)
	}
	if (head === undefined) throw refused(1, "there is nothing in it")
	return head
}

function begin(ledger: Database, header: Members, line: number): Head {
	const { rollcall, version, after, previous } = header
	if (rollcall !== "ledger") throw refused(line, "it does not begin as what rollcall ledger export writes")
	if (version !== 1) throw refused(line, `it is of version ${version}, this Rollcall reads 1`)
	if (typeof after !== "number" || !Number.isSafeInteger(after) || after < 0 || !isHash(previous))
		throw refused(line, "its first line was changed")
	if (after === 0 && previous !== ORIGIN) throw refused(line, "its first line was changed")
	if (after > 0) ledger.run("INSERT INTO checkpoints (entry, hash, wall) VALUES (?, ?, 0)", after, previous)
	return { number: after, hash: previous }
}

function add(ledger: Database, said: Members, last: Head, line: number): Head {
	const { number, hash, entry, block } = said
	const next = last.number + 1
	if (typeof number !== "number" || number !== next)
		throw refused(line, `entry ${next} is missing: here stands ${number}`)
	if (!isObject(entry) || typeof entry["kind"] !== "string" || typeof entry["at"] !== "number")
		throw refused(line, `entry ${number} was changed`)
	const text = canonicalEntry(entry as LedgerEntry)
	if (hash !== chainHash(last.hash, number, text)) throw refused(line, `entry ${number} was changed`)
	takeBlock(ledger, entry as LedgerEntry, block, () => refused(line, `entry ${number} has changed node steps`))
	ledger.run(
		"INSERT INTO entries (number, kind, at, wall, text, previous, hash) VALUES (?, ?, ?, 0, ?, ?, ?)",
		number,
		entry["kind"],
		entry["at"],
		text,
		last.hash,
		hash,
	)
	try {
		deriveRows(ledger, { number, wall: 0 }, entry as LedgerEntry)
	} catch (failure) {
		if (failure instanceof StorageError && failure.code !== "Failed") throw failure
		// Its hash is right and its form is not: another version wrote it, or somebody made it up.
		throw refused(line, `entry ${number} is none that this Rollcall knows`)
	}
	return { number, hash }
}

function takeBlock(ledger: Database, entry: LedgerEntry, block: unknown, problem: () => StorageError): void {
	if (!("steps" in entry)) return
	if (typeof block !== "string") throw problem()
	const body = Buffer.from(block, "base64")
	if (sha256(body) !== entry.steps.hash) throw problem()
	ledger.run("INSERT OR IGNORE INTO step_blocks (hash, body) VALUES (?, ?)", entry.steps.hash, body)
}

type Members = { readonly [name: string]: unknown }

function parsed(text: string, line: number): Members {
	try {
		const value: unknown = JSON.parse(text)
		if (isObject(value)) return value
	} catch {
		// Said below, as for any other text.
	}
	throw refused(line, "it is no line of an export")
}

function isHash(value: unknown): value is string {
	return typeof value === "string" && /^[0-9a-f]{64}$/.test(value)
}

function refused(line: number, problem: string): StorageError {
	return new StorageError("Refused", `Cannot import the ledger: line ${line}: ${problem}`, NEXT)
}
