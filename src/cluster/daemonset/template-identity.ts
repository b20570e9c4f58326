import { canonicalJson, type JsonObject } from "../../base/index.ts"
import { decode, type PodTemplate } from "../../kube/index.ts"

/** A memo, not state: records never change, and every sync asks about the same few. */
const known = new WeakMap<object, string>()

/**
 * H1: the one text of a template as the API's types read it: equal texts are one version. Explicit zeros equal absent
 * members, where those types do not tell them apart; the order of lists matters; a revision's `$patch` does not.
 */
export function templateIdentity(template: PodTemplate): string {
	const before = known.get(template)
	if (before !== undefined) return before
	const { $patch: _, ...rest } = template as unknown as JsonObject
	const typed = decode({ apiVersion: "v1", kind: "PodTemplate", template: rest }).object
	const identity = canonicalJson(typed["template"] ?? {})
	known.set(template, identity)
	return identity
}
