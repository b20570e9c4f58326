import type { Json, JsonObject } from "../../base/index.ts"
import { type Message, messageNamed, messageOfKind } from "./protobuf-messages.ts"

const MAGIC = [0x6b, 0x38, 0x73, 0]
const TYPE = 1
const RAW = 2

/** The object that these bytes are; undefined where it is none of those that kubectl sends so, or has more than those. */
export function readProtobuf(bytes: Uint8Array): JsonObject | undefined {
	if (MAGIC.some((byte, index) => bytes[index] !== byte)) return undefined
	const envelope = fieldsOf(bytes.subarray(MAGIC.length)) ?? []
	const part = (number: number) => {
		const value = envelope.findLast(({ field }) => field === number)?.value
		return typeof value === "number" ? undefined : value
	}
	const [apiVersion = "", kind = ""] = [1, 2].map((number) => textIn(part(TYPE), number))
	const message = messageOfKind(kind)
	const object = message && readMessage(part(RAW) ?? new Uint8Array(), message)
	return object && { apiVersion, kind, ...object }
}

function textIn(bytes: Uint8Array | undefined, number: number): string {
	const value = fieldsOf(bytes ?? new Uint8Array())?.find(({ field }) => field === number)?.value
	return value === undefined || typeof value === "number" ? "" : new TextDecoder().decode(value)
}

function readMessage(bytes: Uint8Array, message: Message): JsonObject | undefined {
	const object = new Map<string, Json>()
	for (const { field, value } of fieldsOf(bytes) ?? [UNREADABLE]) {
		const known = message.get(field)
		if (known === undefined) {
			// What is not set is written as nothing. What is set must not get lost.
			if (value === 0 || (typeof value !== "number" && value.length === 0)) continue
			return undefined
		}
		const { name, type } = known
		if (type === "-") continue
		const read = readField(value, type.replace(/^[[~{]/, ""), type.startsWith("{"))
		if (read === undefined) return undefined
		const before = object.get(name)
		if (type.startsWith("[")) object.set(name, [...((before as readonly Json[] | undefined) ?? []), read])
		else if (type.startsWith("{")) object.set(name, { ...(before as JsonObject | undefined), ...(read as JsonObject) })
		else if (type.startsWith("~")) for (const [own, inner] of Object.entries(read as JsonObject)) object.set(own, inner)
		else if (read !== "") object.set(name, read)
	}
	return Object.fromEntries(object)
}

/** A field that nothing has: of bytes that end too early. */
const UNREADABLE: Read = { field: -1, value: 1 }

function readField(value: number | Uint8Array, type: string, isEntry: boolean): Json | undefined {
	if (type === "i") return typeof value === "number" ? value : undefined
	if (type === "b") return typeof value === "number" ? value !== 0 : undefined
	if (typeof value === "number") return undefined
	if (isEntry) return readEntry(value, type)
	if (type === "y") return Buffer.from(value).toString("base64")
	if (type === "q") return textIn(value, 1)
	if (type === "x") return readIntOrString(value)
	return type.startsWith("@") ? readMessage(value, messageNamed(type.slice(1))) : new TextDecoder().decode(value)
}

/** One entry of a map. */
function readEntry(bytes: Uint8Array, type: string): JsonObject | undefined {
	const value = fieldsOf(bytes)?.find(({ field }) => field === 2)?.value ?? new Uint8Array()
	const read = readField(value, type, false)
	return read === undefined ? undefined : { [textIn(bytes, 1)]: read }
}

function readIntOrString(bytes: Uint8Array): Json {
	const fields = fieldsOf(bytes) ?? []
	const isText = fields.some(({ field, value }) => field === 1 && value === 1)
	const number = fields.find(({ field }) => field === 2)?.value
	return isText ? textIn(bytes, 3) : typeof number === "number" ? number : 0
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
