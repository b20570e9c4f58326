import { byCodeUnit } from "../base/index.ts"
import { keyParts } from "../kube/index.ts"
import type { Change } from "./contract.ts"

/** What others need comes first; what stands in no row comes before the DaemonSets. */
const FIRST_KINDS: readonly (readonly string[])[] = [
	["Namespace"],
	["CustomResourceDefinition"],
	["PriorityClass"],
	["NodePool", "Node"],
]

function rankOf(kind: string): number {
	const rank = FIRST_KINDS.findIndex((kinds) => kinds.includes(kind))
	if (rank >= 0) return rank
	return kind === "DaemonSet" ? FIRST_KINDS.length + 1 : FIRST_KINDS.length
}

/** Apply order: creations and updates by kind, then by key; removals last and the other way round. */
export function inApplyOrder(changes: readonly Change[]): Change[] {
	return changes
		.map((change) => ({ change, removal: change.action === "delete", rank: rankOf(keyParts(change.key).kind) }))
		.sort((a, b) => {
			if (a.removal !== b.removal) return a.removal ? 1 : -1
			if (a.rank !== b.rank) return a.removal ? b.rank - a.rank : a.rank - b.rank
			return byCodeUnit(a.change.key, b.change.key)
		})
		.map(({ change }) => change)
}
