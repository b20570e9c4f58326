import { deepFreeze, invariant } from "../../base/index.ts"
import { type Column, isColumn } from "./columns.ts"
import { type PodRecord, PodRows } from "./pods.ts"

/**
 * Plain data: numbers, texts, booleans, undefined, lists, Maps, typed arrays and records of these, and `PodRows`. What is frozen is
 * JSON that never changes: it is shared between copies and saved as text.
 */
export function copyPlain<T>(value: T): T {
	return copy(value) as T
}

function copy(value: unknown): unknown {
	if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
	if (isColumn(value)) return copyColumn(value)
	if (Array.isArray(value)) return value.some(isRecord) ? value.map(copy) : value.slice()
	if (value instanceof Map) return copyMap(value)
	if (value instanceof PodRows) return new PodRows(copy(value.record) as PodRecord)
	const made: { [name: string]: unknown } = {}
	for (const name of Object.keys(value)) made[name] = copy((value as { [name: string]: unknown })[name])
	return made
}

/** A column has room for as many rows again: memory that nobody writes to costs nothing. */
function copyColumn(column: Column): Column {
	const made = new (column.constructor as new (length: number) => Column)(column.length)
	const used = bytesOf(column, usedBytes(column))
	new Uint8Array(made.buffer).set(used)
	return made
}

/** How many bytes a column has before there are only zeros. */
function usedBytes({ buffer, byteOffset, byteLength }: Column): number {
	const words = new Int32Array(buffer, byteOffset, byteLength >>> 2)
	let last = words.length - 1
	if (byteLength % 4 !== 0) return byteLength
	while (last >= 0 && words[last] === 0) last--
	return (last + 1) * 4
}

function bytesOf({ buffer, byteOffset }: Column, size: number): Uint8Array {
	return new Uint8Array(buffer, byteOffset, size)
}

function isRecord(value: unknown): boolean {
	return typeof value === "object" && value !== null
}

function copyMap(map: Map<unknown, unknown>): Map<unknown, unknown> {
	const made = new Map<unknown, unknown>()
	for (const [key, item] of map) made.set(key, copy(item))
	return made
}

const Tag = {
	Undefined: 0,
	Null: 1,
	False: 2,
	True: 3,
	Number: 4,
	Text: 5,
	Json: 6,
	List: 7,
	Map: 8,
	Record: 9,
	/** Written by older versions: with all its zeros. */
	WholeColumn: 10,
	Column: 11,
	Pods: 12,
}
const COLUMNS = [Uint8Array, Uint16Array, Uint32Array, Int32Array, Float64Array] as const

/** Equal data gives equal bytes: members in the order in which they were made. */
export function encodePlain(value: unknown): Uint8Array {
	const writer = new Writer()
	encode(writer, value)
	return writer.done()
}

export function decodePlain(bytes: Uint8Array): unknown {
	return decode(new Reader(bytes))
}

function encode(out: Writer, value: unknown): void {
	if (value === undefined) out.byte(Tag.Undefined)
	else if (value === null) out.byte(Tag.Null)
	else if (typeof value === "boolean") out.byte(value ? Tag.True : Tag.False)
	else if (typeof value === "number") {
		out.byte(Tag.Number)
		out.number(value)
	} else if (typeof value === "string") {
		out.byte(Tag.Text)
		out.text(value)
	} else {
		invariant(typeof value === "object", "only plain data is saved")
		encodeObject(out, value)
	}
}

function encodeObject(out: Writer, value: object): void {
	if (isColumn(value)) {
		out.byte(Tag.Column)
		const kind = COLUMNS.findIndex((Column) => value instanceof Column)
		invariant(kind >= 0, "a column is of a known kind")
		out.byte(kind)
		out.number(value.length)
		out.bytes(bytesOf(value, usedBytes(value)))
	} else if (value instanceof Map) {
		out.byte(Tag.Map)
		out.number(value.size)
		for (const [key, item] of value) {
			encode(out, key)
			encode(out, item)
		}
	} else if (value instanceof PodRows) {
		out.byte(Tag.Pods)
		encode(out, value.record)
	} else if (Object.isFrozen(value)) {
		out.byte(Tag.Json)
		out.text(JSON.stringify(value))
	} else {
		encodeMembers(out, value)
	}
}

