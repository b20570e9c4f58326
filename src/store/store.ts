import { dirname } from "node:path"
import { type Instant, invariant } from "../base/index.ts"
import type { Batch, JournalRow, Mark, PlacedInput, Snapshot, Store } from "../engine/index.ts"
import { canonicalEntry, type LedgerEntry, type RolloutRow } from "../history/index.ts"
import { chainHash, type Head, headOf } from "./chain.ts"
import type { Database } from "./database.ts"
import { Documents } from "./documents.ts"
import { exportLedger } from "./export.ts"
import { importLedger } from "./import.ts"
import { LedgerReader } from "./ledger-reader.ts"
import { dropBefore, type Prunable, prunableBefore, pruneTo } from "./prune.ts"
import { loadOrigin, prunedInputs, saveOrigin, saveSnapshot, soundSnapshots, thinMarks } from "./snapshots.ts"
import { StorageError } from "./storage-error.ts"
import { type Verification, verifyChain } from "./verify.ts"
import { deriveRows } from "./views.ts"

const PAGE = 256

/** The engine's port over the two databases. Every method that writes is one transaction, durable when it returns. */
export class StateDirectory implements Store {
	readonly #ledger: Database
	readonly #snapshots: Database | undefined
	readonly #documents: Documents
	/** The lists and details that commands show. */
	readonly ledger: LedgerReader
	readonly #release: () => void
	/** Of the newest mark's row: a batch that recorded nothing moves that row instead of adding one. */
	#markRow: { readonly number: number; readonly entry: number; readonly journal: number } | undefined

	constructor(ledger: Database, snapshots: Database | undefined, release: () => void) {
		this.#ledger = ledger
		this.#snapshots = snapshots
		this.#documents = new Documents(ledger)
		this.ledger = new LedgerReader(ledger)
		this.#release = release
		this.#markRow = ledger.get("SELECT number, entry, journal FROM marks ORDER BY number DESC LIMIT 1")
	}

