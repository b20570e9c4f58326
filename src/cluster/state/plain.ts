import { deepFreeze, invariant } from "../../base/index.ts"

/**
 * Plain data: numbers, texts, booleans, undefined, lists, Maps, typed arrays and records of these. What is frozen is
 * JSON that never changes: it is shared between copies and saved as text.
 */
export function copyPlain<T>(value: T): T {
	return copy(value) as T
}

function copy(value: unknown): unknown {
	if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
	if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice()
	if (Array.isArray(value)) return value.some(isRecord) ? value.map(copy) : value.slice()
	if (value instanceof Map) return copyMap(value)
	const made: { [name: string]: unknown } = {}
	for (const name of Object.keys(value)) made[name] = copy((value as { [name: string]: unknown })[name])
	return made
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
	Column: 10,
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
	if (ArrayBuffer.isView(value)) {
		out.byte(Tag.Column)
		const kind = COLUMNS.findIndex((Column) => value instanceof Column)
		invariant(kind >= 0, "a column is of a known kind")
		out.byte(kind)
		out.bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
	} else if (value instanceof Map) {
		out.byte(Tag.Map)
		out.number(value.size)
		for (const [key, item] of value) {
			encode(out, key)
			encode(out, item)
		}
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
	if (tag === Tag.Column) return from.column()
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

class Writer {
	#bytes = new Uint8Array(65_536)
	#size = 0
	readonly #number = new Float64Array(1)
	readonly #raw = new Uint8Array(this.#number.buffer)

	byte(value: number): void {
		this.#room(1)
		this.#bytes[this.#size++] = value
	}

	number(value: number): void {
		this.#number[0] = value
		this.#room(8)
		this.#bytes.set(this.#raw, this.#size)
		this.#size += 8
	}

	text(value: string): void {
		this.bytes(new TextEncoder().encode(value))
	}

	bytes(value: Uint8Array): void {
		this.number(value.length)
		this.#room(value.length)
		this.#bytes.set(value, this.#size)
		this.#size += value.length
	}

	done(): Uint8Array {
		return this.#bytes.slice(0, this.#size)
	}

	#room(more: number): void {
		if (this.#size + more <= this.#bytes.length) return
		const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#size + more))
		larger.set(this.#bytes.subarray(0, this.#size))
		this.#bytes = larger
	}
}

class Reader {
	readonly #bytes: Uint8Array
	readonly #view: DataView
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
		return new TextDecoder().decode(this.#take(this.number()))
	}

	column(): unknown {
		const Column = COLUMNS[this.byte()]
		const bytes = this.#take(this.number()).slice()
		invariant(Column !== undefined, "a column is of a known kind")
		return new Column(bytes.buffer)
	}

	#take(size: number): Uint8Array {
		this.#at += size
		invariant(this.#at <= this.#bytes.length, "a snapshot ends where it says")
		return this.#bytes.subarray(this.#at - size, this.#at)
	}
}
