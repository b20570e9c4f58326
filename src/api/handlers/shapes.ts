import type { JsonObject } from "../../base/index.ts"
import type { KubeObject } from "../../kube/index.ts"
import type { MetaVersion } from "../route/accept.ts"
import type { Resource } from "../route/resources.ts"

export type ListMeta = {
	readonly resourceVersion: string
	readonly continue?: string
	/** How many there are after this page, where that is known. */
	readonly remainingItemCount?: number
}

/** Whether rows of a Table carry nothing, the metadata, or the object: `includeObject`. */
export type Included = "None" | "Metadata" | "Object"

export function includedIn(query: URLSearchParams): Included | undefined {
	const asked = query.get("includeObject") ?? ""
	if (asked === "") return "Metadata"
	return asked === "None" || asked === "Metadata" || asked === "Object" ? asked : undefined
}

/** Metadata alone: what `as=PartialObjectMetadata` gives. */
export function metadataOf({ metadata }: KubeObject, version: MetaVersion): JsonObject {
	const apiVersion = `meta.k8s.io/${version}`
	return { kind: "PartialObjectMetadata", apiVersion, metadata: metadata as unknown as JsonObject }
}

/** A list in the kind's own form. */
export function listOf(resource: Resource, metadata: ListMeta, objects: readonly KubeObject[]): JsonObject {
	const { group, version, kind, defined } = resource
	return {
		kind: defined?.listKind ?? `${kind}List`,
		apiVersion: group === "" ? version : `${group}/${version}`,
		metadata,
		items: objects.map((object) => itemOf(resource, object)),
	}
}

/** Items do not say what they are, the list does; but for custom resources. */
export function itemOf({ defined }: Resource, object: KubeObject): JsonObject {
	if (defined !== undefined) return object
	const { kind: _kind, apiVersion: _version, ...rest } = object
	return rest
}

/** The list of none of them. */
export function metadataList(metadata: ListMeta, version: MetaVersion): JsonObject {
	return { kind: "PartialObjectMetadataList", apiVersion: `meta.k8s.io/${version}`, metadata, items: [] }
}