	commit(batch: Batch): void {
		const markRow = this.#ledger.transaction(() => {
			this.#journal(batch.inputs)
			for (const [hash, body] of batch.steps) {
				this.#ledger.run("INSERT OR IGNORE INTO step_blocks (hash, body) VALUES (?, ?)", hash, body)
			}
			const head = this.#chain(batch.entries, batch.wall)
			if (batch.rest !== undefined) this.#ledger.run("INSERT OR REPLACE INTO state VALUES ('rest', ?)", batch.rest)
			return this.#putMark(batch.mark, head.number)
		})
		this.#markRow = markRow
	}

	saveSnapshot(snapshot: Snapshot): void {
		invariant(this.#snapshots, "a reader saves no snapshot")
		if (snapshot.mark.journal === 0) saveOrigin(this.#ledger, snapshot)
		saveSnapshot(this.#snapshots, snapshot)
		thinMarks(this.#ledger, snapshot.mark.at)
	}

	*snapshots(at?: Instant): Iterable<Snapshot> {
		const newest = this.mark()
		if (newest === undefined) return
		const latest = at ?? newest.at
		// A kill while pruning may have left older ones behind.
		if (this.#snapshots) yield* soundSnapshots(this.#snapshots, prunedInputs(this.#ledger), newest, latest)
		const origin = loadOrigin(this.#ledger, latest)
		if (origin !== undefined) yield origin
	}

	openRollouts(): readonly RolloutRow[] {
		return this.ledger.rollouts().filter(({ verdict }) => verdict === undefined || verdict === "stuck")
	}

	mark(at?: Instant): Mark | undefined {
		return newestMark(this.#ledger, at)
	}

	*inputs(after: number): Iterable<JournalRow> {
		let last = after
		for (;;) {
			const rows = this.#ledger.all<Omit<JournalRow, "input"> & { input: string }>(
				"SELECT number, at, after, wall, input FROM journal WHERE number > ? ORDER BY number LIMIT ?",
				last,
				PAGE,
			)
			for (const row of rows) yield { ...row, input: this.#documents.decode(row.input) }
			if (rows.length < PAGE) return
			last = rows.at(-1)?.number ?? last
		}
	}

	answer(request: string): ReturnType<Store["answer"]> {
		return this.ledger.answer(request)?.entry
	}

	rest(): string | undefined {
		return this.#ledger.get<{ body: string }>("SELECT body FROM state WHERE name = 'rest'")?.body
	}

	/** The newest entry's number and hash: noted elsewhere, it proves later that nothing was cut off. */
	head(): Head {
		return headOf(this.#ledger)
	}

	/** Walks the whole chain; see `verifyChain`. */
	verify(expectedHead?: string): Verification {
		return this.#ledger.reading(() => verifyChain(this.#ledger, expectedHead))
	}

	/** What `prune` would remove; undefined where there is nothing. */
	prunable(before: Instant): Prunable | undefined {
		return prunableBefore(this.#ledger, before)
	}

	/**
	 * Removes what was recorded before a moment, for good: entries, and the inputs that `origin`, the state just before
	 * it, makes needless. The row that `describe` makes of what goes is recorded with it. Undefined where there is nothing.
	 */
	prune(
		before: Instant,
		origin: Snapshot | undefined,
		wall: Instant,
		describe: (gone: Prunable) => LedgerEntry,
	): Prunable | undefined {
		const gone = prunableBefore(this.#ledger, before)
		if (gone === undefined) return undefined
		this.#ledger.transaction(() => {
			const { number, hash } = gone.last
			this.#ledger.run("INSERT INTO checkpoints (entry, hash, wall) VALUES (?, ?, ?)", number, hash, wall)
			this.#chain([describe(gone)], wall)
			pruneTo(this.#ledger, gone, before, origin)
		})
		if (this.#snapshots !== undefined && origin !== undefined) dropBefore(this.#snapshots, origin.mark.journal)
		this.#ledger.exec("VACUUM")
		return gone
	}

	/** Takes in an export, whole or not at all, where nothing is recorded yet; see `importLedger`. */
	import(lines: Iterable<string>, expectedHead?: string): Head {
		if (this.mark() !== undefined || this.head().number > 0) {
			const message = `Cannot import into ${dirname(this.#ledger.path)}: it holds a history already`
			throw new StorageError("Refused", message, "name an empty directory with --state DIR")
		}
		return this.#ledger.transaction(() => {
			importLedger(this.#ledger, lines)
			const found = verifyChain(this.#ledger, expectedHead)
			if (found.sound) return found.head
			const message = `Cannot import the ledger: entry ${found.number} ${found.problem}`
			throw new StorageError("Refused", message, "nothing was imported")
		})
	}

	/** Up to which entry commits have been told of by notes. */
	notedTo(): number {
		return Number(this.#ledger.get<{ body: string }>("SELECT body FROM state WHERE name = 'notes'")?.body ?? 0)
	}

	noteTo(entry: number): void {
		this.#ledger.run("INSERT OR REPLACE INTO state VALUES ('notes', ?)", `${entry}`)
	}

	/** Commits that entries above `after`, up to `to`, say something of, in order of their ids. */
	commitsOf(after: number, to: number): readonly string[] {
		const rows = this.#ledger.all<{ sha: string }>(
			`SELECT sha FROM commits WHERE entry > ? AND entry <= ?
			UNION SELECT sha FROM entries JOIN rollouts ON rollouts.number = json_extract(text, '$.rollout')
				WHERE entries.number > ? AND entries.number <= ? AND kind IN ('rollout-started', 'rollout-ended')
				AND sha IS NOT NULL
			ORDER BY sha`,
			after,
			to,
			after,
			to,
		)
		return rows.map(({ sha }) => sha)
	}

	/** Where a ledger without a cluster goes on: the time of its newest entry. Undefined where there is none. */
	lastAt(): Instant | undefined {
		return this.#ledger.get<{ at: number }>("SELECT at FROM entries ORDER BY number DESC LIMIT 1")?.at
	}

	/** The number above those of all rollouts on record. */
	nextRollout(): number {
		return (this.#ledger.get<{ number: number | null }>("SELECT max(number) AS number FROM rollouts")?.number ?? 0) + 1
	}

	/** The whole ledger as lines of canonical JSON, without line ends; see `exportLedger`. */
	export(): Iterable<string> {
		return exportLedger(this.#ledger)
	}

	close(): void {
		this.#ledger.close()
		this.#snapshots?.close()
		this.#release()
	}

	#journal(inputs: readonly PlacedInput[]): void {
		let number = this.#ledger.get<{ number: number | null }>("SELECT max(number) AS number FROM journal")?.number ?? 0
		for (const { at, after, wall, input } of inputs) {
			this.#ledger.run(
				"INSERT INTO journal (number, at, after, wall, input) VALUES (?, ?, ?, ?, ?)",
				++number,
				at,
				after,
				wall,
				this.#documents.encode(input),
			)
		}
	}

	#chain(entries: readonly LedgerEntry[], wall: Instant): Head {
		let head = headOf(this.#ledger)
		for (const entry of entries) {
			const text = canonicalEntry(entry)
			const number = head.number + 1
			const hash = chainHash(head.hash, number, text)
			this.#ledger.run(
				"INSERT INTO entries (number, kind, at, wall, text, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
				number,
				entry.kind,
				entry.at,
				wall,
				text,
				head.hash,
				hash,
			)
			deriveRows(this.#ledger, { number, wall }, entry)
			head = { number, hash }
		}
		return head
	}

	#putMark(mark: Mark, entry: number): { number: number; entry: number; journal: number } {
		const last = this.#markRow
		const quiet = last !== undefined && last.entry === entry && last.journal === mark.journal
		const number = (last?.number ?? 0) + (quiet ? 0 : 1)
		this.#ledger.run(
			"INSERT OR REPLACE INTO marks (number, at, sequence, digest, journal, entry) VALUES (?, ?, ?, ?, ?, ?)",
			number,
			mark.at,
			mark.sequence,
			mark.digest,
			mark.journal,
			entry,
		)
		return { number, entry, journal: mark.journal }
	}
}

export function newestMark(ledger: Database, at: Instant = Number.MAX_SAFE_INTEGER): Mark | undefined {
	const sql = "SELECT at, sequence, digest, journal FROM marks WHERE at <= ? ORDER BY number DESC LIMIT 1"
	return ledger.get<Mark>(sql, at)
}
