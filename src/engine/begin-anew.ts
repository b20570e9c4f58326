import type { Instant } from "../base/index.ts"
import { emptyLike } from "../cluster/index.ts"
import { endUnseen } from "../history/index.ts"
import type { KubeObject, ObjectKey } from "../kube/index.ts"
import { noteReplayDiffers } from "./decisions.ts"
import type { Mark, Store } from "./ports.ts"
import { RecordedCluster } from "./recorded-cluster.ts"

/** What the commits, and the fleet, described last. */
export type Described = { readonly [kind in "commit" | "fleet"]: Iterable<readonly [ObjectKey, KubeObject]> }

/**
 * An empty cluster in place of the recorded one, to which the inputs no longer lead, as under other rules: at the
 * ledger's last moment, with its next numbers.
 */
export function beginAnew(store: Store, mark: Mark, replayed: RecordedCluster): RecordedCluster {
	const anew = new RecordedCluster(emptyLike(replayed.cluster.save(), mark.at, mark.sequence), { mark })
	anew.numberRolloutsFrom(store.nextRollout())
	return anew
}

/** Brings what was described before; the ledger wins, so what became of open rollouts in between is nobody's guess. */
export function bringAgain(anew: RecordedCluster, store: Store, replayed: RecordedCluster, wall: Instant): void {
	noteReplayDiffers(anew)
	const { entries, steps } = endUnseen(store.openRollouts(), anew.cluster.now(), "the cluster was made anew")
	anew.note(...entries)
	anew.keepSteps(steps)
	bring(anew, { fleet: replayed.applied("fleet"), commit: replayed.applied("commit") }, wall)
}

/** Describes objects to a cluster that has none of them. */
export function bring(recorded: RecordedCluster, described: Described, wall: Instant): void {
	for (const [as, manager] of MANAGERS) {
		const writes = Array.from(described[as], ([key, object]) => ({ verb: "apply", key, manager, object }) as const)
		if (writes.length > 0) recorded.act({ source: { kind: "engine", rule: "made-anew", as }, writes }, wall, () => [])
	}
}

const MANAGERS = [
	["fleet", "fleet"],
	["commit", "rollcall"],
] as const
