import type { Instant } from "../base/index.ts"
import type { CommitLine, CommitRow, LedgerEntry, RevisionRow, RolloutRow } from "../history/index.ts"
import type { Database } from "./database.ts"

type Entry<Kind extends LedgerEntry["kind"]> = Extract<LedgerEntry, { kind: Kind }>
type Place = { readonly number: number; readonly wall: Instant }

/** Puts what the entry says into the rows that lists are read from. Same transaction as the entry itself. */
export function deriveRows(database: Database, place: Place, entry: LedgerEntry): void {
	if (entry.kind === "commit") deriveCommit(database, place, entry)
	else if (entry.kind === "revision") deriveRevision(database, place, entry)
	else if (entry.kind === "rollout-started") deriveStart(database, place, entry)
	else if (entry.kind === "rollout-ended") deriveEnd(database, place, entry)
	else if (entry.kind === "rollout-tail") deriveTail(database, place, entry)
	else if (entry.kind === "decision" && entry.request !== undefined) deriveAnswer(database, place.number, entry.request)
}

function deriveCommit(database: Database, { number, wall }: Place, entry: Entry<"commit">): void {
	const { commit, verdict, reason, at } = entry
	const row: CommitRow = {
		commit: commit.commit,
		author: commit.author.name,
		subject: commit.subject,
		...(commit.signature && { signature: commit.signature.state }),
		committedAt: commit.committedAt,
		at,
		wall,
		verdict,
		...(reason !== undefined && { reason }),
		changes: entry.changes.length,
		refused: entry.refused.length,
		findings: entry.findings.length,
	}
	const values = [number, commit.commit, verdict, JSON.stringify(row)]
	database.run("INSERT INTO commits (entry, sha, verdict, row) VALUES (?, ?, ?, ?)", ...values)
}

function deriveAnswer(database: Database, entry: number, request: string): void {
	database.run("INSERT OR IGNORE INTO requests (id, entry) VALUES (?, ?)", request, entry)
}

function deriveRevision(database: Database, { number }: Place, entry: Entry<"revision">): void {
	const { kind: _, at, daemonSet, origin, by, ...revision } = entry
	const { commit: sha } = entry
	const commit = by && sha ? { commit: sha, author: by.author, subject: by.subject } : commitLine(database, sha)
	const seen = by && { committedAt: by.committedAt }
	const row: RevisionRow = { daemonSet, revision, origin, ...(commit && { commit }), ...seen, at }
	const values = [number, daemonSet, origin, JSON.stringify(row)]
	database.run("INSERT INTO revisions (entry, daemon_set, origin, row) VALUES (?, ?, ?, ?)", ...values)
}

function deriveStart(database: Database, { number, wall }: Place, entry: Entry<"rollout-started">): void {
	const { rollout, daemonSet, trigger, from, to, at } = entry
	const sha = trigger.kind === "commit" ? trigger.commit : undefined
	const commit = commitLine(database, sha)
	const row: RolloutRow = {
		rollout,
		daemonSet,
		trigger,
		...(commit && { commit }),
		...(from && { from }),
		to,
		startedAt: at,
		startedWall: wall,
		causes: [],
	}
	const values = [rollout, daemonSet, sha ?? null, number, JSON.stringify(row)]
	database.run("INSERT INTO rollouts (number, daemon_set, sha, entry, row) VALUES (?, ?, ?, ?, ?)", ...values)
}

// A rollout that was stuck may end again: the newest word counts, and that it was stuck is kept.
function deriveEnd(database: Database, { number, wall }: Place, entry: Entry<"rollout-ended">): void {
	const { rollout, verdict, reason, nodes, causes, at } = entry
	changeRow(database, rollout, ({ reason: _, ...row }) => ({
		...row,
		endedAt: at,
		endedWall: wall,
		verdict,
		...(verdict === "stuck" && { stuckAt: at }),
		...(verdict === "removed" && { removedAt: at }),
		...(reason !== undefined && { reason }),
		nodes,
		causes,
	}))
	addSteps(database, number, entry)
}

function deriveTail(database: Database, { number }: Place, entry: Entry<"rollout-tail">): void {
	if (entry.removed) changeRow(database, entry.rollout, (row) => ({ ...row, removedAt: entry.at }))
	addSteps(database, number, entry)
}

function changeRow(database: Database, rollout: number, change: (row: RolloutRow) => RolloutRow): void {
	const found = database.get<{ row: string }>("SELECT row FROM rollouts WHERE number = ?", rollout)
	if (found === undefined) return
	const row = change(JSON.parse(found.row) as RolloutRow)
	const values = [row.verdict ?? null, JSON.stringify(row), rollout]
	database.run("UPDATE rollouts SET verdict = ?, row = ? WHERE number = ?", ...values)
}

function addSteps(database: Database, number: number, entry: Entry<"rollout-ended" | "rollout-tail">): void {
	const { rollout, steps } = entry
	if (steps.nodes === 0) return
	const values = [rollout, number, steps.nodes, steps.hash]
	database.run("INSERT INTO steps (rollout, entry, nodes, block) VALUES (?, ?, ?, ?)", ...values)
}

/** The commit as the newest entry about it has it; its bare id where none is. */
function commitLine(database: Database, sha: string | undefined): CommitLine | undefined {
	if (sha === undefined) return undefined
	const sql = "SELECT row FROM commits WHERE sha = ? ORDER BY entry DESC LIMIT 1"
	const found = database.get<{ row: string }>(sql, sha)
	if (found === undefined) return { commit: sha, author: "", subject: "" }
	const { commit, author, subject, signature } = JSON.parse(found.row) as CommitRow
	return { commit, author, subject, ...(signature && { signature }) }
}
