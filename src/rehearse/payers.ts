import { byCodeUnit } from "../base/index.ts"
import type { PodFact } from "../cluster/index.ts"
import type { Affected, Rehearsed } from "./contract.ts"

/** The pods that pay for a change: sent away, or left without a place. */
export class Payers {
	readonly #preempted: Affected[] = []
	readonly #evicted: Affected[] = []
	/** By uid; gone once they have a place, or are gone themselves. */
	readonly #pending = new Map<string, Affected>()

	/** Asked of every fact there is: it reads more of one than its step only where somebody pays. */
	see(fact: PodFact): void {
		switch (fact.step) {
			case "preempted":
				this.#preempted.push(affected(fact))
				break
			case "evicted":
				this.#evicted.push(affected(fact))
				break
			case "unschedulable":
				this.#pending.set(fact.uid, { ...affected(fact), message: fact.reason ?? "" })
				break
			case "scheduled":
			case "gone":
				if (this.#pending.size > 0) this.#pending.delete(fact.uid)
		}
	}

	read(): Pick<Rehearsed, "preempted" | "evicted" | "pending"> {
		return {
			preempted: inOrder(this.#preempted),
			evicted: inOrder(this.#evicted),
			pending: inOrder(this.#pending.values()),
		}
	}
}

function affected({ namespace, pod, node, at, daemonSet }: PodFact): Affected {
	return { namespace, pod, node, at, ...(daemonSet === undefined ? {} : { daemonSet }) }
}

function inOrder(pods: Iterable<Affected>): Affected[] {
	return [...pods].sort((a, b) => byCodeUnit(a.namespace, b.namespace) || byCodeUnit(a.pod, b.pod))
}
