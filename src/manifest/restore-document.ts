import { jsonEqual } from "../base/index.ts"
import { keyOf, type ObjectKey } from "../kube/index.ts"
import type { ParsedDocument, ParsedFile } from "./contract.ts"
import { parseFile } from "./parse-file.ts"
import { splitDocuments } from "./split.ts"
import { byteOffsets, decodeText } from "./text.ts"

/** A file of one commit, and which of its documents is meant. */
export type FileThen = { readonly path: string; readonly bytes: Uint8Array; readonly document: number }
/** A file as it is now; without `document` the object stands nowhere any more. */
export type FileNow = { readonly path: string; readonly bytes: Uint8Array; readonly document?: number }

export type Restored =
	| { readonly kind: "restored"; readonly bytes: Uint8Array }
	| { readonly kind: "same" }
	| { readonly kind: "refused"; readonly message: string }

export type Removed =
	| { readonly kind: "removed"; readonly bytes: Uint8Array | undefined }
	| { readonly kind: "refused"; readonly message: string }

/**
 * Puts one document back into a file as the text that it was, comments and formatting included. All else stays, byte
 * for byte: the other documents, separators, the file's line endings and its missing newline at the end. Without `now`
 * the file is made anew. What came out is read again: where any other object would change, it refuses.
 */
export function restoreDocument(then: FileThen, now: FileNow | undefined): Restored {
	const old = read(then)
	const source = old.documents.find(({ index }) => index === then.document)
	if (source === undefined) return refused(`document ${then.document} of ${then.path} cannot be read`)
	const text = decode(then.bytes.subarray(source.start, source.end))
	if (now === undefined) {
		const isAlone = old.documents.length === 1 && old.refused.length === 0
		return { kind: "restored", bytes: isAlone ? then.bytes : encode(endWith(text, eolOf(text))) }
	}
	const before = read(now)
	const key = keyOf(source.object)
	const place = before.documents.find(({ index }) => index === now.document) ?? placeOfRefused(now, before, key)
	if (now.document !== undefined && place === undefined)
		return refused(`document ${now.document} of ${now.path} cannot be read`)
	// Somebody else's broken document is no reason to leave a bad version running; one of unknown content may be ours.
	if (place === undefined && !before.readable) return refused(`${now.path} has documents that cannot be read`)
	if (place === undefined && /\.json$/i.test(now.path)) return refused(`${now.path} is JSON and holds other objects`)
	const bytes = place === undefined ? append(now.bytes, text) : replace(now.bytes, place, text)
	if (Buffer.compare(bytes, now.bytes) === 0) return { kind: "same" }
	return isExact({ key, source, before, after: read({ ...now, bytes }) })
		? { kind: "restored", bytes }
		: refused(
				`in ${place === undefined ? now.path : shared(now.path, then.path)} it shares its text with other objects`,
			)
}

/** Takes one document out of a file; without bytes the file held nothing else. All else stays, byte for byte. */
export function removeDocument(file: FileThen): Removed {
	const before = read(file)
	const own = before.documents.find(({ index }) => index === file.document)
	if (own === undefined) return refused(`document ${file.document} of ${file.path} cannot be read`)
	if (before.documents.length === 1 && before.refused.length === 0 && before.readable)
		return { kind: "removed", bytes: undefined }
	const bytes = cut(file.bytes, own)
	const after = read({ ...file, bytes })
	const key = keyOf(own.object)
	return isExact({ key, source: undefined, before, after })
		? { kind: "removed", bytes }
		: refused(`in ${file.path} it shares its text with other objects`)
}

/** With the separator after it, or that before it where it is the last one. */
function cut(bytes: Uint8Array, { start, end }: ParsedDocument): Uint8Array {
	const decoded = decodeText(bytes)
	const pieces = decoded.kind === "text" ? splitDocuments(decoded.text) : []
	if (decoded.kind !== "text") return bytes
	const offsets = byteOffsets(
		decoded,
		bytes.length,
		pieces.flatMap((piece) => [piece.start, piece.end]),
	)
	const at = (place: number): number => offsets.get(place) ?? 0
	const index = pieces.findIndex((piece) => at(piece.start) === start)
	const [previous, following] = [pieces[index - 1], pieces[index + 1]]
	if (following !== undefined) return Buffer.concat([bytes.subarray(0, start), bytes.subarray(at(following.start))])
	const from = previous === undefined ? start : at(previous.end)
	return Buffer.concat([bytes.subarray(0, from), bytes.subarray(end)])
}

