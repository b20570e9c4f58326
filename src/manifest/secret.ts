import { canonicalJson, hmacSha256, isObject, type Json, type JsonObject } from "../base/index.ts"
import type { KubeObject } from "../kube/index.ts"

/** Twelve letters of the base64 alphabet, so that a digest in `data` is still valid base64. */
const MARK = "hmac+sha256/"
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

/** What stands in the place of a secret value: equal values give equal digests, and only who has the key can tell which. */
function secretDigest(key: string, value: string | Uint8Array): string {
	return MARK + hmacSha256(key, value)
}

/**
 * The object without secrets: values of a Secret become digests, also where its last-applied annotation says them, which
 * is a digest as a whole where it is no object. `stringData` goes
 * into `data`, as the API server does it, so that a value has one digest however it was written. What is as `live` has it
 * is a digest already.
 */
export function withoutSecrets(object: KubeObject, key: string, live?: KubeObject): KubeObject {
	const annotated = withoutLastApplied(object, key, live)
	if (!isSecret(object)) return annotated
	const { data, stringData, ...rest } = annotated as JsonObject
	const digests = new Map<string, Json>()
	const known = new Map(membersOf(live?.["data"]))
	for (const [name, value] of membersOf(data)) {
		digests.set(name, known.get(name) === value ? value : secretDigest(key, decoded(value)))
	}
	for (const [name, value] of membersOf(stringData)) digests.set(name, secretDigest(key, textOf(value)))
	const redacted = rest as KubeObject
	return digests.size === 0 ? redacted : { ...redacted, data: Object.fromEntries(digests) }
}

export function isSecret(object: { readonly apiVersion?: Json; readonly kind?: Json }): boolean {
	return object.kind === "Secret" && object.apiVersion === "v1"
}

/** SOPS leaves its own record beside the fields it has encrypted. */
export function isSopsEncrypted(object: JsonObject): boolean {
	const record = object["sops"]
	return isObject(record) && (Object.hasOwn(record, "mac") || Object.hasOwn(record, "lastmodified"))
}

function withoutLastApplied(object: KubeObject, key: string, live?: KubeObject): KubeObject {
	const annotations = object.metadata.annotations
	if (!isObject(annotations) || !Object.hasOwn(annotations, LAST_APPLIED)) return object
	if (live?.metadata.annotations?.[LAST_APPLIED] === annotations[LAST_APPLIED]) return object
	const text = lastApplied(textOf(annotations[LAST_APPLIED]), isSecret(object), key)
	return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } }
}

/** kubectl reads it again, so it stays the object that it is; what is in a Secret counts as one. */
function lastApplied(text: string, secret: boolean, key: string): string {
	const object = objectIn(text)
	if (object === undefined) return secretDigest(key, text)
	if (!secret && !isSecret(object)) return text
	const { annotations: _, ...metadata } = isObject(object["metadata"]) ? object["metadata"] : {}
	return JSON.stringify(
		withoutSecrets({ ...object, metadata, apiVersion: "v1", kind: "Secret" } as unknown as KubeObject, key),
	)
}

function objectIn(text: string): JsonObject | undefined {
	try {
		const value: unknown = JSON.parse(text)
		return isObject(value) ? value : undefined
	} catch {
		return undefined
	}
}

function membersOf(value: Json | undefined): [string, Json][] {
	return isObject(value) ? Object.entries(value) : []
}

function textOf(value: Json | undefined): string {
	return typeof value === "string" ? value : canonicalJson(value ?? null)
}

/** The bytes that base64 stands for; text that is none (SOPS's, for one) counts as it is. */
function decoded(value: Json): string | Uint8Array {
	const text = textOf(value)
	try {
		return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
	} catch {
		return text
	}
}
