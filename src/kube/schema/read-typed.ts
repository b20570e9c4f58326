import { isObject, type Json, type JsonObject, parseInstant } from "../../base/index.ts"
import { formatQuantity, quantityOf } from "../quantity.ts"
import { type Field, metadataShape, type Shape, type Type } from "./facts-reader.ts"
import { keepsZero } from "./kept-zeros.ts"
import { nearestName } from "./nearest-name.ts"

/** A member that the API server would not take as it stands. */
export type FieldProblem = {
	readonly kind: "unknown" | "type"
	/** `spec.template.spec.containers[0].imag` */
	readonly path: string
	/** In the API server's own words: `unknown field "spec.foo"`, `json: cannot unmarshal …`. */
	readonly message: string
	/** The field of that object whose name is nearest, where one is near. */
	readonly nearest?: string
}

/** Where the reader stands; the path is spelled out only when something is wrong. */
export type Reading = {
	readonly path: (string | number)[]
	readonly problems: FieldProblem[]
}

type Owner = { readonly shape: Shape; readonly field: Field }

/**
 * An object as the server's typed decoding leaves it: unknown members gone, null as absent, zeros dropped where the type
 * has no place for them, members that are always shown filled in, quantities in their stored form.
 */
export function readObject(shape: Shape, value: JsonObject, reading: Reading): JsonObject {
	const result: Record<string, Json> = {}
	for (const name of Object.keys(value)) {
		const field = shape.fields.get(name)
		reading.path.push(name)
		if (field === undefined) unknown(shape, name, reading)
		else {
			const read = readField({ shape, field }, value[name] as Json, reading)
			if (read !== undefined) result[name] = read
		}
		reading.path.pop()
	}
	for (const field of shownFields(shape)) {
		if (result[field.name] === undefined) fillIn(result, field)
	}
	return result
}

/** For kinds without a schema: only the metadata is typed. */
export function readUntyped(value: JsonObject, reading: Reading): JsonObject {
	const metadata = value["metadata"]
	if (!isObject(metadata)) return value
	reading.path.push("metadata")
	const read = readObject(metadataShape(), metadata, reading)
	reading.path.pop()
	return { ...value, metadata: read }
}

const shown = new WeakMap<Shape, readonly Field[]>()

function shownFields(shape: Shape): readonly Field[] {
	const known = shown.get(shape)
	if (known !== undefined) return known
	const fields = [...shape.fields.values()].filter((field) => field.shown)
	shown.set(shape, fields)
	return fields
}

function fillIn(result: Record<string, Json>, field: Field): void {
	if (field.type.kind === "object") result[field.name] = readObject(field.type.shape, {}, { path: [], problems: [] })
	else if (field.type.kind === "scalar") result[field.name] = zeroOf(field.type.code)
}

function zeroOf(code: string): Json {
	return code === "b" ? false : code === "s" || code === "t" || code === "y" ? "" : code === "q" ? "0" : 0
}

function readField(owner: Owner, value: Json, reading: Reading): Json | undefined {
	if (value === null || value === undefined) return undefined
	const read = readValue(owner, owner.field.type, value, reading)
	if (read === undefined || owner.field.shown) return read
	if (read === "" || read === 0 || read === false)
		return keepsZero(owner.shape.name, owner.field.name) ? read : undefined
	if (Array.isArray(read)) return read.length === 0 ? undefined : read
	return read === NO_MEMBERS ? undefined : read
}

function readValue(owner: Owner, type: Type, value: Json, reading: Reading): Json | undefined {
	switch (type.kind) {
		case "any":
			return value
		case "scalar":
			return readScalar(owner, type.code, value, reading)
		case "object":
			return isObject(value) ? readObject(type.shape, value, reading) : wrongType(owner, type, value, reading)
		case "map":
			return isObject(value) ? readMap(owner, type.item, value, reading) : wrongType(owner, type, value, reading)
		case "list":
			return Array.isArray(value) ? readList(owner, type.item, value, reading) : wrongType(owner, type, value, reading)
	}
}

/** Every map without members, which is told by that: to count those of a long one takes its time. */
const NO_MEMBERS: JsonObject = Object.freeze({})

/** The map itself where it stands as it is read: most do, and some are long. */
function readMap(owner: Owner, item: Type, value: JsonObject, reading: Reading): Json {
	const names = Object.keys(value)
	if (names.length === 0) return NO_MEMBERS
	const members = names.map((name) => {
		const member = value[name] as Json
		reading.path.push(name)
		const read = member === null ? emptyOf(item) : readValue(owner, item, member, reading)
		reading.path.pop()
		return read
	})
	if (names.every((name, index) => members[index] === value[name])) return value
	const read = names.flatMap((name, index) => {
		const member = members[index]
		return member === undefined ? [] : [[name, member] as const]
	})
	return read.length === 0 ? NO_MEMBERS : Object.fromEntries(read)
}

