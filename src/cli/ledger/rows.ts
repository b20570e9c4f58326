import type { Instant } from "../../base/index.ts"
import type { CommitLine, RolloutTrigger } from "../../history/index.ts"
import type { ObjectKey } from "../../kube/index.ts"

/** What one DaemonSet has, or had, on one node, and since when. Instants are cluster time. */
export type TraceRow = {
	readonly daemonSet: ObjectKey
	readonly node: string
	readonly pod: string
	readonly status: string
	readonly hash: string
	readonly revision?: number
	readonly rollout?: number
	readonly images: readonly string[]
	/** What began the rollout: a commit, somebody by hand, or Rollcall by itself. */
	readonly trigger?: RolloutTrigger
	readonly commit?: CommitLine
	readonly since: Instant
	/** True where it is the DaemonSet's newest revision. */
	readonly current: boolean
}
