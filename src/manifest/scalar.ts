import type { Json } from "../base/index.ts"

/** A plain scalar that JSON has no value for: `.nan` and the infinities. */
export const NOT_JSON = Symbol("not JSON")

const WORDS: ReadonlyMap<string, Json | typeof NOT_JSON> = new Map<string, Json | typeof NOT_JSON>([
	...words(true, ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]),
	...words(false, ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]),
	...words(null, ["", "~", "null", "Null", "NULL"]),
	...words(NOT_JSON, [".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF"]),
	...words(NOT_JSON, ["+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"]),
])

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const DECIMAL = /^[-+]?(?:0|[1-9][0-9]*)$/
const PREFIXED = /^([-+]?)0(?:[xX]([0-9a-fA-F]+)|[oO]?([0-7]+)|[bB]([01]+))$/
const LARGEST = 18_446_744_073_709_551_615n

/**
 * The value of a plain scalar as Kubernetes reads it (YAML 1.1 as go-yaml v2 has it): `yes` is true, `0600` is 384,
 * `1_000` is 1000, `08` is 8, timestamps, base 60 and what overflows a double stay strings.
 */
export function plainValue(text: string): Json | typeof NOT_JSON {
	const word = WORDS.get(text)
	if (word !== undefined) return word
	const first = text.charCodeAt(0)
	if (first === 0x2e) return FLOAT.test(text) ? floatOf(text, text) : text
	const isDigit = first >= 0x30 && first <= 0x39
	return isDigit || first === 0x2b || first === 0x2d ? numberOf(text) : text
}

function numberOf(text: string): Json {
	const plain = text.includes("_") ? text.replaceAll("_", "") : text
	if (DECIMAL.test(plain)) return Number(plain) + 0
	const prefixed = PREFIXED.exec(plain)
	if (prefixed !== null) return integerOf(prefixed, text)
	return FLOAT.test(plain) ? floatOf(plain, text) : text
}

function integerOf([, sign, hex, octal, binary]: RegExpExecArray, text: string): Json {
	const digits = hex !== undefined ? `0x${hex}` : octal !== undefined ? `0o${octal}` : `0b${binary}`
	const size = digits.length > 70 ? LARGEST + 1n : BigInt(digits)
	if (size > LARGEST) return text
	return Number(sign === "-" ? -size : size) + 0
}

function floatOf(plain: string, text: string): Json {
	const value = Number(plain)
	return Number.isFinite(value) ? value + 0 : text
}

function words<T>(value: T, spellings: readonly string[]): readonly (readonly [string, T])[] {
	return spellings.map((spelling) => [spelling, value] as const)
}
