/** Stable: people script by it. */
export type StorageCode =
	| "Locked"
	| "Busy"
	| "DiskFull"
	| "ReadOnly"
	| "Damaged"
	| "NewerVersion"
	| "OlderVersion"
	| "NotRollcall"
	| "Missing"
	| "Refused"
	| "Failed"

/** The state directory failed us. `next` says what to do; nothing acknowledged before is lost. */
export class StorageError extends Error {
	override readonly name = "StorageError"
	readonly code: StorageCode
	readonly next: string

	constructor(code: StorageCode, message: string, next: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause })
		this.code = code
		this.next = next
	}
}

type Rule = { readonly pattern: RegExp; readonly code: StorageCode; readonly says: string; readonly next: string }

// Matched against SQLite's code and message: libsql names some codes only by number.
const RULES: readonly Rule[] = [
	{
		pattern: /SQLITE_FULL|ENOSPC|EDQUOT|EFBIG/,
		code: "DiskFull",
		says: "the disk is full",
		next: "free some space on that disk and start again; nothing recorded is lost",
	},
	{
		pattern: /SQLITE_CORRUPT|SQLITE_NOTADB|malformed|not a database/,
		code: "Damaged",
		says: "the file is damaged",
		next: "keep a copy of the state directory; restore the file from a backup, or import an export into an empty directory",
	},
	{
		pattern: /SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|ERROR_1544|readonly database|EACCES|EROFS|EPERM|: (8|14)"/,
		code: "ReadOnly",
		says: "it cannot be written",
		next: "make the directory writable for this user, or give another one with --state DIR",
	},
	{
		pattern: /SQLITE_BUSY|SQLITE_LOCKED/,
		code: "Busy",
		says: "another process holds it",
		next: "try again when the other process is done",
	},
]

/** Any failure of the disk or the database as a StorageError; one that is one already stays itself. */
export function storageError(failure: unknown, doing: string): StorageError {
	if (failure instanceof StorageError) return failure
	const code = String((failure as { code?: unknown }).code ?? "")
	const message = failure instanceof Error ? failure.message : String(failure)
	const rule = RULES.find((each) => each.pattern.test(`${code} ${message}`))
	if (rule) return new StorageError(rule.code, `Cannot ${doing}: ${rule.says} (${message})`, rule.next, failure)
	return new StorageError("Failed", `Cannot ${doing}: ${message}`, "start again; nothing recorded is lost", failure)
}
