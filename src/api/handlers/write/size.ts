import { isObject, type Json } from "../../../base/index.ts"
import type { KubeObject, Refusal } from "../../../kube/index.ts"

/** What etcd takes unless it is told otherwise: 1.5 MiB. */
const MOST_OBJECT = 1_572_864
/** What stands around each value, as the server stores it. */
const AROUND = 4

/** An object that the real server would not get into its store, in the words of that. */
export function tooLarge(object: KubeObject): Refusal | undefined {
	if (sizeOf(object) <= MOST_OBJECT) return undefined
	return { reason: "TooLarge", message: "etcdserver: request is too large", causes: [] }
}

/** About as many bytes as are stored: those of all names and texts, without what JSON escapes. */
function sizeOf(value: Json | undefined): number {
	if (typeof value === "string") return Buffer.byteLength(value) + AROUND
	let size = AROUND
	if (Array.isArray(value)) for (const item of value as readonly Json[]) size += sizeOf(item)
	else if (isObject(value)) for (const name of Object.keys(value)) size += Buffer.byteLength(name) + sizeOf(value[name])
	return size
}
