import { isObject, type Json } from "../../base/index.ts"
import type { PodSelector } from "../../cluster/index.ts"
import { type FieldTerm, fieldText, type KubeObject, parseSelectorText } from "../../kube/index.ts"
import type { Resource } from "./resources.ts"

/** Which objects of a collection are meant. */
export type Selection = {
	readonly matches: (object: KubeObject) => boolean
	/** Everything is. */
	readonly all: boolean
	/** The same, asked of pods before they are made. */
	readonly pods: PodSelector
}

/** Fields that each kind can be selected by, beside its name and namespace. */
const FIELDS: { readonly [kind: string]: string } = {
	"/Pod":
		"spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName spec.hostNetwork status.phase " +
		"status.podIP status.podIPs status.nominatedNodeName",
	"/Event":
		"involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid involvedObject.apiVersion " +
		"involvedObject.resourceVersion involvedObject.fieldPath reason reportingComponent source type",
	"/Node": "spec.unschedulable",
	"/Namespace": "status.phase",
	"/Secret": "type",
	"batch/Job": "status.successful",
	"events.k8s.io/Event":
		"regarding.kind regarding.namespace regarding.name regarding.uid regarding.apiVersion regarding.resourceVersion " +
		"regarding.fieldPath reason reportingController type",
}

/** What `labelSelector` and `fieldSelector` select; or why they cannot be read. */
export function selectionOf(query: URLSearchParams, resource: Resource): Selection | { readonly error: string } {
	const labelText = query.get("labelSelector") ?? ""
	const labels = parseSelectorText(labelText)
	if ("error" in labels) return { error: labels.error }
	const terms = fieldTerms(query.get("fieldSelector") ?? "", resource)
	if ("unknown" in terms) return { error: unknownField(terms.unknown, resource) }
	if ("error" in terms) return terms
	return {
		all: labels.empty && terms.length === 0,
		matches: (object) =>
			(labels.empty || labels.matches(object.metadata.labels)) &&
			terms.every(({ path, equal, value }) => (fieldText(object, path) === value) === equal),
		pods: { ...(labels.empty ? {} : { labels: labels.matches }), fields: terms },
	}
}

/** kubectl says itself what it looked for. */
function unknownField(field: string, { group, kind }: Resource): string {
	if (Object.hasOwn(FIELDS, `${group}/${kind}`)) return `field label not supported: ${field}`
	return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

/** What selectors look at, and what names the object: all that has to be kept of it to know whether it was selected. */
export function selectableOf(object: KubeObject, { group, kind }: { group: string; kind: string }): KubeObject {
	const { apiVersion, metadata } = object
	const { name, namespace, uid, labels, resourceVersion, creationTimestamp } = metadata
	// Filled in place: of copies with one member more each has a hidden class of its own, which costs more than all of it.
	const kept: { [member: string]: Json } = {}
	const parts = new Map<string, { [member: string]: Json }>()
	for (const path of (FIELDS[`${group}/${kind}`] ?? "").split(" ")) {
		const [first = "", second] = path === "source" ? ["source", "component"] : path.split(".")
		const value = object[first]
		if (second === undefined) kept[first] = value ?? null
		else if (isObject(value) && Object.hasOwn(value, second)) {
			const members: { [member: string]: Json } = parts.get(first) ?? {}
			members[second] = value[second] ?? null
			parts.set(first, members)
			kept[first] = members
		}
	}
	const named = { name, namespace, uid, labels, resourceVersion, creationTimestamp } as KubeObject["metadata"]
	return Object.assign(kept, { apiVersion, kind: object.kind, metadata: named })
}

type Unread = { readonly error: string } | { readonly unknown: string }

function fieldTerms(text: string, { group, kind }: Resource): readonly FieldTerm[] | Unread {
	const terms: FieldTerm[] = []
	for (const part of text.split(",")) {
		if (part.trim() === "") continue
		const match = /^(?<path>[^=!]+)(?<sign>!=|==|=)(?<value>.*)$/s.exec(part)?.groups
		if (match === undefined) return { error: `invalid selector: '${text}'; can't understand '${part}'` }
		const { path = "", sign, value = "" } = match
		const known = (FIELDS[`${group}/${kind}`] ?? "").split(" ")
		if (path !== "metadata.name" && path !== "metadata.namespace" && !known.includes(path)) return { unknown: path }
		terms.push({ path, equal: sign !== "!=", value })
	}
	return terms
}
