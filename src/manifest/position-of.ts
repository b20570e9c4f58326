import type { Place } from "./compose.ts"
import type { ParsedDocument } from "./contract.ts"
import { Locator } from "./locate.ts"
import { decodeText, placeIn } from "./text.ts"

/**
 * Where a field of a parsed document stands in its file, or the nearest thing above it that is there. `field` is spelled
 * as the API server does: `spec.template.spec.containers[0].image`. Line and column from 1.
 */
export function positionOf(bytes: Uint8Array, document: ParsedDocument, field: string): Place {
	const text = decodeText(bytes.subarray(document.start, document.end))
	const before = decodeText(bytes.subarray(0, document.start))
	if (text.kind === "refused" || before.kind === "refused") return { line: document.line, column: document.column }
	const start = placeIn(before.text, before.text.length)
	const locator = new Locator(text.text)
	const place = locator.place(itemOf(document, locator, start.line) + field)
	return { line: start.line + place.line - 1, column: place.column }
}

/** Objects of a list share their document; each is known by the place it begins at. */
function itemOf({ line, column }: ParsedDocument, locator: Locator, start: number): string {
	for (let index = 0; ; index++) {
		const prefix = `items[${index}]`
		const place = locator.place(prefix)
		const parent = locator.place("items")
		if (place.line === parent.line && place.column === parent.column) return ""
		if (start + place.line - 1 === line && place.column === column) return `${prefix}.`
	}
}
