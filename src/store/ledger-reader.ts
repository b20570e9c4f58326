import { byCodeUnit, type Instant } from "../base/index.ts"
import {
	type AnswerRow,
	type CommitDetail,
	type CommitRow,
	type DecidedEntry,
	decodeSteps,
	type ForecastRow,
	type Ledger,
	type LedgerEntry,
	type NodeStep,
	type NumberedEntry,
	parseEntry,
	type RevisionRow,
	type RolloutDetail,
	type RolloutRow,
} from "../history/index.ts"
import { baseOf } from "./chain.ts"
import type { Database } from "./database.ts"

type Entry<Kind extends LedgerEntry["kind"]> = Extract<LedgerEntry, { kind: Kind }>
type Stored = { readonly row: string }

/** SQLite reads a limit of -1 as none. */
const ALL = -1
/** Entries read at once where those that are wanted are looked for among others. */
const PAGE = 500

/** The ledger's lists and details, each read by an index. */
export class LedgerReader implements Ledger {
	readonly #database: Database

	constructor(database: Database) {
		this.#database = database
	}

	rollouts(query: NonNullable<Parameters<Ledger["rollouts"]>[0]> = {}): readonly RolloutRow[] {
		const { daemonSet, verdict, limit = ALL } = query
		const where = conditions({ daemon_set: daemonSet, verdict })
		return this.#rows<RolloutRow>(
			`SELECT row FROM rollouts ${where.sql} ORDER BY number DESC LIMIT ?`,
			...where.values,
			limit,
		)
	}

	rollout(number: number): RolloutDetail | undefined {
		const found = this.#database.get<Stored & { entry: number; sha: string | null }>(
			"SELECT row, entry, sha FROM rollouts WHERE number = ?",
			number,
		)
		if (found === undefined) return undefined
		const started = this.#entry(found.entry) as Entry<"rollout-started"> | undefined
		const commit = found.sha === null ? undefined : this.#commitEntry(found.sha)?.commit
		return {
			row: JSON.parse(found.row) as RolloutRow,
			...(commit && { commit }),
			fields: started?.fields ?? [],
			...(started === undefined && { pruned: true as const }),
			steps: this.steps(number),
		}
	}

	/** Of every block that tells of the rollout, a later one's word counts. */
	steps(rollout: number): readonly NodeStep[] {
		const steps = new Map<string, NodeStep>()
		for (const block of this.#blocks(rollout)) for (const step of decodeSteps(block)) steps.set(step.node, step)
		return [...steps.values()].sort((a, b) => byCodeUnit(a.node, b.node))
	}

	commits(query: NonNullable<Parameters<Ledger["commits"]>[0]> = {}): readonly CommitRow[] {
		const { verdict, limit = ALL } = query
		const where = conditions({ verdict })
		return this.#rows<CommitRow>(
			`SELECT row FROM commits ${where.sql} ORDER BY entry DESC LIMIT ?`,
			...where.values,
			limit,
		)
	}

	commit(prefix: string): readonly CommitDetail[] {
		if (!/^[0-9a-f]+$/.test(prefix)) return []
		const shas = this.#database.all<{ sha: string }>(
			"SELECT DISTINCT sha FROM commits WHERE sha >= ? AND sha < ? ORDER BY sha LIMIT 100",
			prefix,
			// "g" follows every hex digit.
			`${prefix}g`,
		)
		return shas.flatMap(({ sha }) => {
			const entry = this.#commitEntry(sha)
			if (entry === undefined) return []
			const { kind: _, ...said } = entry
			const rollouts = this.#rows<RolloutRow>("SELECT row FROM rollouts WHERE sha = ? ORDER BY number", sha)
			return [{ ...said, rollouts }]
		})
	}

	revisions(daemonSet: string): readonly RevisionRow[] {
		return this.#rows<RevisionRow>("SELECT row FROM revisions WHERE daemon_set = ? ORDER BY entry", daemonSet)
	}

	seen(query: NonNullable<Parameters<Ledger["seen"]>[0]> = {}): readonly RevisionRow[] {
		const { daemonSet, limit = ALL } = query
		const where = conditions({ origin: "seen-in-git", daemon_set: daemonSet })
		return this.#rows<RevisionRow>(
			`SELECT row FROM revisions ${where.sql} ORDER BY entry DESC LIMIT ?`,
			...where.values,
			limit,
		)
	}

	decisions(query: NonNullable<Parameters<Ledger["decisions"]>[0]> = {}): ReturnType<Ledger["decisions"]> {
		const { limit = ALL, wanted = () => true } = query
		const found: ReturnType<Ledger["decisions"]>[number][] = []
		let before = Number.MAX_SAFE_INTEGER
		while (limit === ALL || found.length < limit) {
			const rows = this.#database.all<Omit<NumberedEntry, "entry"> & { text: string }>(
				`SELECT number, wall, hash, text FROM entries WHERE kind IN ('decision', 'write', 'drift') AND number < ?
				ORDER BY number DESC LIMIT ?`,
				before,
				PAGE,
			)
			for (const { text, ...row } of rows) {
				const entry = parseEntry(text) as DecidedEntry
				if (wanted(entry)) found.push({ ...row, entry })
				before = row.number
			}
			if (rows.length < PAGE) break
		}
		return limit === ALL ? found : found.slice(0, limit)
	}

	forecasts({ limit = ALL }: { readonly limit?: number } = {}): readonly ForecastRow[] {
		const sql = "SELECT text FROM entries WHERE kind = 'forecast' ORDER BY number DESC LIMIT ?"
		const told = this.#database.all<{ text: string }>(sql, limit)
		const rows = told.flatMap(({ text }) => {
			const { commit, at, rollouts } = parseEntry(text) as Entry<"forecast">
			return rollouts.toReversed().map((forecast): ForecastRow => {
				const row = this.#outcomeOf(forecast)
				return { commit, at, forecast, ...(row && { row }) }
			})
		})
		return limit === ALL ? rows : rows.slice(0, limit)
	}

	prunedBefore(): Instant | undefined {
		// Without one there is no entry to look for, among all of them.
		if (baseOf(this.#database).number === 0) return undefined
		const sql = "SELECT text FROM entries WHERE kind = 'prune' ORDER BY number DESC LIMIT 1"
		const found = this.#database.get<{ text: string }>(sql)
		return found && (parseEntry(found.text) as Entry<"prune">).before
	}

	answer(request: string): AnswerRow | undefined {
		const found = this.#database.get<{ entry: number }>("SELECT entry FROM requests WHERE id = ?", request)
		const [row] = found === undefined ? [] : this.entries(found.entry - 1, 1)
		return row?.number === found?.entry ? (row as AnswerRow | undefined) : undefined
	}

	entries(after: number, limit: number = ALL): readonly NumberedEntry[] {
		const rows = this.#database.all<Omit<NumberedEntry, "entry"> & { text: string }>(
			"SELECT number, wall, hash, text FROM entries WHERE number > ? ORDER BY number LIMIT ?",
			after,
			limit,
		)
		return rows.map(({ text, ...row }) => ({ ...row, entry: parseEntry(text) }))
	}

	/** Where something else began first, the number is another one's. */
	#outcomeOf({ rollout, daemonSet }: ForecastRow["forecast"]): RolloutRow | undefined {
		const sql = "SELECT row FROM rollouts WHERE number = ? AND daemon_set = ?"
		return this.#rows<RolloutRow>(sql, rollout, daemonSet)[0]
	}

	#rows<Row>(sql: string, ...values: readonly (string | number)[]): Row[] {
		return this.#database.all<Stored>(sql, ...values).map(({ row }) => JSON.parse(row) as Row)
	}

	#entry(number: number): LedgerEntry | undefined {
		const found = this.#database.get<{ text: string }>("SELECT text FROM entries WHERE number = ?", number)
		return found && parseEntry(found.text)
	}

	#commitEntry(sha: string): Entry<"commit"> | undefined {
		const sql = "SELECT entry FROM commits WHERE sha = ? ORDER BY entry DESC LIMIT 1"
		const found = this.#database.get<{ entry: number }>(sql, sha)
		return found && (this.#entry(found.entry) as Entry<"commit"> | undefined)
	}

	#blocks(rollout: number): Uint8Array[] {
		const rows = this.#database.all<{ body: ArrayBuffer }>(
			"SELECT body FROM steps JOIN step_blocks ON block = hash WHERE rollout = ? ORDER BY entry",
			rollout,
		)
		return rows.map(({ body }) => new Uint8Array(body))
	}
}

function conditions(columns: { readonly [column: string]: string | undefined }): { sql: string; values: string[] } {
	const given = Object.entries(columns).flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]))
	const sql = given.length === 0 ? "" : `WHERE ${given.map(({ column }) => `${column} = ?`).join(" AND ")}`
	return { sql, values: given.map(({ value }) => value) }
}
