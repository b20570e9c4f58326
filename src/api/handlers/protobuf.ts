import type { Json, JsonObject } from "../../base/index.ts"

/**
 * Messages that kubectl sends as protobuf whatever the server says that it reads: a number per field, with its name and
 * type. Fields that are not listed are passed over.
 */
type Message = {
	readonly [field: number]: readonly [name: string, type: Message | "text" | "texts" | "number" | "flag"]
}

const DELETE_OPTIONS: Message = {
	1: ["gracePeriodSeconds", "number"],
	2: ["preconditions", { 1: ["uid", "text"], 2: ["resourceVersion", "text"] }],
	3: ["orphanDependents", "flag"],
	4: ["propagationPolicy", "text"],
	5: ["dryRun", "texts"],
}
const METADATA: Message = { 1: ["name", "text"], 3: ["namespace", "text"] }
const RESOURCE: Message = {
	1: ["namespace", "text"],
	2: ["verb", "text"],
	3: ["group", "text"],
	4: ["version", "text"],
	5: ["resource", "text"],
	6: ["subresource", "text"],
	7: ["name", "text"],
}
const MESSAGES: { readonly [kind: string]: Message } = {
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
	for (const { field, value } of fields) {
		const [name, type] = message[field] ?? []
		if (name === undefined || type === undefined) continue
		const read = readField(value, type)
		if (read === undefined) return undefined
		object.set(name, type === "texts" ? [...((object.get(name) as readonly Json[] | undefined) ?? []), read] : read)
	}
	return Object.fromEntries(object)
}

function readField(value: number | Uint8Array, type: Message[number][1]): Json | undefined {
	if (type === "number") return typeof value === "number" ? value : undefined
	if (type === "flag") return typeof value === "number" ? value !== 0 : undefined
	if (typeof value === "number") return undefined
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
