import { existsSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { ParseCache } from "../engine/index.ts"
import type { ParsedFile } from "../manifest/index.ts"
import { Database } from "./database.ts"
import { StorageError } from "./storage-error.ts"

export type OpenedParseCache = ParseCache & { close(): void }

export type ParseCacheOptions = {
	readonly version?: string
	/** Nothing is written, whatever is `put`. */
	readonly readOnly?: boolean
}

const FILE = "cache.db"
/** Raised when the same bytes come to be parsed differently. */
const VERSION = "1"
const PAGE = 500
/** Above this many files the oldest go, the next time the cache is opened. */
const KEEP = 200_000

/**
 * Parsed files, kept beside the ledger in a file of their own that may be lost at any time. It never fails: where it
 * cannot be read or written, files are parsed again.
 */
export function openParseCache(directory: string, options: ParseCacheOptions = {}): OpenedParseCache {
	const { version = VERSION, readOnly = false } = options
	const database = readOnly ? openToRead(directory, version) : open(directory, version)
	return {
		get: (blobs) => forgiving(() => read(database, blobs)) ?? new Map(),
		put: (files) => {
			if (!readOnly) forgiving(() => write(database, files))
		},
		close: () => void forgiving(() => database?.close()),
	}
}

// Plain JSON: 5,000 files of 2 KB come back in 100 ms, where inflating them alone would take as long.
function read(database: Database | undefined, blobs: readonly string[]): ReadonlyMap<string, ParsedFile> {
	const found = new Map<string, ParsedFile>()
	for (let first = 0; database && first < blobs.length; first += PAGE) {
		const rows = database.all<{ blob: string; body: string }>(
			"SELECT blob, body FROM parsed WHERE blob IN (SELECT value FROM json_each(?))",
			JSON.stringify(blobs.slice(first, first + PAGE)),
		)
		for (const { blob, body } of rows) found.set(blob, JSON.parse(body) as ParsedFile)
	}
	return found
}

function write(database: Database | undefined, files: ReadonlyMap<string, ParsedFile>): void {
	if (database === undefined || files.size === 0) return
	database.transaction(() => {
		for (const [blob, file] of files) {
			database.run("INSERT OR REPLACE INTO parsed (blob, body) VALUES (?, ?)", blob, JSON.stringify(file))
		}
	})
}

function open(directory: string, version: string): Database | undefined {
	// A directory that holds no state yet gets none by being looked at.
	if (!existsSync(directory)) return undefined
	const path = join(directory, FILE)
	try {
		return prepare(path, version)
	} catch (failure) {
		// Only what is beyond repair is thrown away: another process may be using it.
		if (!(failure instanceof StorageError) || failure.code !== "Damaged") return undefined
	}
	return forgiving(() => {
		for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true })
		return prepare(path, version)
	})
}

function openToRead(directory: string, version: string): Database | undefined {
	return forgiving(() => {
		const path = join(directory, FILE)
		const database = existsSync(path) ? new Database(path, { readOnly: true, synchronous: "OFF" }) : undefined
		if (database?.get<{ value: string }>("SELECT value FROM version")?.value === version) return database
		database?.close()
		return undefined
	})
}

function prepare(path: string, version: string): Database {
	const database = new Database(path, { synchronous: "OFF" })
	database.exec(`
		CREATE TABLE IF NOT EXISTS parsed (id INTEGER PRIMARY KEY, blob TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
		CREATE TABLE IF NOT EXISTS version (value TEXT NOT NULL);
	`)
	if (database.get<{ value: string }>("SELECT value FROM version")?.value !== version) {
		database.exec("DELETE FROM parsed; DELETE FROM version;")
		database.run("INSERT INTO version (value) VALUES (?)", version)
	}
	database.run("DELETE FROM parsed WHERE id <= (SELECT max(id) FROM parsed) - ?", KEEP)
	return database
}

function forgiving<T>(action: () => T): T | undefined {
	try {
		return action()
	} catch {
		return undefined
	}
}
