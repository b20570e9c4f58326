import { openLedger, openReading } from "../../src/cli/compose/index.ts"
import { type Planned, planCommit } from "../../src/engine/index.ts"
import type { Rollcall } from "./rollcall.ts"

const SETTINGS = { backfill: 0, strict: false, plain: false, largestShare: 0.5 }

/** Plans a commit on what a state directory holds, as `rollcall plan` does. */
export async function planOn(
	repository: string,
	{ state, request: { allowedBy } }: Pick<Rollcall, "state" | "request">,
	commit: string,
): Promise<Planned> {
	const ledger = openLedger(state)
	const opened = await openReading({ ...SETTINGS, repository, branch: "main", state, readOnly: true })
	try {
		const recorded = ledger.recorded()
		if (recorded === undefined) throw new Error("nothing is recorded")
		const { source, cache, secretKey } = opened
		const allowed = allowedBy === undefined ? {} : { allowedBy }
		const parts = { source, cache, settings: { ...SETTINGS, ...allowed, secretKey } }
		return await planCommit(parts, { recorded, rest: ledger.state.rest() }, await source.commit(commit))
	} finally {
		await opened.close()
		ledger.close()
	}
}

/** The digest of everything that is recorded. */
export function digestOf({ state }: Pick<Rollcall, "state">): string | undefined {
	const ledger = openLedger(state)
	try {
		return ledger.state.mark()?.digest
	} finally {
		ledger.close()
	}
}