function readList(owner: Owner, item: Type, value: readonly Json[], reading: Reading): Json {
	const items: Json[] = []
	for (const [index, member] of value.entries()) {
		reading.path.push(index)
		const read = member === null ? emptyOf(item) : readValue(owner, item, member, reading)
		if (read !== undefined) items.push(read)
		reading.path.pop()
	}
	return items
}

/** What null means inside of a list or map: the empty value of its type. */
function emptyOf(type: Type): Json | undefined {
	if (type.kind === "scalar") return zeroOf(type.code)
	return type.kind === "object" ? readObject(type.shape, {}, { path: [], problems: [] }) : undefined
}

function readScalar(owner: Owner, code: string, value: Json, reading: Reading): Json | undefined {
	switch (code) {
		case "q":
			return readQuantity(value, reading)
		case "b":
			return typeof value === "boolean" ? value : wrongType(owner, { kind: "scalar", code }, value, reading)
		case "i":
		case "l":
			return isInteger(value, code) ? value : wrongType(owner, { kind: "scalar", code }, value, reading)
		case "d":
			return typeof value === "number" ? value : wrongType(owner, { kind: "scalar", code }, value, reading)
		case "x":
			if (typeof value === "string" || isInteger(value, "i")) return value
			return wrongType(owner, { kind: "scalar", code: "i" }, value, reading)
		default:
			if (typeof value !== "string") return wrongType(owner, { kind: "scalar", code: "s" }, value, reading)
			return code === "t" && value !== "" ? readTime(value, reading) : value
	}
}

function isInteger(value: Json, code: string): value is number {
	if (typeof value !== "number" || !Number.isInteger(value)) return false
	return code === "l" ? Math.abs(value) <= 2 ** 63 : value >= -(2 ** 31) && value < 2 ** 31
}

const QUANTITIES = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

function readQuantity(value: Json, reading: Reading): Json | undefined {
	const quantity = quantityOf(value)
	if (quantity === undefined) return problem(reading, QUANTITIES)
	return quantity.written ?? formatQuantity(quantity)
}

function readTime(value: string, reading: Reading): Json | undefined {
	if (parseInstant(value) !== undefined) return value
	const quoted = JSON.stringify(value)
	return problem(reading, `parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted} as "2006"`)
}

function wrongType(owner: Owner, type: Type, value: Json, reading: Reading): undefined {
	const names = reading.path.filter((part) => typeof part === "string")
	// The real path ends at the field; names of map members are no fields.
	const path = names.slice(0, names.lastIndexOf(owner.field.name) + 1).join(".")
	const struct = lastName(owner.shape.name)
	const literal = typeof value === "number" && type.kind === "scalar" && /[ild]/.test(type.code) ? ` ${value}` : ""
	return problem(
		reading,
		`json: cannot unmarshal ${jsonKind(value)}${literal} into Go struct field ${struct}.${path} of type ${goType(type)}`,
	)
}

function jsonKind(value: Json): string {
	if (typeof value === "boolean") return "bool"
	return Array.isArray(value) ? "array" : typeof value
}

const GO_SCALARS: Readonly<Record<string, string>> = {
	b: "bool",
	i: "int32",
	l: "int64",
	d: "float64",
	y: "[]uint8",
	q: "resource.Quantity",
}

function goType(type: Type): string {
	switch (type.kind) {
		case "scalar":
			return GO_SCALARS[type.code] ?? "string"
		case "list":
			return `[]${goType(type.item)}`
		case "map":
			return `map[string]${goType(type.item)}`
		case "object":
			return type.shape.name.split(".").slice(-2).join(".")
		case "any":
			return "interface {}"
	}
}

function unknown(shape: Shape, name: string, reading: Reading): void {
	const path = pathText(reading.path)
	const nearest = nearestName(name, shape.fields.keys())
	const found = { kind: "unknown" as const, path, message: `unknown field "${path}"` }
	reading.problems.push(nearest === undefined ? found : { ...found, nearest })
}

function problem(reading: Reading, message: string): undefined {
	reading.problems.push({ kind: "type", path: pathText(reading.path), message })
}

function pathText(path: readonly (string | number)[]): string {
	let text = ""
	for (const part of path) text += typeof part === "number" ? `[${part}]` : text === "" ? part : `.${part}`
	return text
}

function lastName(name: string): string {
	return name.slice(name.lastIndexOf(".") + 1)
}
