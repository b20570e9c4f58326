import { byCodeUnit } from "../../base/index.ts"

/** A PriorityClass as far as pods take from it. */
export type PriorityRank = {
	readonly name: string
	readonly value: number
	readonly globalDefault?: boolean
	readonly preemptionPolicy?: string
}

export type PodPriority =
	| { readonly priority: number; readonly preemptionPolicy: string; readonly className: string }
	/** The pod may not be made; the message is the API server's. */
	| { readonly refused: string }

/** K15: they exist in every cluster. */
export const SYSTEM_PRIORITIES: readonly (PriorityRank & { readonly description: string })[] = [
	{
		name: "system-cluster-critical",
		value: 2_000_000_000,
		description:
			"Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
	},
	{
		name: "system-node-critical",
		value: 2_000_001_000,
		description: "Used for system critical pods that must not be moved from their current node.",
	},
]

/** K16: the class by name, else the global default (of several the lowest, as the real admission), else 0. */
export function podPriority(className: string | undefined, classes: Iterable<PriorityRank>): PodPriority {
	let found: PriorityRank | undefined
	for (const rank of classes) {
		if (className ? rank.name === className : rank.globalDefault === true && precedes(rank, found)) found = rank
	}
	if (className && found === undefined) found = SYSTEM_PRIORITIES.find((rank) => rank.name === className)
	if (className && found === undefined) return { refused: `no PriorityClass with name ${className} was found` }
	return {
		priority: found?.value ?? 0,
		preemptionPolicy: found?.preemptionPolicy ?? "PreemptLowerPriority",
		className: found?.name ?? "",
	}
}

function precedes(rank: PriorityRank, other: PriorityRank | undefined): boolean {
	if (other === undefined) return true
	return rank.value < other.value || (rank.value === other.value && byCodeUnit(rank.name, other.name) < 0)
}
