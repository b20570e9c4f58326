import type { Json } from "../base/index.ts"
import { GIVE_UP } from "./plain-flow.ts"
import { NOT_JSON, plainValue } from "./scalar.ts"

const SPACE = 0x20
const BACKSLASH = 0x5c

/**
 * A quoted scalar that begins at `at`, and where it ends. It may go on over more lines, deeper than `indent`: so do the
 * descriptions in generated CRDs.
 */
export function readQuoted(text: string, at: number, indent: number): [string, number] {
	const close = closing(text, at)
	const lines = text.slice(at + 1, close).split("\n")
	return [quoted(text, at, lines.length === 1 ? (lines[0] ?? "") : folded(lines, indent)), close + 1]
}

/** A line break is a space, and so many line breaks more as there are blank lines. */
function folded(lines: readonly string[], indent: number): string {
	let whole = trimmedEnd(lines[0] ?? "")
	let blank = 0
	for (const [index, line] of lines.entries()) {
		if (index === 0) continue
		const words = line.replace(LEADING, "")
		const isLast = index === lines.length - 1
		if (words === "" && !isLast) {
			blank++
			continue
		}
		if (words === "" || whole === "" || line.length - words.length <= indent) throw GIVE_UP
		whole += (blank > 0 ? "\n".repeat(blank) : " ") + (isLast ? words : trimmedEnd(words))
		blank = 0
	}
	return whole
}

const LEADING = /^ +/

function quoted(text: string, at: number, inner: string): string {
	if (inner.includes("\t")) throw GIVE_UP
	return text.charCodeAt(at) === 0x22 ? unescaped(inner) : inner.replaceAll("''", "'")
}

function closing(text: string, at: number): number {
	const close = text.charCodeAt(at) === 0x22 ? closingDouble(text, at) : closingSingle(text, at)
	if (close < 0) throw GIVE_UP
	return close
}

function closingDouble(text: string, at: number): number {
	let close = text.indexOf('"', at + 1)
	while (close > 0 && isEscaped(text, close)) close = text.indexOf('"', close + 1)
	return close
}

function isEscaped(text: string, quote: number): boolean {
	let at = quote
	while (text.charCodeAt(at - 1) === BACKSLASH) at--
	return (quote - at) % 2 === 1
}

function closingSingle(text: string, at: number): number {
	let close = text.indexOf("'", at + 1)
	while (close > 0 && text.charCodeAt(close + 1) === 0x27) close = text.indexOf("'", close + 2)
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
	const plain = trimmedEnd(line)
	if (plain.includes(": ") || plain.endsWith(":") || plain.includes("\t")) throw GIVE_UP
	return plain
}

function trimmedEnd(line: string): string {
	let end = line.length
	while (line.charCodeAt(end - 1) === SPACE) end--
	return end === line.length ? line : line.slice(0, end)
}

/** Its value, where JSON has it to the last digit. */
export function typed(plain: string): Json {
	const value = plainValue(plain)
	const isUnsafe = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
	if (value === NOT_JSON || isUnsafe) throw GIVE_UP
	return value
}
