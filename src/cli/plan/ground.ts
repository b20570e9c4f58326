import { type Ground, groundAt, type PlannerParts } from "../../engine/index.ts"
import type { CommitRecord } from "../../history/index.ts"
import { type OpenedReading, verifyOf } from "../compose/index.ts"
import { readFleet } from "../read-fleet.ts"
import { commitIn } from "../revisions.ts"
import type { GroundOptions } from "../world.ts"

/** How much may go unasked is for the run to say; a plan tells what the guards would hold. */
const LARGEST_SHARE = 0.5

/** What a plan reads commits with. */
export async function partsOf(
	{ source, cache, secretKey }: OpenedReading,
	options: GroundOptions,
): Promise<PlannerParts> {
	const verify = await verifyOf(options)
	return { source, cache, settings: { ...options, ...verify, backfill: 0, largestShare: LARGEST_SHARE, secretKey } }
}

/** A cluster that runs `base`, or nothing; the fleet's nodes are there before. Its time begins with `base`, or `commit`. */
export async function groundOn(
	parts: PlannerParts,
	{ seed, fleet, controlPlaneQps }: GroundOptions,
	base: CommitRecord | undefined,
	commit: CommitRecord,
): Promise<Ground> {
	const limit = controlPlaneQps === undefined ? {} : { controlPlaneQps }
	const nodes = fleet === undefined ? undefined : await readFleet(fleet)
	return groundAt(parts, { seed, start: (base ?? commit).committedAt, ...limit }, base, nodes)
}

/** The commit that a person names. */
export async function resolved({ source }: OpenedReading, revision: string): Promise<CommitRecord> {
	return source.commit(await commitIn(source, revision))
}
