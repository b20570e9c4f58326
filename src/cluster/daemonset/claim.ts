import { compileSelector, type KubeObject, type LabelSelector, type OwnerReference } from "../../kube/index.ts"

/** What a DaemonSet does with an object that it may own (rule C2). */
export type ClaimVerdict = "owned" | "adopt" | "release" | "ignore"

/** `ownerUid`: of the controlling owner reference, undefined for an orphan. `matches`: the DaemonSet's selector. */
export function claimVerdict(
	candidate: { readonly ownerUid: string | undefined; readonly matches: boolean; readonly terminating: boolean },
	uid: string,
): ClaimVerdict {
	const { ownerUid, matches, terminating } = candidate
	if (ownerUid !== undefined) return ownerUid !== uid ? "ignore" : matches ? "owned" : "release"
	return matches && !terminating ? "adopt" : "ignore"
}

export type Claim<T> = {
	/** Owned before or adopted now: these count at once. */
	readonly claimed: readonly T[]
	readonly adopt: readonly T[]
	readonly release: readonly T[]
}

/** C2: the same for whole objects of the owner's namespace, pods or revisions, in the order given. */
export function claim<T extends KubeObject>(owner: ClaimOwner, candidates: readonly T[]): Claim<T> {
	const compiled = compileSelector(owner.selector)
	const matches = "error" in compiled ? () => false : compiled.matches
	const outcome = { claimed: [] as T[], adopt: [] as T[], release: [] as T[] }
	for (const candidate of candidates) {
		const { labels, deletionTimestamp } = candidate.metadata
		const verdict = claimVerdict(
			{
				ownerUid: controllerOf(candidate)?.uid,
				matches: matches(labels),
				terminating: deletionTimestamp !== undefined,
			},
			owner.uid,
		)
		if (verdict === "owned" || verdict === "adopt") outcome.claimed.push(candidate)
		if (verdict === "adopt" || verdict === "release") outcome[verdict].push(candidate)
	}
	return outcome
}
export type ClaimOwner = { readonly uid: string; readonly selector: LabelSelector }

/** The reference of the one controlling owner. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
	return metadata.ownerReferences?.find(({ controller }) => controller === true)
}
