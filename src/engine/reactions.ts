import type { Instant } from "../base/index.ts"
import { AUTOMATON, failedRollouts, nextDeadline, overtaken } from "../history/index.ts"
import { keyParts, type ObjectKey, PAUSED_ANNOTATION } from "../kube/index.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import { pause, resume } from "./rollout-orders.ts"

/** True where something is to be decided now. Asked at every instant: it costs the DaemonSets that say when they fail. */
export function isReactionDue({ history, cluster }: RecordedCluster): boolean {
	if (history.watched.size === 0) return false
	return failedRollouts(history, cluster.now()).length > 0 || overtaken(history).length > 0
}

/** The next moment at which something may have to be decided though nothing happens then; infinity where there is none. */
export function nextReaction({ history, cluster }: RecordedCluster): Instant {
	return nextDeadline(history, cluster.now())
}

/**
 * What Rollcall does by itself when told to by annotations: each decision is an input with its place in the journal, so
 * a replay decides nothing.
 */
export function react(recorded: RecordedCluster, wall: Instant): void {
	for (const { daemonSet, rollout, rule, reason } of failedRollouts(recorded.history, recorded.cluster.now())) {
		const asker = { by: AUTOMATON, rule, reason: `rollout ${rollout} failed: ${reason}` }
		const { refusal } = pause(recorded, daemonSet, asker, wall)
		// What could not be paused has failed all the same: it is not judged again at the next instant.
		if (refusal !== undefined) recorded.act(nothing(daemonSet, rule), wall, () => [])
	}
	// A failed rollout does not block the next commit.
	for (const daemonSet of overtaken(recorded.history)) {
		const isOfGit = recorded.applied("commit").get(daemonSet)?.metadata.annotations?.[PAUSED_ANNOTATION] !== undefined
		if (!isOfGit) resume(recorded, daemonSet, { by: AUTOMATON, rule: "next-rollout", reason: NEXT }, wall)
	}
}

const NEXT = "a new revision came"

/** An input that says which rollout was decided on, and changes nothing. */
function nothing(key: ObjectKey, rule: string) {
	const { group, kind, namespace, name } = keyParts(key)
	const object = { apiVersion: `${group}/v1`, kind, metadata: { name, namespace } }
	return {
		source: { kind: "engine", rule },
		writes: [{ verb: "apply", key, manager: "rollcall-rollout", object }],
	} as const
}
