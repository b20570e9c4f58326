import type { Ground, PlannerParts } from "../../engine/index.ts"
import { groundAt, planCommit } from "../../engine/index.ts"
import type { CommitRecord } from "../../history/index.ts"
import { type OpenedReading, openLedger, openReading, readFleet } from "../compose.ts"
import { CliError } from "../failure.ts"
import type { PlanBase, PlanOptions, PlanResult } from "../world.ts"

/** How much may go unasked is for the run to say; a plan tells what the guards would hold. */
const LARGEST_SHARE = 0.5

/** Rehearses a commit: on what the state directory holds, or on a cluster made of another commit. */
export async function plan(options: PlanOptions): Promise<PlanResult> {
	const opened = await openReading(options)
	try {
		const { source, cache } = opened
		const settings = { ...options, backfill: 0, largestShare: LARGEST_SHARE, secretKey: opened.secretKey }
		const parts = { source, cache, settings }
		const commit = await resolved(opened, options.to ?? source.branch)
		const { ground, base } = await groundOf(opened, parts, options, commit)
		const planned = await planCommit(parts, ground, commit)
		return { planned, base }
	} finally {
		await opened.close()
	}
}

/** What is live, unless another base is named or nothing is recorded: then the commit before. */
async function groundOf(
	opened: OpenedReading,
	parts: PlannerParts,
	options: PlanOptions,
	commit: CommitRecord,
): Promise<{ readonly ground: Ground; readonly base: PlanBase }> {
	if (options.from === undefined && options.isLive) {
		const ledger = openLedger(options.state)
		try {
			const recorded = ledger.recorded()
			if (recorded !== undefined) {
				return { ground: { recorded, rest: ledger.state.rest() }, base: { kind: "live", at: recorded.cluster.now() } }
			}
		} finally {
			ledger.close()
		}
	}
	const [parent] = commit.parents
	const before = options.from ?? parent
	const base = before === undefined ? undefined : await resolved(opened, before)
	const limit = options.controlPlaneQps === undefined ? {} : { controlPlaneQps: options.controlPlaneQps }
	const fleet = options.fleet === undefined ? undefined : await readFleet(options.fleet)
	const start = (base ?? commit).committedAt
	const ground = await groundAt(parts, { seed: options.seed, start, ...limit }, base, fleet)
	return { ground, base: base === undefined ? { kind: "empty" } : { kind: "commit", commit: base.commit } }
}

async function resolved({ source }: OpenedReading, revision: string): Promise<CommitRecord> {
	const id = await source.resolve(revision)
	if (id !== undefined) return source.commit(id)
	throw new CliError(`Cannot find the commit "${revision}" in ${source.name}`, {
		next: "name a commit, a branch or a tag of it",
	})
}
