import type { KubeObject } from "../../kube/index.ts"

/** An object as it is told of, and the version that it is told with: clients come back with that. */
export type Edition = {
	readonly object: KubeObject
	readonly version: number
	/** The object as text, by how it is to be shown: made once for all who want the same. */
	readonly texts: Map<string, string>
}

export function editionOf(object: KubeObject, version = versionOf(object)): Edition {
	return { object, version, texts: new Map() }
}

export function versionOf({ metadata }: KubeObject): number {
	return Number(metadata.resourceVersion ?? 0)
}
