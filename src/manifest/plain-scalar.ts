import type { Json } from "../base/index.ts"
import { GIVE_UP } from "./plain-flow.ts"
import { NOT_JSON, plainValue } from "./scalar.ts"

const SPACE = 0x20
const BACKSLASH = 0x5c

/** A quoted scalar that begins at `at` and ends before `end`, on one line; returns it and where it ends. */
export function readQuoted(text: string, at: number, end: number): [string, number] {
	const isDouble = text.charCodeAt(at) === 0x22
	const close = isDouble ? closingDouble(text, at, end) : closingSingle(text, at, end)
	const inner = text.slice(at + 1, close)
	if (inner.includes("\t")) throw GIVE_UP
	return [isDouble ? unescaped(inner) : inner.replaceAll("''", "'"), close + 1]
}

function closingDouble(text: string, at: number, end: number): number {
	let close = text.indexOf('"', at + 1)
	while (close > 0 && close < end && isEscaped(text, close)) close = text.indexOf('"', close + 1)
	if (close < 0 || close >= end) throw GIVE_UP
	return close
}

function isEscaped(text: string, quote: number): boolean {
	let at = quote
	while (text.charCodeAt(at - 1) === BACKSLASH) at--
	return (quote - at) % 2 === 1
}

function closingSingle(text: string, at: number, end: number): number {
	let close = text.indexOf("'", at + 1)
	while (close > 0 && close < end && text.charCodeAt(close + 1) === 0x27) close = text.indexOf("'", close + 2)
	if (close < 0 || close >= end) throw GIVE_UP
	return close
}

/** Only the escapes that YAML and JSON share. */
function unescaped(inner: string): string {
	if (!inner.includes("\\")) return inner
	if (inner.replace(/\\["\\/bfnrt]/g, "").includes("\\")) throw GIVE_UP
	return JSON.parse(`"${inner}"`) as string
}

/** A line of a plain scalar without the spaces that end it. */
export function plainLine(line: string): string {
	let end = line.length
	while (line.charCodeAt(end - 1) === SPACE) end--
	const plain = end === line.length ? line : line.slice(0, end)
	if (plain.includes(": ") || plain.endsWith(":") || plain.includes("\t")) throw GIVE_UP
	return plain
}

/** Its value, where JSON has it to the last digit. */
export function typed(plain: string): Json {
	const value = plainValue(plain)
	const isUnsafe = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
	if (value === NOT_JSON || isUnsafe) throw GIVE_UP
	return value
}
