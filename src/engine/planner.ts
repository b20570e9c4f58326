import type { Instant } from "../base/index.ts"
import type { ClusterOptions, Input } from "../cluster/index.ts"
import type { CommitRecord, LedgerEntry } from "../history/index.ts"
import { type Foreseen, knowsNoOthers, lint, Rehearsal } from "../rehearse/index.ts"
import type { Fleet } from "./fleet.ts"
import { Intake, type IntakeSettings } from "./intake.ts"
import type { ParseCache, Source } from "./ports.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import { stageOf } from "./rehearse-inputs.ts"
import { begin } from "./restore.ts"

export type PlannerParts = {
	readonly source: Source
	readonly cache: ParseCache
	readonly settings: IntakeSettings
}

/** Where a plan begins: a cluster that nobody else has, and what the engine noted of its commits. */
export type Ground = { readonly recorded: RecordedCluster; readonly rest: string | undefined }

/** What taking a commit would do. */
export type Planned = Foreseen & {
	readonly record: CommitRecord
	/** What the engine would write to the cluster: played on other copies it is the same commit. */
	readonly inputs: readonly Input[]
	/** Gates of the repository's own policy, before the commit and with it: the commit is judged by the former. */
	readonly policy: readonly string[]
	readonly nextPolicy: readonly string[]
	/** Nothing is known of what else runs on the nodes: room and preemption are told of DaemonSets alone. */
	readonly knowsNoOthers: boolean
}

// Nothing of a plan is kept, so no moment of it is worth a wall time.
const WALL: { wall(): Instant } = { wall: () => 0 }

/** A cluster that runs what `base` describes, and nothing else; with no base, one in which nothing has happened. */
export async function groundAt(
	{ source, cache, settings }: PlannerParts,
	options: ClusterOptions,
	base: CommitRecord | undefined,
	fleet: Fleet | undefined,
): Promise<Ground> {
	const recorded = begin(options)
	const intake = new Intake(source, cache, WALL, { ...settings, backfill: 0, allowedBy: "rollcall plan" }, undefined)
	if (fleet !== undefined) intake.bring(recorded, fleet)
	if (base !== undefined) await intake.takeTip(recorded, base)
	new Rehearsal(stageOf(recorded)).run()
	return { recorded, rest: base === undefined ? undefined : intake.rest() }
}

/** Takes a commit as the engine would, and runs ahead. The ground is used up: give it a fork to keep it. */
export async function planCommit(
	{ source, cache, settings }: PlannerParts,
	{ recorded, rest }: Ground,
	record: CommitRecord,
): Promise<Planned> {
	const intake = new Intake(source, cache, WALL, { ...settings, backfill: 0 }, rest)
	const inputs: Input[] = []
	let row: CommitRow | undefined
	const { cluster } = recorded
	const rehearsal = new Rehearsal({
		...stageOf(recorded),
		take: () => {
			const taken = recorded.take()
			// What is decided on the way is decided anew on other copies.
			for (const { input } of taken.inputs) if (input.source.kind === "commit") inputs.push(input)
			row ??= taken.entries.find((entry) => isRowOf(entry, record))
			return taken
		},
	})
	const policy = intake.config.policy?.failOn ?? []
	const taken = await intake.takeTip(recorded, record)
	const nextPolicy = intake.config.policy?.failOn ?? []
	const rehearsed = rehearsal.run()
	const { findings = [], refused = [], reason } = row ?? {}
	const advice = lint({ cluster, changes: taken.changes, placeOf: (key) => intake.placeOf(key) }, "changed")
	const said = reason === undefined ? {} : { reason }
	const seen = { ...said, findings: [...findings, ...advice], refused, knowsNoOthers: knowsNoOthers({ cluster }) }
	return { ...taken, ...seen, policy, nextPolicy, record, inputs, rehearsed }
}

type CommitRow = Extract<LedgerEntry, { kind: "commit" }>

function isRowOf(entry: LedgerEntry, { commit }: CommitRecord): entry is CommitRow {
	return entry.kind === "commit" && entry.commit.commit === commit
}
