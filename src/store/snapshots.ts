import { type Instant, sha256 } from "../base/index.ts"
import type { Mark, Snapshot } from "../engine/index.ts"
import type { Database } from "./database.ts"
import { StorageError } from "./storage-error.ts"

type Row = Mark & { readonly id: number; readonly bytes: number; readonly hash: string; readonly rest: string }

const CHUNK_BYTES = 4 << 20
/** The newest stay; of older ones so many for each doubling of their age. */
type Keep = { readonly newest: number; readonly perDoubling: number }
const SNAPSHOTS_KEPT: Keep = { newest: 3, perDoubling: 1 }
/** Marks are small, and each is a place where a replay can be held against what was recorded. */
const MARKS_KEPT: Keep = { newest: 64, perDoubling: 16 }

/** Whole or not at all: one transaction. Older ones are thinned in the same one. */
export function saveSnapshot(database: Database, snapshot: Snapshot): void {
	const { mark, cluster, rest } = snapshot
	database.transaction(() => {
		const id = (database.get<{ id: number }>("SELECT max(id) AS id FROM snapshots")?.id ?? 0) + 1
		for (let number = 0; number * CHUNK_BYTES < cluster.length; number++) {
			const chunk = cluster.slice(number * CHUNK_BYTES, (number + 1) * CHUNK_BYTES)
			database.run("INSERT INTO chunks (snapshot, number, body) VALUES (?, ?, ?)", id, number, chunk)
		}
		database.run(
			`INSERT INTO snapshots (id, at, sequence, digest, journal, bytes, hash, rest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			id,
			mark.at,
			mark.sequence,
			mark.digest,
			mark.journal,
			cluster.length,
			sha256(cluster),
			rest,
		)
		const kept = database.all<{ id: number; at: Instant }>("SELECT id, at FROM snapshots ORDER BY id DESC")
		for (const gone of thinned(kept, mark.at)) {
			database.run("DELETE FROM chunks WHERE snapshot = ?", gone)
			database.run("DELETE FROM snapshots WHERE id = ?", gone)
		}
	})
}

/** Without it they would grow with every batch, for good. */
export function thinMarks(ledger: Database, now: Instant): void {
	const marks = ledger.all<{ id: number; at: Instant }>("SELECT number AS id, at FROM marks ORDER BY number DESC")
	const gone = thinned(marks, now, MARKS_KEPT)
	if (gone.length === 0) return
	ledger.transaction(() => {
		for (const number of gone) ledger.run("DELETE FROM marks WHERE number = ?", number)
	})
}

/**
 * The state before the first input is kept in the ledger itself: with the inputs it leads to every other, should all
 * snapshots be lost. Until something is recorded a new beginning takes its place.
 */
export function saveOrigin(ledger: Database, { mark, cluster, rest }: Snapshot): void {
	const begun = ledger.get("SELECT 1 FROM marks LIMIT 1") !== undefined
	if (begun) return
	ledger.run(
		"INSERT OR REPLACE INTO origin (id, at, sequence, digest, cluster, rest) VALUES (1, ?, ?, ?, ?, ?)",
		mark.at,
		mark.sequence,
		mark.digest,
		cluster,
		rest,
	)
}

export function loadOrigin(ledger: Database, at: Instant): Snapshot | undefined {
	const row = ledger.get<Mark & { cluster: ArrayBuffer; rest: string }>("SELECT * FROM origin")
	if (row === undefined || row.at > at) return undefined
	const mark = { at: row.at, sequence: row.sequence, digest: row.digest, journal: row.journal }
	return { mark, cluster: new Uint8Array(row.cluster), rest: row.rest }
}

/** How many inputs are no longer kept. */
export function prunedInputs(ledger: Database): number {
	return ledger.get<{ journal: number }>("SELECT journal FROM origin")?.journal ?? 0
}

/** The sound ones between `oldest` and what the ledger has reached, at or before `at`, newest first. */
export function* soundSnapshots(database: Database, oldest: number, newest: Mark, at: Instant): Iterable<Snapshot> {
	const ids = database.all<{ id: number }>(
		"SELECT id FROM snapshots WHERE at <= ? AND sequence <= ? AND journal BETWEEN ? AND ? ORDER BY id DESC",
		at,
		newest.sequence,
		oldest,
		newest.journal,
	)
	for (const { id } of ids) {
		const snapshot = soundSnapshot(database, id)
		if (snapshot) yield snapshot
	}
}

/**
 * Forgets what the ledger has not reached: a start that was killed before its first batch, or a future that never came
 * to be. From here on cluster time goes another way, and would pass them by.
 */
export function dropUnreached(database: Database, newest: Mark | undefined): void {
	const { at, sequence, journal } = newest ?? { at: 0, sequence: -1, journal: -1 }
	database.transaction(() => {
		const unreached = "SELECT id FROM snapshots WHERE at > ? OR sequence > ? OR journal > ?"
		database.run(`DELETE FROM chunks WHERE snapshot IN (${unreached})`, at, sequence, journal)
		database.run(`DELETE FROM snapshots WHERE id IN (${unreached})`, at, sequence, journal)
	})
}

/** Which of them, newest first, may go. */
export function thinned(
	snapshots: readonly { readonly id: number; readonly at: Instant }[],
	now: Instant,
	{ newest, perDoubling }: Keep = SNAPSHOTS_KEPT,
): readonly number[] {
	const gone: number[] = []
	// From the oldest on: of each span of ages the oldest stays, and ages on into the next.
	let span = Number.NaN
	for (const { id, at } of snapshots.slice(newest).reverse()) {
		const own = Math.floor(Math.log2(Math.max(1, now - at)) * perDoubling)
		if (own === span) gone.push(id)
		span = own
	}
	return gone
}

// A damaged page: an older snapshot and more inputs lead to the same cluster.
function soundSnapshot(database: Database, id: number): Snapshot | undefined {
	try {
		const row = database.get<Row>("SELECT * FROM snapshots WHERE id = ?", id)
		const cluster = row && clusterOf(database, row)
		if (row === undefined || cluster === undefined) return undefined
		const { at, sequence, digest, journal, rest } = row
		return { mark: { at, sequence, digest, journal }, cluster, rest }
	} catch (failure) {
		if (failure instanceof StorageError && failure.code === "Damaged") return undefined
		throw failure
	}
}

/** The chunks put together; undefined where one is missing or was changed. */
function clusterOf(database: Database, row: Row): Uint8Array | undefined {
	const cluster = new Uint8Array(row.bytes)
	let filled = 0
	for (let number = 0; filled < row.bytes; number++) {
		const sql = "SELECT body FROM chunks WHERE snapshot = ? AND number = ?"
		const chunk = database.get<{ body: ArrayBuffer }>(sql, row.id, number)?.body
		if (chunk === undefined || filled + chunk.byteLength > row.bytes) return undefined
		cluster.set(new Uint8Array(chunk), filled)
		filled += chunk.byteLength
	}
	return sha256(cluster) === row.hash ? cluster : undefined
}
