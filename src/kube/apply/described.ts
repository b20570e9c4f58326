import { findKind } from "../kinds.ts"
import { groupOf, type KubeObject, type ObjectMeta } from "../object.ts"

export const ASSIGNED: readonly (keyof ObjectMeta)[] = [
	"uid",
	"resourceVersion",
	"generation",
	"creationTimestamp",
	"deletionTimestamp",
	"deletionGracePeriodSeconds",
	"managedFields",
]

/**
 * A12: the part of a written object that its author can own: without what the server assigns, without a namespace where
 * the kind has none, and without status, but for a Node's, which stands for the machine. The object itself where that
 * is all of it.
 */
export function describedPart(object: KubeObject): KubeObject {
	const { metadata } = object
	const namespaced = findKind(groupOf(object.apiVersion), object.kind)?.namespaced !== false
	const kept = Object.entries(metadata).filter(
		([name]) =>
			!ASSIGNED.includes(name as keyof ObjectMeta) && name !== "selfLink" && (namespaced || name !== "namespace"),
	)
	const clean = kept.length === Object.keys(metadata).length
	const dropsStatus = object["status"] !== undefined && object.kind !== "Node"
	if (clean && !dropsStatus) return object
	const described = clean ? metadata : (Object.fromEntries(kept) as ObjectMeta)
	const { status, ...rest } = object
	return { ...rest, ...(dropsStatus || status === undefined ? {} : { status }), metadata: described } as KubeObject
}
