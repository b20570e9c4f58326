import { type Database, nothingThere } from "./database.ts"
import { StorageError } from "./storage-error.ts"

/** One step forward; its place in the list is the version that it leads from. Released steps never change. */
export type Migration = string

/** Tells a Rollcall ledger from any other SQLite file: "Roll". */
const APPLICATION_ID = 0x526f6c6c

/**
 * `entries` is the ledger and `journal` the inputs: both append-only. `rollouts`, `commits` and `revisions` hold what
 * lists show, as JSON, derived from entries in the same transaction; `entry` names the one that began the row. `requests`
 * finds the entry that answers one. `origin` is the snapshot before the first input that is kept, `checkpoints` name the
 * last entries that were pruned.
 */
export const LEDGER: readonly Migration[] = [
	`
	CREATE TABLE documents (hash TEXT PRIMARY KEY, body TEXT NOT NULL);
	CREATE TABLE journal (
		number INTEGER PRIMARY KEY, at INTEGER NOT NULL, after INTEGER NOT NULL, wall INTEGER NOT NULL, input TEXT NOT NULL
	);
	CREATE TABLE entries (
		number INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, wall INTEGER NOT NULL, text TEXT NOT NULL,
		previous TEXT NOT NULL, hash TEXT NOT NULL
	);
	CREATE TABLE step_blocks (hash TEXT PRIMARY KEY, body BLOB NOT NULL);
	CREATE TABLE steps (
		rollout INTEGER NOT NULL, entry INTEGER NOT NULL, nodes INTEGER NOT NULL, block TEXT NOT NULL,
		PRIMARY KEY (rollout, entry)
	) WITHOUT ROWID;
	CREATE TABLE marks (
		number INTEGER PRIMARY KEY, at INTEGER NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL,
		journal INTEGER NOT NULL, entry INTEGER NOT NULL
	);
	CREATE INDEX marks_at ON marks (at);
	CREATE TABLE state (name TEXT PRIMARY KEY, body TEXT NOT NULL);
	CREATE TABLE commits (entry INTEGER PRIMARY KEY, sha TEXT NOT NULL, verdict TEXT NOT NULL, row TEXT NOT NULL);
	CREATE INDEX commits_sha ON commits (sha, entry);
	CREATE TABLE revisions (
		entry INTEGER PRIMARY KEY, daemon_set TEXT NOT NULL, origin TEXT NOT NULL, row TEXT NOT NULL
	);
	CREATE INDEX revisions_daemon_set ON revisions (daemon_set, entry);
	CREATE INDEX revisions_seen ON revisions (entry) WHERE origin = 'seen-in-git';
	CREATE TABLE rollouts (
		number INTEGER PRIMARY KEY, daemon_set TEXT NOT NULL, sha TEXT, verdict TEXT, entry INTEGER NOT NULL,
		row TEXT NOT NULL
	);
	CREATE INDEX rollouts_daemon_set ON rollouts (daemon_set, number);
	CREATE INDEX rollouts_sha ON rollouts (sha);
	CREATE TABLE origin (
		id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL,
		cluster BLOB NOT NULL, rest TEXT NOT NULL
	);
	CREATE TABLE checkpoints (
		entry INTEGER PRIMARY KEY, hash TEXT NOT NULL, wall INTEGER NOT NULL
	);
	`,
	`
	CREATE TABLE requests (id TEXT PRIMARY KEY, entry INTEGER NOT NULL);
	CREATE INDEX entries_decided ON entries (number) WHERE kind IN ('decision', 'write', 'drift');
	ALTER TABLE origin ADD COLUMN journal INTEGER NOT NULL DEFAULT 0;
	`,
	`
	CREATE INDEX entries_forecast ON entries (number) WHERE kind = 'forecast';
	`,
]

/** Chunks of a snapshot stand beside it; `bytes` and `hash` tell whether all of them are there. */
export const SNAPSHOTS: readonly Migration[] = [
	`
	CREATE TABLE snapshots (
		id INTEGER PRIMARY KEY, at INTEGER NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL,
		journal INTEGER NOT NULL, bytes INTEGER NOT NULL, hash TEXT NOT NULL, rest TEXT NOT NULL
	);
	CREATE TABLE chunks (
		snapshot INTEGER NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (snapshot, number)
	);
	`,
]

/** Brings a database to the newest version, step by step, each whole or not at all. Writers only. */
export function migrate(database: Database, steps: readonly Migration[]): void {
	const version = versionOf(database, steps.length)
	for (let step = version; step < steps.length; step++) {
		database.transaction(() => {
			database.exec(steps[step] ?? "")
			database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
			database.exec(`PRAGMA user_version = ${step + 1}`)
		})
	}
}

/** Refuses what this version of Rollcall cannot read; readers do not migrate. */
export function requireVersion(database: Database, newest: number): void {
	const version = versionOf(database, newest)
	if (version === newest) return
	if (version === 0) throw nothingThere(database.path)
	const message = `Cannot read ${database.path}: it is of schema version ${version}, this Rollcall reads ${newest}`
	throw new StorageError("OlderVersion", message, "start `rollcall run` on it once: it brings the directory up to date")
}

/** 0 for a file without tables; throws for one that is not ours, or is newer than we know. */
function versionOf(database: Database, newest: number): number {
	const version = database.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0
	const id = database.get<{ application_id: number }>("PRAGMA application_id")?.application_id ?? 0
	const tables = database.get<{ n: number }>("SELECT count(*) AS n FROM sqlite_schema")?.n ?? 0
	if (id !== APPLICATION_ID && (tables > 0 || version > 0)) {
		const message = `Cannot use ${database.path}: it is a database of another program`
		throw new StorageError("NotRollcall", message, "name another directory with --state DIR")
	}
	if (version <= newest) return version
	const message = `Cannot use ${database.path}: it is of schema version ${version}, this Rollcall knows up to ${newest}`
	throw new StorageError("NewerVersion", message, "use the newer Rollcall that wrote it; nothing was changed")
}
