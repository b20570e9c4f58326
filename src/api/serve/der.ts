/** DER, as far as a certificate needs it. */
export type Der = Uint8Array

const TAG = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, utcTime: 23, generalTime: 24, sequence: 48, set: 49 }

export function sequence(...parts: readonly Der[]): Der {
	return tagged(TAG.sequence, ...parts)
}

export function setOf(...parts: readonly Der[]): Der {
	return tagged(TAG.set, ...parts)
}

/** A tag of the context, as `[3]`: around other values, or, with `primitive`, around bare bytes. */
export function context(number: number, content: Der, primitive = false): Der {
	return tagged((primitive ? 0x80 : 0xa0) + number, content)
}

/** A number below 128, or the bytes of one that is not negative. */
export function integer(value: number | Uint8Array): Der {
	const bytes = typeof value === "number" ? Uint8Array.of(value) : value
	return tagged(TAG.integer, (bytes[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...bytes) : bytes)
}

export function truth(): Der {
	return Uint8Array.of(1, 1, 0xff)
}

export function bits(bytes: Uint8Array, unused = 0): Der {
	return tagged(TAG.bits, Uint8Array.of(unused), bytes)
}

export function octets(bytes: Uint8Array): Der {
	return tagged(TAG.octets, bytes)
}

export function text(value: string): Der {
	return tagged(TAG.utf8, Buffer.from(value))
}

/** `2.5.29.17`. */
export function oid(dotted: string): Der {
	const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number)
	return tagged(TAG.oid, Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** A moment to the second; RFC 5280 has two forms, by the year. */
export function time(at: Date): Der {
	const digits = `${at.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`
	return at.getUTCFullYear() < 2050
		? tagged(TAG.utcTime, Buffer.from(digits.slice(2)))
		: tagged(TAG.generalTime, Buffer.from(digits))
}

function base128(value: number): number[] {
	const digits = [value & 0x7f]
	for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80)
	return digits
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Der {
	const content = Buffer.concat(parts)
	return Buffer.concat([Uint8Array.of(tag), lengthOf(content.length), content])
}

function lengthOf(length: number): Uint8Array {
	if (length < 0x80) return Uint8Array.of(length)
	if (length < 0x100) return Uint8Array.of(0x81, length)
	return Uint8Array.of(0x82, length >>> 8, length & 0xff)
}
