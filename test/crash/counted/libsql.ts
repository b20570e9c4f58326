import Libsql from "libsql"
import { around } from "../moments.ts"

type Bound = { run(...values: unknown[]): unknown; all(...values: unknown[]): unknown }

/** Statements that write, and what begins and ends a transaction. */
const WRITES =
	/^\s*(BEGIN|COMMIT|ROLLBACK|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA (journal_mode|wal_checkpoint|user_version|application_id))\b/i

/** SQLite, each of whose writing statements is a moment. */
// biome-ignore lint/style/noDefaultExport: it stands in for a module that has one
export default class CountedLibsql extends Libsql {
	override exec(sql: string): this {
		return WRITES.test(sql) ? around(labelOf(sql), "SQLITE_FULL", () => super.exec(sql)) : super.exec(sql)
	}

	override prepare: Libsql.Database["prepare"] = ((sql: string) => {
		const statement = super.prepare(sql)
		if (!WRITES.test(sql)) return statement
		const bound = statement as unknown as Bound
		const counted: Bound = {
			run: (...values) => around(labelOf(sql), "SQLITE_FULL", () => bound.run(...values)),
			all: (...values) => around(labelOf(sql), "SQLITE_FULL", () => bound.all(...values)),
		}
		return counted
	}) as unknown as Libsql.Database["prepare"]
}

function labelOf(sql: string): string {
	return sql
		.trim()
		.split(/\s+/)
		.filter((word) => !/^(OR|REPLACE|IGNORE|INTO|FROM)$/.test(word))
		.slice(0, 2)
		.join(" ")
}
