import type { Kind, KubeObject } from "../../kube/index.ts"
import type { ClusterReader } from "../reader.ts"
import { customColumns } from "./custom-columns.ts"
import { documentOf, type ListFormat, type PrintOptions, printDocuments, printObjects, sortObjects } from "./print.ts"
import { parseResources, type ResourceQuery, readOrThrow } from "./query.ts"
import { fieldSelector, fieldText, labelSelector } from "./selector.ts"
import { jsonPathTemplate } from "./template.ts"

export type GetFlags = {
	readonly format: ListFormat
	readonly namespace?: string
	readonly allNamespaces?: boolean
	readonly selector?: string
	readonly fieldSelector?: string
	readonly sortBy?: string
	readonly showLabels?: boolean
	readonly labelColumns?: string
	readonly noHeaders?: boolean
	/** What to print instead, as its reader writes it: the texts of `-o custom-columns=` and `-o jsonpath=`. */
	readonly customColumns?: string
	readonly jsonPath?: string
}

/** What `get` prints; `note` is for standard error, where nothing was found. Throws a CliError for what is not there. */
export function printResources(
	reader: ClusterReader,
	words: readonly string[],
	flags: GetFlags,
): { out: string; note: string } {
	const queries = parseResources(words, reader)
	// What is wrong with them is said whatever there is.
	const columns = flags.customColumns === undefined ? undefined : customColumns(flags.customColumns)
	const template = flags.jsonPath === undefined ? undefined : jsonPathTemplate(flags.jsonPath)
	const found = queries.map((query) => ({ kind: query.kind, objects: select(reader, query, flags) }))
	const named = queries.some((query) => query.names.length > 0)
	const options: PrintOptions = {
		format: flags.format,
		now: reader.now(),
		noHeaders: flags.noHeaders === true,
		allNamespaces: flags.allNamespaces === true,
		showLabels: flags.showLabels === true,
		labelColumns: flags.labelColumns?.split(",").filter((label) => label !== "") ?? [],
		withKind: queries.length > 1,
		single: named && found.reduce((count, entry) => count + entry.objects.length, 0) === 1,
	}
	const objects = found.flatMap((entry) => entry.objects)
	if (template !== undefined) return { out: template(documentOf(objects, options)), note: "" }
	if (flags.format === "json" || flags.format === "yaml") return { out: printDocuments(objects, options), note: "" }
	if (columns !== undefined && objects.length > 0)
		return { out: columns(objects, options.noHeaders === true), note: "" }
	const filled = found.filter((entry) => entry.objects.length > 0)
	return {
		out: filled
			.map((entry) => printObjects(entry.kind, entry.objects, options))
			.join(flags.format === "name" ? "" : "\n"),
		note: filled.length === 0 ? nothingFound(queries, flags) : "",
	}
}

function select(reader: ClusterReader, { kind, names }: ResourceQuery, flags: GetFlags): readonly KubeObject[] {
	if (names.length > 0) return names.map((name) => readOrThrow(reader, kind, name, flags.namespace))
	const labels = flags.selector === undefined ? undefined : labelSelector(flags.selector)
	const fields = flags.fieldSelector === undefined ? undefined : fieldSelector(flags.fieldSelector)
	const objects: KubeObject[] = []
	for (const object of reader.list(listQuery(kind, flags))) {
		if (labels && !labels(object.metadata.labels)) continue
		if (fields && !fields(object)) continue
		objects.push(object)
	}
	const { sortBy } = flags
	return sortBy === undefined ? objects : sortObjects(objects, (object) => fieldText(object, sortBy))
}

function listQuery(kind: Kind, flags: GetFlags) {
	const namespace = kind.namespaced && !flags.allNamespaces ? (flags.namespace ?? "default") : undefined
	// Pods of one node are found without looking at all others.
	const nodeName = /(?:^|,)spec\.nodeName==?([^,]+)/.exec(flags.fieldSelector ?? "")?.[1]
	return {
		group: kind.group,
		kind: kind.kind,
		...(namespace === undefined ? {} : { namespace }),
		...(nodeName !== undefined && kind.kind === "Pod" ? { nodeName } : {}),
	}
}

function nothingFound(queries: readonly ResourceQuery[], flags: GetFlags): string {
	const namespaced = queries.some((query) => query.kind.namespaced)
	if (!namespaced || flags.allNamespaces) return "No resources found"
	return `No resources found in ${flags.namespace ?? "default"} namespace.`
}
