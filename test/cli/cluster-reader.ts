import type { ClusterReader } from "../../src/cli/reader.ts"
import { type KubeObject, keyOf, keyParts } from "../../src/kube/index.ts"

/** A cluster that holds these objects and stands still. */
export function clusterReader(objects: readonly KubeObject[], now: number): ClusterReader {
	const byKey = new Map(objects.map((object) => [keyOf(object), object]))
	return {
		now: () => now,
		read: (key) => byKey.get(key),
		why: () => undefined,
		stepsSoFar: () => undefined,
		*list(query) {
			for (const [key, object] of byKey) {
				const { group, kind, namespace } = keyParts(key)
				if (group !== query.group || kind !== query.kind) continue
				if (query.namespace !== undefined && query.namespace !== namespace) continue
				const spec = object["spec"] as { readonly nodeName?: string } | undefined
				if (query.nodeName !== undefined && spec?.nodeName !== query.nodeName) continue
				yield object
			}
		},
	}
}
