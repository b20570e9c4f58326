import { type RolloutRow, type UndoTarget, undoRecordOf, undoTarget } from "../../history/index.ts"
import { isSameTemplate, type ObjectKey } from "../../kube/index.ts"
import type { UndoOptions } from "../world.ts"
import { type Branch, objectAt } from "./branch.ts"

type Wish = Exclude<UndoOptions["wish"], { readonly kind: "commit" }>

/** The rollout to go back to, and what the branch says beyond the newest one. */
export async function findTarget(
	branch: Branch,
	daemonSet: ObjectKey,
	rollouts: readonly RolloutRow[],
	wish: Wish,
): Promise<{ readonly found: UndoTarget; readonly isAhead: boolean }> {
	const places = new Map(branch.line.map(({ commit }, at) => [commit, at]))
	const placeOf = (row: RolloutRow | undefined): number | undefined =>
		row?.trigger.kind === "commit" ? places.get(row.trigger.commit) : undefined
	/** A rollout's step may bring in several commits: those after the rollout before it. */
	const undoneBy = (row: RolloutRow | undefined, to = placeOf(row)) => {
		if (to === undefined) return undefined
		const older = row === undefined ? rollouts : rollouts.slice(rollouts.indexOf(row) + 1)
		const from = older.map(placeOf).find((at) => at !== undefined) ?? -1
		const records = branch.line.slice(from + 1, to + 1).flatMap((commit) => undoRecordOf(commit, daemonSet) ?? [])
		return records.at(-1)
	}
	const undone = undoneBy(undefined, branch.line.length - 1)
	const ahead = await aheadOf(
		branch,
		daemonSet,
		rollouts,
		rollouts.map(placeOf).find((at) => at !== undefined),
	)
	const returnsTo = ahead && undone ? await returnedTo(branch, daemonSet, rollouts) : undefined
	const more =
		ahead === undefined ? {} : { ahead: { commit: ahead, ...(returnsTo === undefined ? {} : { returnsTo }) } }
	return { found: undoTarget({ rollouts, undoneBy, wish, ...more }), isAhead: ahead !== undefined }
}

/**
 * The newest commit that has the rollout's template: strategy, annotations and comments changed after the rollout began
 * come back, too.
 */
export async function newestWith(
	{ source, reading, line }: Branch,
	daemonSet: ObjectKey,
	commit: string,
): Promise<string> {
	await reading.moveTo(commit)
	const first = reading.objects.get(daemonSet)
	if (first === undefined) return commit
	let newest = commit
	let previous = commit
	for (const { commit: next } of line.slice(line.findIndex((record) => record.commit === commit) + 1)) {
		const { changed } = await reading.moveTo(next)
		const place = reading.objects.get(daemonSet)
		if (changed.includes(daemonSet) && !isSameTemplate(place?.object, first.object)) break
		// Comments are no change of the object, but of its document; one that cannot be read is nothing to go back to.
		const files = await source.changedFiles(previous, next)
		if (place?.retained === undefined && files.some(({ path }) => path === place?.path)) newest = next
		previous = next
	}
	return newest
}

/** The commit that made the DaemonSet what it is on the branch, where that was not rolled out yet. */
async function aheadOf(
	branch: Branch,
	daemonSet: ObjectKey,
	rollouts: readonly RolloutRow[],
	place: number | undefined,
): Promise<string | undefined> {
	const { line, tip } = branch
	if (place === undefined) return rollouts.length === 0 ? undefined : tip
	let object = await objectAt(branch, line[place]?.commit ?? tip, daemonSet)
	if (isSameTemplate(await objectAt(branch, tip, daemonSet), object)) return undefined
	let ahead = tip
	for (const { commit } of line.slice(place + 1)) {
		const after = await objectAt(branch, commit, daemonSet)
		if (!isSameTemplate(after, object)) ahead = commit
		object = after
	}
	return ahead
}

/** Which rollout had the template that the branch has now. */
async function returnedTo(
	branch: Branch,
	daemonSet: ObjectKey,
	rollouts: readonly RolloutRow[],
): Promise<number | undefined> {
	const now = await objectAt(branch, branch.tip, daemonSet)
	for (const [place, { trigger }] of rollouts.entries()) {
		if (trigger.kind === "commit" && isSameTemplate(await objectAt(branch, trigger.commit, daemonSet), now))
			return place
	}
	return undefined
}
