import { formatInstant } from "../base/index.ts"
import { type Asker, orderRow } from "./asker.ts"
import type { Intake } from "./intake.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import type { Answer } from "./requests.ts"

/** The source is suspended: commits are seen and recorded, and none is applied. `since`: RFC 3339, cluster time. */
export type Suspension = { readonly by: string; readonly since: string; readonly reason?: string }

/** `suspended by ada since 2026-03-02T09:15:17Z: waits for INC-7`. */
export function saySuspension({ by, since, reason }: Suspension): string {
	return `suspended by ${by} since ${since}${reason === undefined ? "" : `: ${reason}`}`
}

/** From now on no commit is applied. */
export function suspend(recorded: RecordedCluster, intake: Intake, asker: Asker): Answer {
	const { by, reason } = asker
	const already = intake.suspension
	if (already !== undefined) return note(recorded, "suspend", asker, `the source is already ${saySuspension(already)}`)
	const since = formatInstant(recorded.cluster.now())
	intake.suspend({ by, since, ...(reason === undefined ? {} : { reason }) })
	return note(recorded, "suspend", asker)
}

/** Commits are applied again, first of all what was held meanwhile. */
export function resumeSource(recorded: RecordedCluster, intake: Intake, asker: Asker): Answer {
	if (intake.suspension === undefined) return note(recorded, "resume-source", asker, "the source is not suspended")
	intake.resume()
	return note(recorded, "resume-source", asker)
}

/** Every object of the branch is compared anew: what was refused is tried again. */
export function sync(recorded: RecordedCluster, intake: Intake, asker: Asker): Answer {
	const { suspension } = intake
	if (suspension !== undefined) {
		const refused = `the source is ${saySuspension(suspension)} (run rollcall resume first)`
		return note(recorded, "sync", asker, refused)
	}
	intake.lookAgain()
	return note(recorded, "sync", asker)
}

function note(
	recorded: RecordedCluster,
	decision: "suspend" | "resume-source" | "sync",
	asker: Asker,
	refused?: string,
): Answer {
	const what = { suspend: "suspend", "resume-source": "resume", sync: "sync" }[decision]
	const refusal =
		refused === undefined ? {} : { refusal: { reason: "Conflict", message: refused, causes: [] } as const }
	const row = orderRow(recorded, decision, `${what} of the source`, asker, refusal.refusal)
	recorded.note(row)
	return { message: row.message, ...refusal }
}
