/** One document's text in a file, separators aside; offsets and lines are of the file's text. */
export type Piece = {
	readonly start: number
	readonly end: number
	/** From 1. */
	readonly line: number
	/** What follows the `---` where that is neither blank nor a comment: Kubernetes refuses such a separator. */
	readonly badSeparator?: string
}

/**
 * Splits as Kubernetes' YAMLReader does: at every line that begins with `---`, even inside a block scalar. `...` is
 * no separator: what follows it in its piece is never read.
 */
export function splitDocuments(text: string): Piece[] {
	const pieces: Piece[] = []
	let start = 0
	let line = 1
	let bad: string | undefined
	for (const separator of separators(text)) {
		pieces.push(piece(start, separator.at, line, bad))
		line += linesBetween(text, start, separator.after)
		start = separator.after
		bad = separator.bad
	}
	pieces.push(piece(start, text.length, line, bad))
	return pieces
}

type Separator = { readonly at: number; readonly after: number; readonly bad: string | undefined }

function* separators(text: string): Generator<Separator> {
	let at = text.startsWith("---") ? 0 : next(text, 0)
	while (at >= 0) {
		const newline = text.indexOf("\n", at)
		const after = newline < 0 ? text.length : newline + 1
		const rest = text.slice(at + 3, after).trim()
		yield { at, after, bad: rest === "" || rest.startsWith("#") ? undefined : rest }
		at = newline < 0 ? -1 : text.startsWith("---", after) ? after : next(text, after)
	}
}

function next(text: string, from: number): number {
	const found = text.indexOf("\n---", from)
	return found < 0 ? -1 : found + 1
}

function piece(start: number, end: number, line: number, badSeparator: string | undefined): Piece {
	return badSeparator === undefined ? { start, end, line } : { start, end, line, badSeparator }
}

function linesBetween(text: string, from: number, to: number): number {
	let lines = 0
	for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines++
	return lines
}
