import { deepFreeze } from "../base/index.ts"
import {
	findKind,
	groupOf,
	type KubeObject,
	keyOf,
	keyParts,
	kindDefinedBy,
	type ObjectKey,
	objectKey,
} from "../kube/index.ts"

/** The custom kinds whose objects are in a namespace, by the CustomResourceDefinitions that count. */
export class NamespacedKinds {
	readonly #byDefinition = new Map<ObjectKey, string>()
	#kinds: ReadonlySet<string> = new Set()

	/** What a definition says now, undefined once it is gone; true where that changes anything. */
	define(key: ObjectKey, definition: KubeObject | undefined): boolean {
		const kind = definition && namespacedKind(definition)
		if (this.#byDefinition.get(key) === kind) return false
		if (kind === undefined) this.#byDefinition.delete(key)
		else this.#byDefinition.set(key, kind)
		this.#kinds = new Set(this.#byDefinition.values())
		return true
	}

	/** The object where the API server would put it: in `default`, where its kind needs a namespace and it names none. */
	place(object: KubeObject): KubeObject {
		const { apiVersion, kind, metadata } = object
		if (metadata.namespace !== undefined || !this.#kinds.has(`${groupOf(apiVersion)}/${kind}`)) return object
		return inDefault(object)
	}
}

export function isDefinition(key: ObjectKey): boolean {
	return key.startsWith("apiextensions.k8s.io/CustomResourceDefinition/")
}

/** What a file says, as the object of this key; undefined where it is another. Its definition may put it in `default`. */
export function asObject(written: KubeObject, key: ObjectKey): KubeObject | undefined {
	const own = keyOf(written)
	if (own === key) return written
	return keyInDefault(own) === key ? inDefault(written) : undefined
}

/** The key once a definition puts it in `default`; itself where none can. */
export function keyInDefault(key: ObjectKey): ObjectKey {
	const parts = keyParts(key)
	if (parts.namespace !== "" || findKind(parts.group, parts.kind) !== undefined) return key
	return objectKey({ ...parts, namespace: "default" })
}

function inDefault(object: KubeObject): KubeObject {
	return deepFreeze({ ...object, metadata: { ...object.metadata, namespace: "default" } })
}

function namespacedKind(definition: KubeObject): string | undefined {
	const defined = kindDefinedBy(definition)
	if (defined?.namespaced !== true || findKind(defined.group, defined.kind) !== undefined) return undefined
	return `${defined.group}/${defined.kind}`
}
