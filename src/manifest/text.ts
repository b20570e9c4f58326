import type { Place } from "./compose.ts"

export type FileText = {
	readonly kind: "text"
	readonly text: string
	/** Bytes before the text: a byte order mark. */
	readonly mark: number
}

/** The text of a file, or why it has none. */
export type DecodedText =
	| FileText
	| { readonly kind: "refused"; readonly code: string; readonly message: string; readonly place: Place }

const WHOLE_FILE: Place = { line: 0, column: 0 }
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what YAML does not allow
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]|\r(?!\n)/

/** Bytes as UTF-8 text, without its byte order mark; refuses what YAML could not hold. */
export function decodeText(bytes: Uint8Array): DecodedText {
	if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
		return refused("not-utf8", "the file is UTF-16: save it as UTF-8")
	}
	const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
	let text: string
	try {
		text = UTF8.decode(mark === 0 ? bytes : bytes.subarray(mark))
	} catch {
		return refused("not-utf8", "the file is not UTF-8 text")
	}
	const forbidden = FORBIDDEN.exec(text)
	if (forbidden === null) return { kind: "text", text, mark }
	const code = text.charCodeAt(forbidden.index).toString(16).padStart(4, "0").toUpperCase()
	return refused("control-character", `the character U+${code} is not allowed`, placeIn(text, forbidden.index))
}

/** From offsets of the text to offsets of the file's bytes. */
export function byteOffsets(
	{ text, mark }: { readonly text: string; readonly mark: number },
	size: number,
	offsets: readonly number[],
): ReadonlyMap<number, number> {
	if (text.length + mark === size) return new Map(offsets.map((offset) => [offset, offset + mark]))
	const encoder = new TextEncoder()
	const found = new Map<number, number>()
	let at = 0
	let bytes = mark
	for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
		bytes += encoder.encode(text.slice(at, offset)).length
		at = offset
		found.set(offset, bytes)
	}
	return found
}

/** Line and column of an offset, from 1. */
export function placeIn(text: string, offset: number): Place {
	let line = 1
	let begin = 0
	for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
		line++
		begin = at + 1
	}
	return { line, column: offset - begin + 1 }
}

/** The offset of the first content between two offsets: blank lines, comments and the rest of a `---` line skipped. */
export function contentStart(text: string, start: number, end: number): number {
	let at = start
	while (at < end) {
		const code = text.charCodeAt(at)
		if (code === 0x23) {
			const newline = text.indexOf("\n", at)
			if (newline < 0 || newline >= end) return end
			at = newline + 1
		} else if (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) at++
		else return at
	}
	return end
}

function refused(code: string, message: string, place = WHOLE_FILE): DecodedText {
	return { kind: "refused", code, message, place }
}
