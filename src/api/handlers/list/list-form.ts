import type { JsonObject } from "../../../base/index.ts"
import type { Cluster } from "../../../cluster/index.ts"
import type { KubeObject } from "../../../kube/index.ts"
import type { Call } from "../handler.ts"
import { kindNameOf, queryFor, readAll } from "../read.ts"
import { itemOf, type ListMeta, listOf, metadataList, metadataOf } from "../shapes.ts"
import { rowOf, tableOf } from "../table.ts"
import type { Place } from "./continue.ts"
import type { ListOptions } from "./list-options.ts"

/** How what is in the cluster is told as a list. */
export type ListForm = {
	/** The list without its items, which are its last member. */
	readonly empty: (metadata: ListMeta) => JsonObject
	/** What there is, in order, as text; undefined in place of what is not selected. */
	readonly items: () => Iterable<ListItem | undefined>
}

export type ListItem = { readonly text: string; readonly place: () => Place }

export function listForm({ target, accepted }: Call, cluster: Cluster, options: ListOptions): ListForm {
	const { resource, namespace } = target
	const { selection, included, from } = options
	const now = cluster.now()
	const query = queryFor(resource, namespace, selection, from?.after)
	const items = (shown: (object: KubeObject) => object) =>
		function* () {
			for (const object of readAll(cluster, resource, query)) {
				const isListed = selection.all || selection.matches(object)
				yield isListed ? { text: JSON.stringify(shown(object)), place: () => placeOf(object) } : undefined
			}
		}
	const { shape, metaVersion } = accepted
	switch (shape) {
		case "table":
			return {
				empty: (metadata) => tableOf(resource, [], { now, included, metadata, metaVersion }),
				items: items((object) => rowOf(resource, object, { now, included, metaVersion })),
			}
		case "metadata":
			return {
				empty: (metadata) => metadataList(metadata, metaVersion),
				items: items((object) => metadataOf(object, metaVersion)),
			}
		default: {
			// They are many: none is made to be listed.
			const arePods = kindNameOf(resource) === "/Pod"
			return {
				empty: (metadata) => listOf(resource, metadata, []),
				items: arePods ? () => itemsOf(cluster.texts(query)) : items((object) => itemOf(resource, object)),
			}
		}
	}
}

function* itemsOf(texts: Iterable<string>): Generator<ListItem> {
	for (const text of texts) yield { text, place: () => placeOf(JSON.parse(text)) }
}

function placeOf({ metadata }: Pick<KubeObject, "metadata">): Place {
	return { namespace: metadata.namespace ?? "", name: metadata.name }
}