type Outcome = {
	readonly key: ObjectKey
	/** Undefined where it is to be gone. */
	readonly source: ParsedDocument | undefined
	readonly before: ParsedFile
	readonly after: ParsedFile
}

/** Only the one object differs, and it is what it was. */
function isExact({ key, source, before, after }: Outcome): boolean {
	const others = (file: ParsedFile) =>
		file.documents.map(({ object }) => object).filter((object) => keyOf(object) !== key)
	const own = after.documents.filter(({ object }) => keyOf(object) === key)
	const known = (file: ParsedFile) => file.refused.map((object) => object.key).filter((other) => other !== key)
	return (
		after.readable === before.readable &&
		(source === undefined ? own.length === 0 : own.some(({ object }) => jsonEqual(object, source.object))) &&
		after.refused.every((object) => object.key !== key) &&
		jsonEqual(others(before), others(after)) &&
		jsonEqual(known(before), known(after))
	)
}

/** Where a document stands that was read and refused: the one with the bad version, as likely as not. */
function placeOfRefused({ bytes }: FileNow, { refused }: ParsedFile, key: ObjectKey): Place | undefined {
	const found = refused.find((object) => object.key === key)
	const decoded = decodeText(bytes)
	if (found === undefined || decoded.kind !== "text") return undefined
	const piece = splitDocuments(decoded.text).findLast(({ line }) => line <= found.line)
	if (piece === undefined) return undefined
	const offsets = byteOffsets(decoded, bytes.length, [piece.start, piece.end])
	return { start: offsets.get(piece.start) ?? 0, end: offsets.get(piece.end) ?? 0 }
}

type Place = Pick<ParsedDocument, "start" | "end">

function replace(bytes: Uint8Array, { start, end }: Place, text: string): Uint8Array {
	const replaced = decode(bytes.subarray(start, end))
	const eol = eolOf(replaced.includes("\n") ? replaced : decode(bytes))
	const fitted = endWith(withEol(text, eol), /\n$/.test(replaced) ? eol : "")
	return Buffer.concat([bytes.subarray(0, start), encode(fitted), bytes.subarray(end)])
}

function append(bytes: Uint8Array, text: string): Uint8Array {
	const present = decode(bytes)
	const eol = present.includes("\n") ? eolOf(present) : eolOf(text)
	if (present.trim() === "") return encode(endWith(withEol(text, eol), eol))
	const ended = /\n$/.test(present)
	const separator = /(^|\n)---[ \t]*\r?\n?$/.test(present) ? "" : `---${eol}`
	const fitted = endWith(withEol(text, eol), ended ? eol : "")
	return Buffer.concat([bytes, encode(`${ended ? "" : eol}${separator}${fitted}`)])
}

/** The line ending that most lines have. */
function eolOf(text: string): "\r\n" | "\n" {
	const windows = text.split("\r\n").length - 1
	return windows * 2 > text.split("\n").length - 1 ? "\r\n" : "\n"
}

/** Text that has the file's line endings stays as it is, odd lines included. */
function withEol(text: string, eol: "\r\n" | "\n"): string {
	return !text.includes("\n") || eolOf(text) === eol ? text : text.replace(/\r?\n/g, eol)
}

function endWith(text: string, end: string): string {
	return text.replace(/\r?\n$/, "") + end
}

function read({ path, bytes }: { readonly path: string; readonly bytes: Uint8Array }): ParsedFile {
	// Read twice and compared, never kept: any key will do.
	return parseFile(bytes, { name: path, secretKey: "" })
}

function shared(now: string, then: string): string {
	return now === then ? now : `${now} or ${then}`
}

function refused(message: string): Extract<Restored, { readonly kind: "refused" }> {
	return { kind: "refused", message }
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true })

function decode(bytes: Uint8Array): string {
	return UTF8.decode(bytes)
}

function encode(text: string): Uint8Array {
	return new TextEncoder().encode(text)
}