function encodeMembers(out: Writer, value: object): void {
	const list = Array.isArray(value)
	const members = Object.entries(value)
	out.byte(list ? Tag.List : Tag.Record)
	out.number(members.length)
	for (const [name, item] of members) {
		if (!list) out.text(name)
		encode(out, item)
	}
}

function decode(from: Reader): unknown {
	const tag = from.byte()
	if (tag === Tag.Undefined) return undefined
	if (tag === Tag.Null) return null
	if (tag === Tag.False) return false
	if (tag === Tag.True) return true
	if (tag === Tag.Number) return from.number()
	if (tag === Tag.Text) return from.text()
	if (tag === Tag.Json) return deepFreeze(JSON.parse(from.text()))
	if (tag === Tag.Pods) return new PodRows(decode(from) as PodRecord)
	if (tag === Tag.Column) return from.column()
	if (tag === Tag.WholeColumn) return from.wholeColumn()
	const size = from.number()
	if (tag === Tag.List) return Array.from({ length: size }, () => decode(from))
	if (tag === Tag.Map) return new Map(Array.from({ length: size }, () => [decode(from), decode(from)] as const))
	invariant(tag === Tag.Record, "a snapshot holds known tags")
	const made: { [name: string]: unknown } = {}
	for (let member = 0; member < size; member++) {
		const name = from.text()
		made[name] = decode(from)
	}
	return made
}

const PART = 65_536

/** Small things are gathered in parts; large ones are taken over as they are until all is put together. */
class Writer {
	readonly #parts: Uint8Array[] = []
	#part = new Uint8Array(PART)
	#size = 0
	#total = 0
	readonly #encoder = new TextEncoder()
	readonly #number = new Float64Array(1)
	readonly #raw = new Uint8Array(this.#number.buffer)

	byte(value: number): void {
		if (this.#size === PART) this.#flush()
		this.#part[this.#size++] = value
	}

	number(value: number): void {
		this.#number[0] = value
		this.#append(this.#raw)
	}

	text(value: string): void {
		this.bytes(this.#encoder.encode(value))
	}

	bytes(value: Uint8Array): void {
		this.number(value.length)
		this.#append(value)
	}

	done(): Uint8Array {
		this.#flush()
		const all = new Uint8Array(this.#total)
		let at = 0
		for (const part of this.#parts) {
			all.set(part, at)
			at += part.length
		}
		return all
	}

	#append(value: Uint8Array): void {
		if (this.#size + value.length > PART) this.#flush()
		if (value.length > PART) {
			this.#keep(value)
			return
		}
		this.#part.set(value, this.#size)
		this.#size += value.length
	}

	#flush(): void {
		this.#keep(this.#part.subarray(0, this.#size))
		this.#part = new Uint8Array(PART)
		this.#size = 0
	}

	#keep(part: Uint8Array): void {
		this.#parts.push(part)
		this.#total += part.length
	}
}

class Reader {
	readonly #bytes: Uint8Array
	readonly #view: DataView
	readonly #decoder = new TextDecoder()
	#at = 0

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	}

	byte(): number {
		return this.#view.getUint8(this.#at++)
	}

	number(): number {
		this.#at += 8
		return this.#view.getFloat64(this.#at - 8, true)
	}

	text(): string {
		return this.#decoder.decode(this.#take(this.number()))
	}

	column(): Column {
		const Column = this.#kind()
		const length = this.number()
		const used = this.#take(this.number())
		invariant(used.length <= length * Column.BYTES_PER_ELEMENT, "a column is as long as it says")
		const made = new Column(length)
		new Uint8Array(made.buffer).set(used)
		return made
	}

	wholeColumn(): Column {
		const Column = this.#kind()
		return new Column(this.#take(this.number()).slice().buffer)
	}

	#kind() {
		const Column = COLUMNS[this.byte()]
		invariant(Column !== undefined, "a column is of a known kind")
		return Column
	}

	#take(size: number): Uint8Array {
		this.#at += size
		invariant(this.#at <= this.#bytes.length, "a snapshot ends where it says")
		return this.#bytes.subarray(this.#at - size, this.#at)
	}
}
