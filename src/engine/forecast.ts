import type { Input } from "../cluster/index.ts"
import type { LedgerEntry } from "../history/index.ts"
import type { RolloutForecast } from "../rehearse/index.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import { rehearseInputs } from "./rehearse-inputs.ts"

type ForecastEntry = Extract<LedgerEntry, { readonly kind: "forecast" }>

/**
 * What a commit that is about to act will come to, as a row for the ledger: none where it begins no rollout. It is asked
 * in the middle of the engine's step, and takes as long as the rehearsal does, so that the row depends on no pace.
 */
export function forecastRows(recorded: RecordedCluster, commit: string, input: Input): ForecastEntry[] {
	const { rollouts, preempted, evicted, pending } = rehearseInputs(recorded.fork(), [input])
	if (rollouts.length === 0) return []
	const paid = { preempted: preempted.length, evicted: evicted.length, pending: pending.length }
	return [{ kind: "forecast", at: recorded.cluster.now(), commit, rollouts: rollouts.map(inShort), ...paid }]
}

function inShort(rollout: RolloutForecast): ForecastEntry["rollouts"][number] {
	const {
		rollout: number,
		daemonSet,
		verdict,
		startedAt,
		endedAt,
		desired,
		updated,
		available,
		mostUnavailable,
	} = rollout
	return {
		rollout: number,
		daemonSet,
		...(verdict === undefined ? {} : { verdict }),
		...(endedAt === undefined ? {} : { tookMs: endedAt - startedAt }),
		nodes: { desired, updated, available, mostUnavailable },
	}
}
