import { formatInstant, type Json, type JsonObject } from "../base/index.ts"
import { type Shape, shapeOf, type Type } from "./schema/facts-reader.ts"
import { FIELD_NUMBERS } from "./schema/field-numbers.ts"
import { mayBeNone } from "./schema/kept-zeros.ts"

const MAGIC = [0x6b, 0x38, 0x73, 0]

/**
 * The object that these bytes are, as its JSON would have it; undefined where they are none, or of a kind that
 * is not known here, or with a field that is not and says something, so that nothing is lost unseen.
 */
export function readProtobuf(bytes: Uint8Array): JsonObject | undefined {
	if (MAGIC.some((byte, index) => bytes[index] !== byte)) return undefined
	const envelope = lastOf(bytes.subarray(MAGIC.length))
	const type = bytesOf(envelope?.get(1))
	const names = type && lastOf(type)
	const [apiVersion, kind] = [textOf(names?.get(1)), textOf(names?.get(2))]
	// Every group has these.
	const shape = shapeOf(kind === "DeleteOptions" ? "v1" : apiVersion, kind)
	const object = shape && readMessage(bytesOf(envelope?.get(2)) ?? new Uint8Array(), shape)
	return object && { apiVersion, kind, ...object }
}

function lastOf(bytes: Uint8Array): ReadonlyMap<number, Wire> | undefined {
	const fields = fieldsOf(bytes)
	return fields && new Map(fields.map(({ field, value }) => [field, value]))
}

/** `name`: whose numbers these are, where that is a message inside of the shape's own. */
function readMessage(bytes: Uint8Array, shape: Shape, name = shape.name): JsonObject | undefined {
	const fields = fieldsOf(bytes)
	const names = numbersOf(name)
	if (fields === undefined || names === undefined) return undefined
	const members: Members = new Map()
	for (const { field, value } of fields) {
		const member = names.get(field)
		const isSet = isBytes(value) ? value.length > 0 : value !== 0
		if (member === undefined ? isSet : !addField(members, shape, member, value)) return undefined
	}
	const plain = [...members].map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value) : value])
	return Object.fromEntries(plain)
}

type Members = Map<string, Json | Json[] | Map<string, Json>>

/** False where it cannot be read. */
function addField(members: Members, shape: Shape, member: string, value: Wire): boolean {
	if (member.startsWith("^")) {
		const inner = isBytes(value) ? readMessage(value, shape, member.slice(1)) : undefined
		for (const [name, item] of Object.entries(inner ?? {})) members.set(name, item)
		return inner !== undefined
	}
	const type = shape.fields.get(member)?.type
	if (type === undefined) return true
	if (type.kind === "map" || type.kind === "list") {
		// These come once for each entry or item.
		const before = members.get(member) ?? (type.kind === "map" ? new Map() : [])
		members.set(member, before)
		return addTo(before as Json[] | Map<string, Json>, value, type.item)
	}
	const read = readValue(value, type)
	// What cannot be left away is written also where there is none.
	const isZero = read === "" || read === 0 || read === false
	if (read !== undefined && read !== null && (!isZero || mayBeNone(shape.name, member))) members.set(member, read)
	return read !== undefined
}

/** False where the item, or the entry of a map, cannot be read. */
function addTo(before: Json[] | Map<string, Json>, value: Wire, type: Type): boolean {
	if (Array.isArray(before)) {
		const item = readValue(value, type)
		if (item !== undefined) before.push(item)
		return item !== undefined
	}
	const entry = isBytes(value) ? lastOf(value) : undefined
	const item = entry && readValue(entry.get(2) ?? new Uint8Array(), type)
	if (item !== undefined) before.set(textOf(entry?.get(1)), item)
	return item !== undefined
}

function readValue(value: Wire, type: Type): Json | undefined {
	if (type.kind === "scalar") return readScalar(value, type.code)
	if (!isBytes(value)) return undefined
	if (type.kind === "object") return readMessage(value, type.shape)
	return type.kind === "any" ? readRaw(value) : undefined
}

function readScalar(value: Wire, code: string): Json | undefined {
	if (!isBytes(value)) return code === "b" ? value !== 0 : /[il]/.test(code) ? value : undefined
	if (code === "s") return textOf(value)
	if (code === "y") return Buffer.from(value).toString("base64")
	if (code === "d") return value.length === 8 ? new DataView(value.slice().buffer).getFloat64(0, true) : undefined
	const parts = lastOf(value)
	if (parts === undefined) return undefined
	if (code === "q") return textOf(parts.get(1))
	const [first = 0, second = 0] = [parts.get(1), parts.get(2)]
	if (typeof first !== "number") return undefined
	if (code === "x") return first === 0 ? (second as number) : textOf(parts.get(3))
	if (code !== "t" || typeof second !== "number") return undefined
	return parts.size === 0 ? null : formatInstant(first * 1_000 + Math.floor(second / 1_000_000))
}

/** JSON inside of a message. */
function readRaw(value: Uint8Array): Json | undefined {
	const text = textOf(lastOf(value)?.get(1))
	try {
		return text === "" ? null : (JSON.parse(text) as Json)
	} catch {
		return undefined
	}
}

let numbers: ReadonlyMap<string, string> | undefined
const read = new Map<string, ReadonlyMap<number, string>>()

function numbersOf(message: string): ReadonlyMap<number, string> | undefined {
	const known = read.get(message)
	if (known !== undefined) return known
	numbers ??= new Map(FIELD_NUMBERS.split("\n").map((line) => [line.split(" ", 1)[0] ?? "", line]))
	const line = numbers.get(message)
	if (line === undefined) return undefined
	const names = new Map<number, string>()
	let last = 0
	for (const word of line.split(" ").slice(1)) {
		const [name = "", number] = word.split(":").reverse()
		last = number === undefined ? last + 1 : Number(number)
		names.set(last, name)
	}
	read.set(message, names)
	return names
}

/** A number, or bytes: a text, a message, or eight of a fraction. */
type Wire = number | Uint8Array

function isBytes(value: Wire | undefined): value is Uint8Array {
	return value !== undefined && typeof value !== "number"
}

function bytesOf(value: Wire | undefined): Uint8Array | undefined {
	return isBytes(value) ? value : undefined
}

function textOf(value: Wire | undefined): string {
	return isBytes(value) ? new TextDecoder().decode(value) : ""
}

/** Undefined where the bytes end too early, or are of a kind that no message of Kubernetes has. */
function fieldsOf(bytes: Uint8Array): readonly { readonly field: number; readonly value: Wire }[] | undefined {
	const fields: { readonly field: number; readonly value: Wire }[] = []
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
		const wire = tag & 7
		const value = wire === 1 ? 8 : varint()
		if (Number.isNaN(tag) || Number.isNaN(value)) return undefined
		if (wire === 0) {
			fields.push({ field: tag >> 3, value })
		} else if ((wire === 1 || wire === 2) && value >= 0 && at + value <= bytes.length) {
			fields.push({ field: tag >> 3, value: bytes.subarray(at, at + value) })
			at += value
		} else return undefined
	}
	return fields
}
