import type { Json } from "../base/index.ts"
import type { KubeObject, ObjectKey } from "../kube/index.ts"

/** One object's difference between two states, field by field. */
export type Change = {
	readonly key: ObjectKey
	readonly action: "create" | "update" | "delete"
	/** What git described last, where it described it. */
	readonly before?: KubeObject
	/** What git describes now; absent where the object is pruned. */
	readonly after?: KubeObject
	/** What will be different in the cluster. Empty for an update that only changes whose field it is. */
	readonly fields: readonly FieldChange[]
	/** Where `after` stands. */
	readonly path?: string
	readonly line?: number
}

/** `path` is spelled as the API server spells it; in keyed lists by key: `spec.containers[name=agent].image`. */
export type FieldChange = { readonly path: string; readonly before?: Json; readonly after?: Json }

/** What git describes of one object, and where. */
export type Described = { readonly object: KubeObject; readonly path: string; readonly line: number }

/** A guard's word: the commit would take away more than may go unasked. */
export type Hold = {
	readonly rule: "removes-nodes" | "removes-daemonsets" | "no-manifests"
	readonly message: string
	readonly removed: number
	readonly of: number
}
