// Code points that take two columns (East Asian Wide and emoji), as far as names and subjects use them.
const WIDE: readonly (readonly [number, number])[] = [
	[0x1100, 0x115f],
	[0x2e80, 0x303e],
	[0x3041, 0xa4cf],
	[0xac00, 0xd7a3],
	[0xf900, 0xfaff],
	[0xfe30, 0xfe6f],
	[0xff00, 0xff60],
	[0xffe0, 0xffe6],
	[0x1f300, 0x1f64f],
	[0x1f680, 0x1f6ff],
	[0x1f900, 0x1f9ff],
	[0x20000, 0x3fffd],
]

/** How many columns the text takes on a terminal; control characters are none of its business. */
export function textWidth(text: string): number {
	if (/^[ -~]*$/.test(text)) return text.length
	let width = 0
	for (const character of text) width += columnsOf(character)
	return width
}

/** The text in at most `width` columns, with `…` where something was cut. */
export function truncate(text: string, width: number): string {
	if (textWidth(text) <= width) return text
	if (width < 1) return ""
	let kept = ""
	let used = 0
	for (const character of text) {
		used += columnsOf(character)
		if (used > width - 1) break
		kept += character
	}
	return `${kept}…`
}

/** The text followed by blanks up to `width` columns. */
export function pad(text: string, width: number): string {
	return text + " ".repeat(Math.max(0, width - textWidth(text)))
}

function columnsOf(character: string): number {
	if (/^(?:\p{Mn}|\p{Me}|\u200d)$/u.test(character)) return 0
	const point = character.codePointAt(0) ?? 0
	return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1
}
