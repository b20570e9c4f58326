import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { Database } from "./database.ts"
import { StorageError, storageError } from "./storage-error.ts"

/** Who writes to a state directory. `started` is the process's own start, in the system's ticks where it has them. */
export type Holder = {
	readonly pid: number
	readonly host: string
	readonly started: string
	readonly since: string
	readonly what: string
}

export type Lock = { readonly release: () => void }

/**
 * One writer per state directory. The lock is the kernel's, on `lock.db`: it ends with the process that holds it,
 * however that ends, so there is none to break by hand. The file `lock` only names the holder, for people.
 */
export function acquireLock(directory: string, what: string, waitMs: number): Lock {
	const database = new Database(join(directory, "lock.db"), { synchronous: "OFF", rollbackJournal: true })
	try {
		database.exec(`PRAGMA busy_timeout = ${Math.floor(waitMs)}`)
		database.exec("BEGIN IMMEDIATE")
		writeFileSync(join(directory, "lock"), `${JSON.stringify(ourselves(what))}\n`)
	} catch (failure) {
		database.close()
		const error = storageError(failure, `lock ${directory}`)
		throw error.code === "Busy" ? lockedBy(directory, error) : error
	}
	const release = () => {
		rmSync(join(directory, "lock"), { force: true })
		database.close()
	}
	return { release }
}

/** The process that writes to the directory now; undefined where none does. */
export function holderOf(directory: string): Holder | undefined {
	try {
		const holder = JSON.parse(readFileSync(join(directory, "lock"), "utf8")) as Holder
		return isGone(holder) ? undefined : holder
	} catch {
		return undefined
	}
}

function lockedBy(directory: string, cause: StorageError): StorageError {
	const holder = holderOf(directory)
	const who = holder
		? `process ${holder.pid} on ${holder.host} (${holder.what}, since ${holder.since})`
		: "another process"
	const next =
		"stop that process first, or give this one a directory of its own with --state DIR; reading needs no lock"
	return new StorageError("Locked", `Cannot write to ${directory}: ${who} holds it`, next, cause)
}

function ourselves(what: string): Holder {
	const since = new Date().toISOString()
	return { pid: process.pid, host: hostname(), started: startOf(process.pid), since, what }
}

// A killed process leaves its name behind, and its number may belong to another one by now.
function isGone(holder: Holder): boolean {
	if (holder.host !== hostname()) return false
	try {
		process.kill(holder.pid, 0)
	} catch (failure) {
		return (failure as { code?: string }).code === "ESRCH"
	}
	return holder.started !== startOf(holder.pid)
}

/** The start of a process in ticks since boot; empty where the system does not say. */
function startOf(pid: number): string {
	try {
		const line = readFileSync(`/proc/${pid}/stat`, "utf8")
		return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? ""
	} catch {
		return ""
	}
}
