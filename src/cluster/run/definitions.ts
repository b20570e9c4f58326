import { findKind, groupOf, type KubeObject, kindDefinedBy, type ObjectKey } from "../../kube/index.ts"
import type { Machine } from "../writes/machine.ts"

/** What a CustomResourceDefinition waits by for its objects. */
export const CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
const DEFINITIONS = "apiextensions.k8s.io/CustomResourceDefinition/"

/** G12: the objects of the kind that a CustomResourceDefinition defines; none of any other object. */
export function instancesOf({ state }: Machine, definition: KubeObject): readonly KubeObject[] {
	const kind = kindDefinedBy(definition)
	if (kind === undefined || findKind(kind.group, kind.kind) !== undefined) return []
	const prefix = `${kind.group}/${kind.kind}/`
	return [...state.objects].flatMap(([key, object]) => (key.startsWith(prefix) ? [object] : []))
}

/** The definitions of an object's kind; none where it is built in. */
export function definitionsOf({ state }: Machine, { apiVersion, kind }: KubeObject): readonly ObjectKey[] {
	const group = groupOf(apiVersion)
	if (findKind(group, kind) !== undefined) return []
	return [...state.objects].flatMap(([key, object]) => {
		if (!key.startsWith(DEFINITIONS)) return []
		const defined = kindDefinedBy(object)
		return defined?.group === group && defined.kind === kind ? [key] : []
	})
}
