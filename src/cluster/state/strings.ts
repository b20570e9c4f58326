import { die, invariant } from "../../base/index.ts"

/** A number of a text in `Strings`. 0 is the empty text. */
export type TextId = number

/** Every text that rows refer to, once. `marks` are hashes of the content: what the digest takes instead of the text. */
export type Strings = { texts: string[]; ids: Map<string, TextId>; marks: Int32Array }

export function createStrings(): Strings {
	const strings: Strings = { texts: [], ids: new Map(), marks: new Int32Array(64) }
	textId(strings, "")
	return strings
}

export function textId(strings: Strings, text: string): TextId {
	const known = strings.ids.get(text)
	if (known !== undefined) return known
	const id = strings.texts.push(text) - 1
	strings.ids.set(text, id)
	if (id === strings.marks.length) {
		const marks = new Int32Array(id * 2)
		marks.set(strings.marks)
		strings.marks = marks
	}
	strings.marks[id] = die("mark", text)
	return id
}

export function textOf(strings: Strings, id: TextId): string {
	const text = strings.texts[id]
	invariant(text !== undefined, "a text id was given out by this table")
	return text
}
