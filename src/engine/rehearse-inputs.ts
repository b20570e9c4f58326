import type { Input } from "../cluster/index.ts"
import { Rehearsal, type Rehearsed, type Stage } from "../rehearse/index.ts"
import { advance, isSettled, nextAt } from "./advance.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"

/** What these inputs come to on a copy, which is used up: the same commit with other dice, or with other faults. */
export function rehearseInputs(recorded: RecordedCluster, inputs: readonly Input[]): Rehearsed {
	const rehearsal = new Rehearsal(stageOf(recorded))
	for (const input of inputs) recorded.act(input, 0, () => [])
	return rehearsal.run()
}

/**
 * A copy to rehearse on. What the engine decides by itself it decides there as well; nothing of it is kept, so no moment of
 * it is worth a wall time.
 */
export function stageOf(recorded: RecordedCluster): Stage {
	const { cluster, history } = recorded
	return {
		cluster,
		history,
		advance: (to) => advance(recorded, { to, enough: () => false, wall: 0 }),
		nextAt: () => nextAt(recorded),
		isSettled: () => isSettled(recorded),
		take: () => recorded.take(),
	}
}
