import { Flag, rolloutBudget, type TakenCensus } from "../../../src/cluster/daemonset/index.ts"
import type { Cluster, Fact, PodFact } from "../../../src/cluster/index.ts"
import { type DaemonSet, isMaxUnavailableHard } from "../../../src/kube/index.ts"
import { censusFromScratch, living, stateOf } from "./scratch.ts"

/**
 * R11: over all updates of a story, of the nodes whose served pod a rolling update with a hard maxUnavailable took, no
 * more than maxUnavailable have had none Ready since.
 */
export class HardLimit {
	/** Pods that were Ready once, by uid. */
	readonly #served = new Set<string>()
	/** Nodes that a rolling update took and that have had no Ready pod since, by the DaemonSet's uid. */
	readonly #taken = new Map<string, Set<string>>()

	/** Facts of one entry of the timeline. Returns what the rule does not allow. */
	hold(before: Cluster, on: Cluster, facts: readonly Fact[]): string[] {
		const wrong: string[] = []
		const rolled = new Map<string, PodFact[]>()
		for (const fact of facts) {
			if (fact.kind !== "pod" || fact.daemonSetUid === undefined) continue
			if (fact.step === "ready") {
				this.#served.add(fact.uid)
				this.#taken.get(fact.daemonSetUid)?.delete(fact.node)
			} else if (fact.step === "terminating" && fact.daemonSet !== undefined) {
				rolled.set(fact.daemonSet, [...(rolled.get(fact.daemonSet) ?? []), fact])
			}
		}
		for (const [key, gone] of rolled) wrong.push(...this.#rolls(before, on, key, gone))
		return wrong
	}

	#rolls(before: Cluster, on: Cluster, key: string, gone: readonly PodFact[]): string[] {
		const state = stateOf(on)
		const row = [...living(state)].map(({ row }) => row).find((row) => row.key === key)
		if (row?.work === undefined || !isRolling(row.work.place)) return []
		const census = censusFromScratch(before, state, row, on.now())
		const { updateStrategy } = (row.work.daemonSet as DaemonSet).spec
		const budget = rolloutBudget(updateStrategy, census.count(Flag.Desired))
		if ("error" in budget || budget.maxSurge > 0) return []
		const taken = this.#taken.get(row.uid) ?? new Set()
		this.#taken.set(row.uid, taken)
		for (const node of taken) if (!isOut(census, node)) taken.delete(node)
		const known = taken.size
		for (const { uid, node } of gone) if (this.#served.has(uid)) taken.add(node)
		if (taken.size === known || taken.size <= budget.maxUnavailable || !isMaxUnavailableHard(before.read(key)))
			return []
		return [`[R11] ${key} has taken ${[...taken]}, which have had no Ready pod since: ${budget.maxUnavailable} may be`]
	}
}

function isRolling(place: unknown): boolean {
	return (place as { readonly step: string }).step === "roll"
}

/** A pod belongs on the node, and none there is Ready. */
function isOut(census: TakenCensus, name: string): boolean {
	for (const node of census.inOrder(~0)) {
		if (census.nodeName(node) !== name) continue
		const { shouldRun, pods } = census.entry(node)
		return shouldRun && !pods.some(({ ready }) => ready)
	}
	return false
}
