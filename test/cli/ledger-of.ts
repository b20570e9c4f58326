import type { CommitDetail, CommitRow, Ledger, RolloutDetail, RolloutRow } from "../../src/history/index.ts"

export type LedgerRows = {
	readonly rollouts?: readonly RolloutRow[]
	readonly commits?: readonly CommitRow[]
	readonly details?: readonly RolloutDetail[]
	readonly commitDetails?: readonly CommitDetail[]
}

/** A ledger that holds these rows. */
export function ledgerOf({ rollouts = [], commits = [], details = [], commitDetails = [] }: LedgerRows): Ledger {
	return {
		rollouts: (query = {}) =>
			rollouts
				.filter((row) => query.daemonSet === undefined || row.daemonSet === query.daemonSet)
				.slice(0, query.limit),
		rollout: (number) => details.find((detail) => detail.row.rollout === number),
		steps: (number) => details.find((detail) => detail.row.rollout === number)?.steps ?? [],
		commits: (query = {}) => commits.slice(0, query.limit),
		commit: (prefix) => commitDetails.filter((detail) => detail.commit.commit.startsWith(prefix)),
		revisions: () => [],
		seen: () => [],
		prunedBefore: () => undefined,
		answer: () => undefined,
		decisions: () => [],
		forecasts: () => [],
		entries: () => [],
	}
}
