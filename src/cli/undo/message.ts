import { type CommitRecord, type Release, type RolloutRow, undoTrailers } from "../../history/index.ts"
import type { ObjectKey } from "../../kube/index.ts"
import { imageChange, placeOf, shortCommit } from "../ledger/words.ts"
import { oneLine } from "../output/visible.ts"

export type UndoStory = {
	readonly daemonSet: ObjectKey
	readonly path: string
	/** What the DaemonSet's newest rollout is, where the branch is not ahead of it. */
	readonly present?: RolloutRow | undefined
	/** The rollout to go back to, where it is one. */
	readonly target?: RolloutRow | undefined
	/** The commit whose document comes back. */
	readonly restored: CommitRecord
	/** The commits rolled away from, the newest first. */
	readonly away: readonly CommitRecord[]
	/** What was rolled away from once, and comes back on purpose. */
	readonly releases: readonly Release[]
	/** Where Rollcall writes by itself: by what the commit is found again, and why it is written. */
	readonly id?: string
	readonly reason?: string
	/** The user's own words in place of the subject and the body. */
	readonly said?: string | undefined
}

const SUBJECT = 72

/** The whole message: a subject that reads well in `git log`, why, and the trailers. */
export function undoMessage(story: UndoStory): string {
	const { daemonSet, restored, away, present, releases, id, said } = story
	const words = said?.trim() || [subjectOf(story), "", ...bodyOf(story)].join("\n")
	const rollbackOf = away.map(({ commit }) => commit)
	const trailers = {
		daemonSets: [daemonSet],
		rollbackOf,
		restores: restored.commit,
		rollout: present?.rollout,
		releases,
		id,
	}
	return `${words}\n\n${undoTrailers(trailers).join("\n")}\n`
}

function subjectOf({ daemonSet, present, target, restored }: UndoStory): string {
	const where = target === undefined ? shortCommit(restored.commit) : `revision ${target.to.revision}`
	const subject = `${placeOf(daemonSet)}: roll back to ${where}`
	const images = target && present && imageChange(present.to.images, target.to.images)
	const full = images ? `${subject}, ${oneLine(images)}` : subject
	return full.length <= SUBJECT ? full : subject
}

function bodyOf({ path, present, restored, away, reason }: UndoStory): readonly string[] {
	const outcome = present?.verdict && present.verdict !== "complete" ? present.reason : undefined
	return [
		...away.flatMap((commit) => wrapped(`Takes back ${named(commit)} by ${oneLine(commit.author.name)}.`)),
		...(outcome === undefined || reason !== undefined
			? []
			: wrapped(`Rollout ${present?.rollout} was ${present?.verdict}: ${oneLine(outcome)}.`)),
		...(reason === undefined ? [] : wrapped(`Rollcall does so by itself: ${oneLine(reason)}.`)),
		...wrapped(`In ${oneLine(path)} the document is again as it stood at ${named(restored)}.`),
	]
}

export function named({ commit, subject }: CommitRecord): string {
	return `${shortCommit(commit)} ("${oneLine(subject)}")`
}

export function wrapped(text: string): readonly string[] {
	const lines: string[] = []
	for (const word of text.split(" ")) {
		const line = lines.at(-1)
		if (line === undefined || line.length + 1 + word.length > SUBJECT) lines.push(word)
		else lines[lines.length - 1] = `${line} ${word}`
	}
	return lines
}
