import { formatInstant, type Instant } from "../../base/index.ts"
import type { RecordedCluster, Restored } from "../../engine/index.ts"
import type { Ledger } from "../../history/index.ts"
import { CliError } from "../failure.ts"
import { whereElse } from "../ledger/where-else.ts"

/** The cluster of a moment. Throws a CliError where nothing that old is on record, or the record leads elsewhere. */
export function restoredOrThrow(then: Restored | undefined, moment: Instant, ledger: Ledger): RecordedCluster {
	const next = whereElse(ledger, "rollcall history and rollcall show tell what the ledger has of it")
	if (then === undefined) {
		const message = `Cannot look at ${formatInstant(moment)}: nothing that old is on record`
		throw new CliError(message, { next })
	}
	if (then.faithful) return then.recorded
	const message = `Cannot look at ${formatInstant(moment)}: by the rules of this version the recorded inputs lead to another cluster than the one that was recorded`
	throw new CliError(message, { next: `${next}; the version of Rollcall that recorded it shows the cluster` })
}
