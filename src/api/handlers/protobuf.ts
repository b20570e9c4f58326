import type { Json, JsonObject } from "../../base/index.ts"

/**
 * Messages that kubectl sends as protobuf whatever the server says that it reads: a number per field, with its name and
 * type. Fields that are not listed are passed over.
 */
type Message = { readonly [field: number]: readonly [name: string, type: Type] }
/** `bytes` become base64, as JSON has them; a map is one of texts, or of bytes. */
type Type = Message | "text" | "texts" | "number" | "flag" | "bytes" | "map" | "byte-map"

const DELETE_OPTIONS: Message = {
	1: ["gracePeriodSeconds", "number"],
	2: ["preconditions", { 1: ["uid", "text"], 2: ["resourceVersion", "text"] }],
	3: ["orphanDependents", "flag"],
	4: ["propagationPolicy", "text"],
	5: ["dryRun", "texts"],
}
const METADATA: Message = {
	1: ["name", "text"],
	2: ["generateName", "text"],
	3: ["namespace", "text"],
	11: ["labels", "map"],
	12: ["annotations", "map"],
	14: ["finalizers", "texts"],
}
const RESOURCE: Message = {
	1: ["namespace", "text"],
	2: ["verb", "text"],
	3: ["group", "text"],
	4: ["version", "text"],
	5: ["resource", "text"],
	6: ["subresource", "text"],
	7: ["name", "text"],
}
/** What `kubectl create KIND` makes in its own words comes so, too. */
const MESSAGES: { readonly [kind: string]: Message } = {
	ConfigMap: { 1: ["metadata", METADATA], 2: ["data", "map"], 3: ["binaryData", "byte-map"], 4: ["immutable", "flag"] },
	Namespace: { 1: ["metadata", METADATA] },
	PriorityClass: {
		1: ["metadata", METADATA],
		2: ["value", "number"],
		3: ["globalDefault", "flag"],
		4: ["description", "text"],
		5: ["preemptionPolicy", "text"],
	},
	Secret: {
		1: ["metadata", METADATA],
		2: ["data", "byte-map"],
		3: ["type", "text"],
		4: ["stringData", "map"],
		5: ["immutable", "flag"],
	},
	ServiceAccount: { 1: ["metadata", METADATA] },
	DeleteOptions: DELETE_OPTIONS,
	Eviction: { 1: ["metadata", METADATA], 2: ["deleteOptions", DELETE_OPTIONS] },
	SelfSubjectReview: {},
	SelfSubjectRulesReview: { 2: ["spec", { 1: ["namespace", "text"] }] },
	SelfSubjectAccessReview: {
		2: [
			"spec",
			{
				1: ["resourceAttributes", RESOURCE],
				2: ["nonResourceAttributes", { 1: ["path", "text"], 2: ["verb", "text"] }],
			},
		],
	},
}
const UNKNOWN: Message = { 1: ["type", { 1: ["apiVersion", "text"], 2: ["kind", "text"] }] }
const MAGIC = [0x6b, 0x38, 0x73, 0]
const RAW = 2

/** The object that these bytes are; undefined where it is none of those that kubectl sends so. */
export function readProtobuf(bytes: Uint8Array): JsonObject | undefined {
	if (MAGIC.some((byte, index) => bytes[index] !== byte)) return undefined
	const envelope = bytes.subarray(MAGIC.length)
	const type = messageOf(envelope, UNKNOWN)?.["type"] as
		| { readonly kind?: string; readonly apiVersion?: string }
		| undefined
	const kind = type?.kind ?? ""
	const message = Object.hasOwn(MESSAGES, kind) ? MESSAGES[kind] : undefined
	const raw = [...(fieldsOf(envelope) ?? [])].findLast(({ field }) => field === RAW)?.value
	if (message === undefined || typeof raw === "number") return undefined
	const object = messageOf(raw ?? new Uint8Array(), message)
	return object === undefined ? undefined : { apiVersion: type?.apiVersion ?? "", kind, ...object }
}

function messageOf(bytes: Uint8Array, message: Message): JsonObject | undefined {
	const fields = fieldsOf(bytes)
	if (fields === undefined) return undefined
	const object = new Map<string, Json>()
	/** What comes once for each item or entry. */
	const lists = new Map<string, Json[]>()
	const maps = new Map<string, Map<string, Json>>()
	for (const { field, value } of fields) {
		const [name, type] = message[field] ?? []
		if (name === undefined || type === undefined) continue
		const read = readField(value, type)
		if (read === undefined) return undefined
		// Every text is written, also where there is none.
		if (read === "") continue
		if (type === "texts") kept(lists, name, () => []).push(read)
		else if (type === "map" || type === "byte-map") {
			const { key = "", value = "" } = read as JsonObject
			kept(maps, name, () => new Map()).set(String(key), value)
		} else object.set(name, read)
	}
	const entries = [...maps].map(([name, map]) => [name, Object.fromEntries(map)] as const)
	return Object.fromEntries([...object, ...lists, ...entries])
}

function kept<Value>(map: Map<string, Value>, name: string, make: () => Value): Value {
	const value = map.get(name) ?? make()
	map.set(name, value)
	return value
}

function readField(value: number | Uint8Array, type: Type): Json | undefined {
	if (type === "number") return typeof value === "number" ? value : undefined
	if (type === "flag") return typeof value === "number" ? value !== 0 : undefined
	if (typeof value === "number") return undefined
	if (type === "bytes") return Buffer.from(value).toString("base64")
	if (type === "map") return messageOf(value, { 1: ["key", "text"], 2: ["value", "text"] })
	if (type === "byte-map") return messageOf(value, { 1: ["key", "text"], 2: ["value", "bytes"] })
	return typeof type === "string" ? new TextDecoder().decode(value) : messageOf(value, type)
}

type Read = { readonly field: number; readonly value: number | Uint8Array }

/** Undefined where the bytes end too early, or are of a kind that no message of these has. */
function fieldsOf(bytes: Uint8Array): readonly Read[] | undefined {
	const fields: Read[] = []
	let at = 0
	const varint = (): number => {
		let value = 0n
		for (let shift = 0n; shift < 70n; shift += 7n) {
			const byte = bytes[at++]
			if (byte === undefined) return Number.NaN
			value |= BigInt(byte & 0x7f) << shift
			if (byte < 0x80) return Number(BigInt.asIntN(64, value))
		}
		return Number.NaN
	}
	while (at < bytes.length) {
		const tag = varint()
		const length = varint()
		if (Number.isNaN(tag) || Number.isNaN(length)) return undefined
		const [field, wire] = [tag >> 3, tag & 7]
		if (wire === 0) {
			fields.push({ field, value: length })
		} else if (wire === 2 && length >= 0 && at + length <= bytes.length) {
			fields.push({ field, value: bytes.subarray(at, at + length) })
			at += length
		} else return undefined
	}
	return fields
}
