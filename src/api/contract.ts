import type { Cluster } from "../cluster/index.ts"
import type { Answer as EngineAnswer, Request } from "../engine/index.ts"
import type { KubeObject, ObjectKey } from "../kube/index.ts"

/** What the API needs of the rest of Rollcall. */
export type ApiParts = {
	/** Undefined until the first commit is read. Asked anew for each request. */
	readonly cluster: () => Cluster | undefined
	/** What git describes of an object. */
	readonly described: (key: ObjectKey) => KubeObject | undefined
	/** Answers when what was asked is durable. */
	readonly ask: (request: Request) => Promise<EngineAnswer>
}
