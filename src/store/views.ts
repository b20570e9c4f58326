import type { LedgerEntry } from "../history/index.ts"
import type { Database } from "./database.ts"

type Entry<Kind extends LedgerEntry["kind"]> = Extract<LedgerEntry, { kind: Kind }>

/** Puts what the entry says into the rows that lists are read from. Same transaction as the entry itself. */
export function deriveRows(database: Database, number: number, entry: LedgerEntry): void {
	if (entry.kind === "commit") deriveCommit(database, number, entry)
	else if (entry.kind === "revision") deriveRevision(database, number, entry)
	else if (entry.kind === "rollout-started") deriveStart(database, number, entry)
	else if (entry.kind === "rollout-ended") deriveEnd(database, number, entry)
	else if (entry.kind === "rollout-tail") deriveSteps(database, number, entry)
}

function deriveCommit(database: Database, number: number, entry: Entry<"commit">): void {
	const { commit } = entry
	database.run(
		`INSERT INTO commits (entry, sha, author, email, subject, committed, at, verdict, reason, changes, refused, findings)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		number,
		commit.commit,
		commit.author.name,
		commit.author.email,
		commit.subject,
		commit.committedAt,
		entry.at,
		entry.verdict,
		entry.reason ?? null,
		entry.changes.length,
		entry.refused.length,
		entry.findings.length,
	)
}

function deriveRevision(database: Database, number: number, entry: Entry<"revision">): void {
	database.run(
		`INSERT INTO revisions (entry, daemon_set, revision, hash, sha, origin, at, change_cause, images)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		number,
		entry.daemonSet,
		entry.revision,
		entry.hash,
		entry.commit ?? null,
		entry.origin,
		entry.at,
		entry.changeCause ?? null,
		JSON.stringify(entry.images),
	)
}

function deriveStart(database: Database, number: number, entry: Entry<"rollout-started">): void {
	const { from, to, trigger } = entry
	database.run(
		`INSERT INTO rollouts (number, daemon_set, trigger, sha, from_revision, from_hash, from_images, to_revision, to_hash,
			to_images, change_cause, started, started_entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		entry.rollout,
		entry.daemonSet,
		JSON.stringify(trigger),
		trigger.kind === "commit" ? trigger.commit : null,
		from?.revision ?? null,
		from?.hash ?? null,
		from ? JSON.stringify(from.images) : null,
		to.revision,
		to.hash,
		JSON.stringify(to.images),
		to.changeCause ?? null,
		entry.at,
		number,
	)
}

// A rollout that was stuck may end again: the newest word counts.
function deriveEnd(database: Database, number: number, entry: Entry<"rollout-ended">): void {
	database.run(
		`UPDATE rollouts SET ended = ?, ended_entry = ?, verdict = ?, reason = ?, desired = ?, updated = ?, available = ?,
			most_unavailable = ?, causes = ? WHERE number = ?`,
		entry.at,
		number,
		entry.verdict,
		entry.reason ?? null,
		entry.nodes.desired,
		entry.nodes.updated,
		entry.nodes.available,
		entry.nodes.mostUnavailable,
		JSON.stringify(entry.causes),
		entry.rollout,
	)
	deriveSteps(database, number, entry)
}

function deriveSteps(database: Database, number: number, entry: Entry<"rollout-ended" | "rollout-tail">): void {
	database.run(
		"INSERT INTO steps (rollout, entry, nodes, block) VALUES (?, ?, ?, ?)",
		entry.rollout,
		number,
		entry.steps.nodes,
		entry.steps.hash,
	)
}
