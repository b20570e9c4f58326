import type { Finding } from "../kube/index.ts"
import type { Change } from "../plan/index.ts"
import type { CommitDetail, CommitRow, RolloutDetail, RolloutRow, SeenRow } from "./ledger/rows.ts"
import type { ClusterReader } from "./reader.ts"

/** What the commands need of the rest of Rollcall; `compose.ts` has the real one, tests bring their own. */
export type World = {
	/** The state directory as it is, beside a running Rollcall or without one. Throws where nothing is recorded yet. */
	openReader(directory: string): Promise<Reader>
}

export type Reader = {
	readonly cluster: ClusterReader
	readonly ledger: LedgerReader
	close(): void
}

export type LedgerReader = {
	/** Newest first. */
	rollouts(query: { readonly daemonSet?: string; readonly limit?: number }): readonly RolloutRow[]
	seen(query: { readonly daemonSet?: string; readonly limit?: number }): readonly SeenRow[]
	commits(query: { readonly limit?: number }): readonly CommitRow[]
	rollout(number: number): RolloutDetail | undefined
	/** Every recorded commit whose id begins so. */
	commit(prefix: string): readonly CommitDetail[]
}

export type DiffResult = { readonly from: string; readonly to: string; readonly changes: readonly Change[] }
export type CheckResult = { readonly files: number; readonly objects: number; readonly findings: readonly Finding[] }
