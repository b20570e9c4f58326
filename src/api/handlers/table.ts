import type { Instant, JsonObject } from "../../base/index.ts"
import { type Column, columnsOf, type KubeObject } from "../../kube/index.ts"
import type { MetaVersion } from "../route/accept.ts"
import type { Resource } from "../route/resources.ts"
import { coreEvent, isEvent } from "./event-forms.ts"
import { type Included, type ListMeta, metadataOf } from "./shapes.ts"

export type TableOptions = {
	readonly now: Instant
	readonly included: Included
	readonly metadata: ListMeta
	readonly metaVersion: MetaVersion
	/** Columns are told once: the Tables of a watch after the first have none. */
	readonly withoutColumns?: boolean
}

/** The objects as rows: what `kubectl get` prints. Ages are of cluster time. */
export function tableOf(resource: Resource, objects: readonly KubeObject[], options: TableOptions): JsonObject {
	return {
		kind: "Table",
		apiVersion: `meta.k8s.io/${options.metaVersion}`,
		metadata: options.metadata,
		columnDefinitions: options.withoutColumns === true ? null : columnsFor(resource).map(definition),
		rows: objects.map((object) => rowOf(resource, object, options)),
	}
}

export function rowOf(
	resource: Resource,
	object: KubeObject,
	{ now, included, metaVersion }: Pick<TableOptions, "now" | "included" | "metaVersion">,
): JsonObject {
	const told = isEvent(resource) ? coreEvent(object) : object
	const cells = columnsFor(resource).map(({ cell }) => cell(told, now))
	if (included === "None") return { cells }
	return { cells, object: included === "Object" ? object : metadataOf(object, metaVersion) }
}

function columnsFor({ group, kind, defined }: Resource): readonly Column[] {
	return defined?.columns ?? columnsOf(group, kind)
}

function definition({ name, type, format, description = "", priority }: Column): JsonObject {
	return { name, type, format, description, priority }
}
