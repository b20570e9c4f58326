import type { Instant } from "../base/index.ts"
import type { Snapshot } from "../engine/index.ts"
import { baseOf, type Head } from "./chain.ts"
import type { Database } from "./database.ts"

/** What is about to go: entries up to `last`, `count` of them. */
export type Prunable = { readonly last: Head; readonly count: number }

/** The entries before the moment: those that stand before the first one at or after it. Undefined where none is. */
export function prunableBefore(ledger: Database, before: Instant): Prunable | undefined {
	const base = baseOf(ledger)
	const first = ledger.get<{ number: number | null }>("SELECT min(number) AS number FROM entries WHERE at >= ?", before)
	const where = first?.number == null ? "" : `WHERE number < ${first.number}`
	const last = ledger.get<Head>(`SELECT number, hash FROM entries ${where} ORDER BY number DESC LIMIT 1`)
	return last === undefined ? undefined : { last, count: last.number - base.number }
}

/**
 * Removes the entries, and the inputs that `origin`, the state just before the moment, makes needless. Of each
 * DaemonSet the rollout that ran then stays in the lists. Inside the caller's transaction.
 */
export function pruneTo(ledger: Database, { last }: Prunable, before: Instant, origin: Snapshot | undefined): void {
	ledger.run("DELETE FROM entries WHERE number <= ?", last.number)
	ledger.run("DELETE FROM requests WHERE entry <= ?", last.number)
	ledger.run(
		`DELETE FROM rollouts WHERE entry <= ? AND json_extract(row, '$.endedAt') < ? AND (
			json_extract(row, '$.removedAt') < ?
			OR number NOT IN (SELECT max(number) FROM rollouts WHERE entry <= ? GROUP BY daemon_set))`,
		last.number,
		before,
		before,
		last.number,
	)
	ledger.run(
		`DELETE FROM revisions WHERE entry <= ? AND (
			daemon_set NOT IN (SELECT daemon_set FROM rollouts)
			OR entry NOT IN (SELECT max(entry) FROM revisions WHERE entry <= ? AND origin = 'rolled-out' GROUP BY daemon_set))`,
		last.number,
		last.number,
	)
	ledger.run(
		"DELETE FROM commits WHERE entry <= ? AND sha NOT IN (SELECT sha FROM rollouts WHERE sha IS NOT NULL)",
		last.number,
	)
	ledger.run("DELETE FROM steps WHERE entry <= ? AND rollout NOT IN (SELECT number FROM rollouts)", last.number)
	ledger.run(
		`DELETE FROM step_blocks WHERE hash NOT IN (SELECT block FROM steps) AND hash NOT IN (
			SELECT json_extract(text, '$.steps.hash') FROM entries WHERE kind IN ('rollout-ended', 'rollout-tail'))`,
	)
	if (origin !== undefined) pruneInputs(ledger, origin)
}

function pruneInputs(ledger: Database, { mark, cluster, rest }: Snapshot): void {
	ledger.run(
		"INSERT OR REPLACE INTO origin (id, at, sequence, digest, cluster, rest, journal) VALUES (1, ?, ?, ?, ?, ?, ?)",
		mark.at,
		mark.sequence,
		mark.digest,
		cluster,
		rest,
		mark.journal,
	)
	ledger.run("DELETE FROM journal WHERE number <= ?", mark.journal)
	ledger.run("DELETE FROM marks WHERE at < ? AND number < (SELECT max(number) FROM marks)", mark.at)
	// Objects stand in the inputs' writes by their hash.
	ledger.exec(
		`DELETE FROM documents WHERE hash NOT IN (
			SELECT json_extract(value, '$.object') FROM journal, json_each(input, '$.writes')
				WHERE json_extract(value, '$.object') IS NOT NULL
			UNION SELECT json_extract(value, '$.before') FROM journal, json_each(input, '$.writes')
				WHERE json_extract(value, '$.before') IS NOT NULL)`,
	)
}

/** Snapshots that need inputs which are gone. */
export function dropBefore(snapshots: Database, journal: number): void {
	snapshots.transaction(() => {
		snapshots.run("DELETE FROM chunks WHERE snapshot IN (SELECT id FROM snapshots WHERE journal < ?)", journal)
		snapshots.run("DELETE FROM snapshots WHERE journal < ?", journal)
	})
	snapshots.exec("VACUUM")
}
