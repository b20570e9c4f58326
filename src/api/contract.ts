import type { Cluster } from "../cluster/index.ts"
import type { Answer as EngineAnswer, Request } from "../engine/index.ts"

/** What the API needs of the rest of Rollcall. */
export type ApiParts = {
	/** Undefined until the first commit is read. Asked anew for each request. */
	readonly cluster: () => Cluster | undefined
	/** Answers when what was asked is durable. */
	readonly ask: (request: Request) => Promise<EngineAnswer>
	/** Calls back when others had their turn. */
	readonly soon: (act: () => void) => void
	/** Told of a bug: whoever met it is let go, and all others go on. */
	readonly failed: (failure: unknown) => void
	/**
	 * The cluster as it was, by a commit's id or a time. It may take seconds, and nobody else waits for it. Absent where
	 * there is no past.
	 */
	readonly past?: (when: string) => Promise<Past | NoPast>
	/** Of what moment the cluster is, where it is no longer the one that runs: nothing is written to it. */
	readonly asOf?: string
}

/** A cluster in which nothing happens any more. */
export type Past = {
	readonly cluster: Cluster
	/** How large it is when it is saved. */
	readonly bytes: number
	/** The moment, for people. */
	readonly asOf: string
}
/** Why nobody can say what the cluster was then. */
export type NoPast = { readonly message: string }
