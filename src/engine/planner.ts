import type { Instant } from "../base/index.ts"
import type { CommitRecord } from "../history/index.ts"
import { Rehearsal, type RehearsalOptions, type Rehearsed } from "../rehearse/index.ts"
import { Intake, type IntakeSettings } from "./intake.ts"
import type { ParseCache, Source } from "./ports.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import type { Taken } from "./take.ts"

export type PlannerParts = {
	readonly source: Source
	readonly cache: ParseCache
	readonly settings: IntakeSettings
}

/** What taking a commit would do. */
export type Planned = Taken & {
	readonly record: CommitRecord
	readonly rehearsed: Rehearsed
}

/**
 * Takes a commit as the engine would, on a cluster that nobody else has, and runs ahead. `recorded` and `rest` are what a
 * restart would have begun with; `recorded` is used up.
 */
export async function planCommit(
	{ source, cache, settings }: PlannerParts,
	{ recorded, rest }: { readonly recorded: RecordedCluster; readonly rest: string | undefined },
	commit: string,
	options: RehearsalOptions & { readonly wall: Instant; readonly enough?: () => boolean },
): Promise<Planned> {
	const intake = new Intake(source, cache, { wall: () => options.wall }, settings, rest)
	const record = await source.commit(commit)
	const rehearsal = new Rehearsal(recorded, options)
	const taken = await intake.takeTip(recorded, record)
	rehearsal.run(options.enough)
	return { ...taken, record, rehearsed: rehearsal.outcome() }
}
