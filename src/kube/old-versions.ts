import { isObject, type JsonObject } from "../base/index.ts"

export type Converted = {
	readonly object: JsonObject
	/** What to tell the user; absent where the version is current. */
	readonly warning?: string
}

const OLD = ["extensions/v1beta1", "apps/v1beta2"]
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"

/**
 * A9: DaemonSets of API versions that Kubernetes has removed, as `apps/v1`; anything else as it is. `extensions/v1beta1`
 * had its own defaults: OnDelete, and the template's labels as selector and as the DaemonSet's own.
 */
export function toCurrentVersion(object: JsonObject): Converted {
	const { apiVersion, kind } = object
	if (kind !== "DaemonSet" || typeof apiVersion !== "string" || !OLD.includes(apiVersion)) return { object }
	const current = { ...(apiVersion === "extensions/v1beta1" ? withOldDefaults(object) : object), apiVersion: "apps/v1" }
	return { object: current, warning: `${apiVersion} DaemonSet was removed in Kubernetes 1.16: it is read as apps/v1` }
}

function withOldDefaults(object: JsonObject): JsonObject {
	const { templateGeneration, ...spec } = memberOf(object, "spec")
	const metadata = memberOf(object, "metadata")
	const labels = memberOf(memberOf(memberOf(spec, "template"), "metadata"), "labels")
	const strategy = memberOf(spec, "updateStrategy")
	const labelled = isEmpty(metadata["labels"]) && !isEmpty(labels) ? { ...metadata, labels } : metadata
	const annotations = { ...memberOf(labelled, "annotations"), [TEMPLATE_GENERATION]: String(templateGeneration) }
	return {
		...object,
		metadata: typeof templateGeneration === "number" ? { ...labelled, annotations } : labelled,
		spec: {
			...spec,
			...(isEmpty(spec["selector"]) && !isEmpty(labels) ? { selector: { matchLabels: labels } } : {}),
			updateStrategy: strategy["type"] === undefined ? { ...strategy, type: "OnDelete" } : strategy,
		},
	}
}

function memberOf(object: JsonObject, name: string): JsonObject {
	const value = object[name]
	return isObject(value) ? value : {}
}

function isEmpty(value: JsonObject[string] | undefined): boolean {
	return !isObject(value) || Object.keys(value).length === 0
}
