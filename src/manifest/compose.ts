import { Composer, type CST, type Document, isScalar, LineCounter, Parser } from "yaml"

/** A place in one document's text: line and column from 1. */
export type Place = { readonly line: number; readonly column: number }

export type Composed = { readonly document: Document.Parsed | undefined; readonly lines: LineCounter }

/** Some messages quote what stands there, and that may be a secret. */
export function withoutText(message: string): string {
	const quote = message.indexOf(': "')
	return quote < 0 ? message : message.slice(0, quote)
}

/** Kubernetes stops reading where a document's single scalar ends: what follows it is never looked at. */
export function isAfterRoot({ document }: Composed, fault: { readonly message: string }): boolean {
	return isScalar(document?.contents) && fault.message.includes("in YAML stream")
}

/** The document as nodes with ranges, for positions; undefined where there is none. Throws where it is too deep. */
export function compose(text: string): Composed {
	const lines = new LineCounter()
	const composer = new Composer({ schema: "failsafe", uniqueKeys: false, prettyErrors: false, logLevel: "silent" })
	const tokens = new Parser(lines.addNewLine).parse(text)
	for (const document of composer.compose(untilError(tokens))) return { document: document as Document.Parsed, lines }
	return { document: undefined, lines }
}

/** What comes after the first error token adds nothing, and may be millions of further ones. */
function* untilError(tokens: Iterable<CST.Token>): Generator<CST.Token> {
	for (const token of tokens) {
		if (isTooDeep(token)) throw new RangeError("nested too deep")
		yield token
		if (token.type === "error") return
	}
}

/** Much deeper than anything that is read. */
const DEEPEST = 200

/** Composing recurses, and a regular expression that V8 compiles near the end of the stack ends the process. */
function isTooDeep(token: CST.Token): boolean {
	let level: readonly CST.Token[] = [token]
	for (let depth = 0; depth <= DEEPEST; depth++) {
		level = level.flatMap(partsOf)
		if (level.length === 0) return false
	}
	return true
}

function partsOf(token: CST.Token): readonly CST.Token[] {
	if (token.type === "document") return token.value === undefined ? [] : [token.value]
	if (!("items" in token)) return []
	return token.items.flatMap(({ key, value }) => [key, value].filter((part) => part !== null && part !== undefined))
}

export function placeAt(lines: LineCounter, offset: number): Place {
	const { line, col } = lines.linePos(offset)
	return { line: Math.max(line, 1), column: Math.max(col, 1) }
}
