import { isObject, type Json } from "../../base/index.ts"
import type { KubeObject, ObjectKey } from "../../kube/index.ts"
import { formatDocument, sortMembers } from "../output/document.ts"
import { alignTabs } from "../output/table.ts"
import { visible } from "../output/visible.ts"
import type { ClusterReader } from "../reader.ts"
import { eventLines } from "./events.ts"
import { annotationItems, cell, labelItems, listLines } from "./lines.ts"

/** Any other object: its names, what it holds, and the Events about it. */
export function describeObject(reader: ClusterReader, key: ObjectKey, object: KubeObject): string {
	const { apiVersion, kind, metadata, ...rest } = object
	const head = [
		`Name:\t${cell(metadata.name)}`,
		...(metadata.namespace ? [`Namespace:\t${cell(metadata.namespace)}`] : []),
		...listLines("Labels", labelItems(metadata.labels)),
		...listLines("Annotations", annotationItems(metadata.annotations)),
		`API Version:\t${cell(apiVersion)}`,
		`Kind:\t${cell(kind)}`,
	]
	const content: Json = rest as Json
	const body = isObject(content) && Object.keys(content).length > 0 ? formatDocument(sortMembers(content), "yaml") : ""
	return `${alignTabs(head.join("\n"))}${visible(body)}${alignTabs(eventLines(reader, key).join("\n"))}`
}
