import { join } from "node:path"
import Libsql from "libsql"

/** Changes a database behind Rollcall's back. */
export function tamper(directory: string, sql: string, file = "ledger.db"): void {
	const database = new Libsql(join(directory, file))
	database.exec(sql)
	database.close()
}
