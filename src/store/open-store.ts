import { existsSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Mark } from "../engine/index.ts"
import { Database } from "./database.ts"
import { acquireLock } from "./lock.ts"
import { makeDirectory } from "./make-directory.ts"
import { LEDGER, migrate, requireVersion, SNAPSHOTS } from "./migrations.ts"
import { dropUnreached } from "./snapshots.ts"
import { StorageError } from "./storage-error.ts"
import { newestMark, StateDirectory } from "./store.ts"

export type OpenOptions = {
	/** No lock, and nothing is written; works beside a writer and on a read-only disk. */
	readonly readOnly?: boolean
	/** How long to wait for another writer to end, in milliseconds; default 0. */
	readonly wait?: number
	/** What the holder is, for the message that others get: `rollcall run /srv/fleet`. */
	readonly what?: string
}

/**
 * Opens a state directory, made where there is none (writers only). Throws StorageError: `Locked`, `Missing`, `ReadOnly`,
 * `NewerVersion`, `OlderVersion`, `NotRollcall`, `Damaged`, `DiskFull`.
 */
export function openStore(directory: string, options: OpenOptions = {}): StateDirectory {
	return options.readOnly ? openToRead(directory) : openToWrite(directory, options)
}

function openToRead(directory: string): StateDirectory {
	const ledger = new Database(join(directory, "ledger.db"), { readOnly: true, synchronous: "FULL" })
	return closingOnFailure(ledger, () => {
		requireVersion(ledger, LEDGER.length)
		const path = join(directory, "snapshots.db")
		const snapshots = existsSync(path) ? new Database(path, { readOnly: true, synchronous: "NORMAL" }) : undefined
		return new StateDirectory(ledger, snapshots, () => {})
	})
}

function openToWrite(directory: string, options: OpenOptions): StateDirectory {
	makeDirectory(directory)
	const lock = acquireLock(directory, options.what ?? "rollcall", options.wait ?? 0)
	try {
		const ledger = new Database(join(directory, "ledger.db"), { synchronous: "FULL" })
		return closingOnFailure(ledger, () => {
			migrate(ledger, LEDGER)
			const snapshots = openSnapshots(join(directory, "snapshots.db"), newestMark(ledger))
			return new StateDirectory(ledger, snapshots, lock.release)
		})
	} catch (failure) {
		lock.release()
		throw failure
	}
}

function closingOnFailure<T>(database: Database, build: () => T): T {
	try {
		return build()
	} catch (failure) {
		database.close()
		throw failure
	}
}

// Every later state follows from the first one, which the ledger keeps, and the inputs: a damaged file is put aside.
function openSnapshots(path: string, newest: Mark | undefined): Database {
	const open = (): Database => {
		const database = new Database(path, { synchronous: "NORMAL" })
		return closingOnFailure(database, () => {
			migrate(database, SNAPSHOTS)
			dropUnreached(database, newest)
			return database
		})
	}
	try {
		return open()
	} catch (failure) {
		if (!(failure instanceof StorageError) || failure.code !== "Damaged") throw failure
		renameSync(path, `${path}.damaged`)
		for (const beside of [`${path}-wal`, `${path}-shm`]) rmSync(beside, { force: true })
		return open()
	}
}
