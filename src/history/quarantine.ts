import type { ObjectKey } from "../kube/index.ts"
import type { CommitRecord } from "./contract.ts"
import { type Saying, sayings } from "./undo-record.ts"

/** A template that was rolled away from: what `commit` described of the DaemonSet is held until it is released. */
export type Quarantined = {
	readonly daemonSet: ObjectKey
	/** The commit that brought it, as the trailer names it. */
	readonly commit: string
	/** The commit that rolled away from it. */
	readonly by: string
}

export type Released = Quarantined & { readonly release: { readonly commit: string; readonly author: string } }

export type QuarantineStep = {
	readonly quarantined: readonly Quarantined[]
	readonly released: readonly Released[]
}

/**
 * What is quarantined after one more first-parent commit, by the trailers alone: the same history gives the same
 * answer everywhere. A commit that says nothing costs nothing, and gives back the list that it was given.
 */
export function quarantineAfter(before: readonly Quarantined[], record: CommitRecord): QuarantineStep {
	let quarantined = before
	const released: Released[] = []
	for (const saying of record.trailers.length === 0 ? [] : sayings(record)) {
		const freed = quarantined.filter((one) => isReleased(one, saying))
		const { commit, author } = saying
		released.push(...freed.map((one) => ({ ...one, release: { commit, author } })))
		const kept = freed.length === 0 ? quarantined : quarantined.filter((one) => !freed.includes(one))
		const known = new Set(kept.map(nameOf))
		const fresh = newlyBy(saying).filter((one) => !known.has(nameOf(one)) && known.add(nameOf(one)))
		quarantined = fresh.length === 0 ? kept : [...kept, ...fresh]
	}
	return { quarantined, released }
}

function isReleased({ daemonSet, commit }: Quarantined, { releases }: Saying): boolean {
	return releases.some(
		(release) => release.daemonSet === daemonSet && (release.commit === undefined || commit.startsWith(release.commit)),
	)
}

/** Only what looks like a commit's id: the text comes from whoever can commit. */
function newlyBy({ daemonSets, rollbackOf, commit: by }: Saying): readonly Quarantined[] {
	const commits = rollbackOf.filter((commit) => /^[0-9a-f]{7,64}$/i.test(commit)).map((id) => id.toLowerCase())
	return daemonSets.flatMap((daemonSet) => commits.map((commit) => ({ daemonSet, commit, by })))
}

function nameOf({ daemonSet, commit }: Quarantined): string {
	return `${daemonSet} ${commit}`
}
