import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import Libsql from "libsql"
import { StorageError, storageError } from "./storage-error.ts"

type Value = string | number | null | Uint8Array
type Statement = { run(values: readonly Value[]): { changes: number }; all(values: readonly Value[]): unknown[] }

export type OpenMode = {
	readonly readOnly?: boolean
	/** FULL: durable when a transaction returns. NORMAL: whole after a power cut, but its last transactions may be gone. */
	readonly synchronous: "FULL" | "NORMAL" | "OFF"
	/** For a file that is only ever locked: no log beside it. */
	readonly rollbackJournal?: boolean
}

/** One SQLite file: statements are prepared once, failures are StorageErrors, a transaction is whole or not at all. */
export class Database {
	readonly path: string
	readonly readOnly: boolean
	readonly #handle: Libsql.Database
	readonly #statements = new Map<string, Statement>()
	readonly #copy: string | undefined
	readonly #hasLog: boolean

	constructor(path: string, mode: OpenMode) {
		this.path = path
		this.readOnly = mode.readOnly === true
		const opened = this.readOnly ? openReader(path) : { handle: openWriter(path, mode), copy: undefined }
		this.#handle = opened.handle
		this.#copy = opened.copy
		this.#hasLog = !this.readOnly && mode.rollbackJournal !== true
	}

	/** Blobs come back as ArrayBuffers. */
	all<Row>(sql: string, ...values: readonly Value[]): Row[] {
		return this.#try(() => this.#prepare(sql).all(values) as Row[])
	}

	get<Row>(sql: string, ...values: readonly Value[]): Row | undefined {
		return this.all<Row>(sql, ...values)[0]
	}

	run(sql: string, ...values: readonly Value[]): number {
		return this.#try(() => this.#prepare(sql).run(values).changes)
	}

	exec(sql: string): void {
		this.#try(() => this.#handle.exec(sql))
	}

	/** Writers wait for each other, readers for nobody; a failure inside leaves everything as it was. */
	transaction<T>(body: () => T): T {
		this.exec("BEGIN IMMEDIATE")
		try {
			const result = body()
			this.exec("COMMIT")
			return result
		} catch (failure) {
			this.#rollback()
			throw failure
		}
	}

	/** What is read inside belongs to one moment, though another process writes meanwhile. */
	reading<T>(body: () => T): T {
		this.exec("BEGIN")
		try {
			return body()
		} finally {
			this.#rollback()
		}
	}

	/** Never fails: what was written is durable already. */
	close(): void {
		this.#statements.clear()
		try {
			// libsql lets go of its files late: without this the log stays behind, and readers of a read-only disk need a copy.
			if (this.#hasLog) this.#handle.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all([])
		} catch {
			// A full or damaged disk: the log is read at the next start.
		}
		this.#handle.close()
		if (this.#copy !== undefined) rmSync(this.#copy, { recursive: true, force: true })
	}

	// A full disk may have rolled back by itself, and what went wrong first is what counts.
	#rollback(): void {
		try {
			if (this.#handle.inTransaction) this.#handle.exec("ROLLBACK")
		} catch {}
	}

	#prepare(sql: string): Statement {
		let statement = this.#statements.get(sql)
		if (statement === undefined) {
			statement = this.#handle.prepare(sql) as unknown as Statement
			this.#statements.set(sql, statement)
		}
		return statement
	}

	#try<T>(action: () => T): T {
		try {
			return action()
		} catch (failure) {
			throw storageError(failure, `${this.readOnly ? "read" : "write"} ${this.path}`)
		}
	}
}

function openWriter(path: string, mode: OpenMode): Libsql.Database {
	try {
		const handle = new Libsql(path)
		// Asked first: a reader may just be closing the log.
		handle.exec("PRAGMA busy_timeout = 5000")
		handle.exec(`PRAGMA journal_mode = ${mode.rollbackJournal ? "MEMORY" : "WAL"}`)
		handle.exec(`PRAGMA synchronous = ${mode.synchronous}`)
		// A snapshot swells the log once; it need not stay so.
		handle.exec("PRAGMA journal_size_limit = 16777216")
		return handle
	} catch (failure) {
		throw storageError(failure, `open ${path}`)
	}
}

/**
 * Beside a writer, after one, and where nothing may be written: a read-only directory gets no shared memory file, so a
 * database at rest is read as it lies, and one with a log left over is read from a copy.
 */
function openReader(path: string): { handle: Libsql.Database; copy: string | undefined } {
	if (!existsSync(path)) throw nothingThere(path)
	try {
		return { handle: probe(`${asUri(path)}?mode=ro`), copy: undefined }
	} catch (failure) {
		const translated = storageError(failure, `read ${path}`)
		if (translated.code !== "ReadOnly") throw translated
	}
	try {
		const log = `${path}-wal`
		if (!existsSync(log) || statSync(log).size === 0) {
			return { handle: probe(`${asUri(path)}?immutable=1`), copy: undefined }
		}
		const copy = mkdtempSync(join(tmpdir(), "rollcall-read-"))
		copyFileSync(path, join(copy, basename(path)))
		copyFileSync(log, join(copy, basename(log)))
		return { handle: probe(join(copy, basename(path))), copy }
	} catch (failure) {
		throw storageError(failure, `read ${path} in ${dirname(path)}`)
	}
}

export function nothingThere(path: string): StorageError {
	const next = "start `rollcall run` or `rollcall replay` first, or name the right directory with --state DIR"
	return new StorageError("Missing", `Cannot read ${path}: nothing has been recorded there yet`, next)
}

// libsql takes no read-only option; the URI has one. The first read is what finds out.
function probe(name: string): Libsql.Database {
	const handle = new Libsql(name)
	try {
		handle.exec("PRAGMA busy_timeout = 5000")
		handle.prepare("SELECT count(*) FROM sqlite_schema").all()
		return handle
	} catch (failure) {
		handle.close()
		throw failure
	}
}

function asUri(path: string): string {
	return `file:${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`
}
