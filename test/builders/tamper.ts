import { join } from "node:path"
import Libsql from "libsql"

/** Changes a ledger behind Rollcall's back. */
export function tamper(directory: string, sql: string): void {
	const database = new Libsql(join(directory, "ledger.db"))
	database.exec(sql)
	database.close()
}
