import { byCodeUnit, type JsonObject } from "../../base/index.ts"
import { type Kind, type KubeObject, keyOf, labelText } from "../../kube/index.ts"
import { formatDocument, sortMembers } from "../output/document.ts"
import { formatTable } from "../output/table.ts"
import { oneLine } from "../output/visible.ts"
import { columnsFor, objectName } from "./kinds.ts"

export type ListFormat = "table" | "wide" | "name" | "json" | "yaml"

export type PrintOptions = {
	readonly format: ListFormat
	readonly now: number
	readonly noHeaders?: boolean
	readonly allNamespaces?: boolean
	readonly showLabels?: boolean
	/** `-L`: one column for each of these labels. */
	readonly labelColumns?: readonly string[]
	/** `pod/x` instead of `x`: where several kinds are printed at once. */
	readonly withKind?: boolean
	/** The one object that was asked for by name is printed as itself, not as a list. */
	readonly single?: boolean
}

/** Objects of one kind as kubectl prints them; ends with a line break. */
export function printObjects(kind: Kind, objects: readonly KubeObject[], options: PrintOptions): string {
	if (options.format === "json" || options.format === "yaml") return printDocuments(objects, options)
	if (options.format === "name") return objects.map((object) => `${oneLine(objectName(keyOf(object)))}\n`).join("")
	const columns = columnsFor(kind).filter(({ priority }) => priority === 0 || options.format === "wide")
	const namespaced = kind.namespaced && options.allNamespaces === true
	const extra = options.labelColumns ?? []
	const header = [
		...(namespaced ? ["NAMESPACE"] : []),
		...columns.map((column) => column.name.toUpperCase()),
		...extra.map((label) => (label.split("/").at(-1) ?? label).toUpperCase()),
		...(options.showLabels ? ["LABELS"] : []),
	]
	const rows = objects.map((object) => [
		...(namespaced ? [object.metadata.namespace ?? ""] : []),
		...columns.map((column) =>
			options.withKind && column.name === "Name" && column.priority === 0
				? objectName(keyOf(object))
				: String(column.cell(object, options.now) ?? ""),
		),
		...extra.map((label) => ownLabel(object, label)),
		...(options.showLabels ? [labelText(object.metadata.labels) || "<none>"] : []),
	])
	return formatTable(header, rows, { noHeaders: options.noHeaders === true })
}

/** `kind: List`, as kubectl wraps what it was asked for, or the one object itself; without managedFields, as kubectl. */
export function printDocuments(objects: readonly KubeObject[], options: PrintOptions): string {
	return formatDocument(sortMembers(documentOf(objects, options)), options.format === "yaml" ? "yaml" : "json")
}

/** The document itself. */
export function documentOf(objects: readonly KubeObject[], { single }: Pick<PrintOptions, "single">): JsonObject {
	const shown = objects.map(withoutManagers)
	const [first] = shown
	if (single && first) return first
	return { apiVersion: "v1", items: shown, kind: "List", metadata: { resourceVersion: "" } }
}

function withoutManagers(object: KubeObject): KubeObject {
	const { managedFields: _, ...metadata } = object.metadata
	return { ...object, metadata }
}

/** By the text or number at a path such as `.spec.nodeName` or `{.metadata.name}`. */
export function sortObjects(
	objects: readonly KubeObject[],
	field: (object: KubeObject) => string,
): readonly KubeObject[] {
	return [...objects].sort((a, b) => compareFields(field(a), field(b)))
}

function compareFields(a: string, b: string): number {
	const numbers = a !== "" && b !== "" ? Number(a) - Number(b) : Number.NaN
	return Number.isNaN(numbers) ? byCodeUnit(a, b) : numbers
}

function ownLabel(object: KubeObject, label: string): string {
	const labels = object.metadata.labels ?? {}
	return Object.hasOwn(labels, label) ? (labels[label] ?? "") : ""
}
