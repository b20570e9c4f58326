import { oneLine } from "./visible.ts"
import { textWidth } from "./width.ts"

/** A cell is text, or text with a colour that takes no width. Whatever it is, it ends up harmless and on one line. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string }

// kubectl's own settings for lists and for `describe`.
const LIST = { minWidth: 6, padding: 3 } as const
const DESCRIBE = { minWidth: 0, padding: 2 } as const

/** Rows under a header, aligned as kubectl aligns them; ends with a line break. */
export function formatTable(
	header: readonly string[],
	rows: readonly (readonly Cell[])[],
	options: { readonly noHeaders?: boolean } = {},
): string {
	return align(options.noHeaders ? rows : [header, ...rows], LIST)
}

/** Lines whose cells end in tabs, aligned as `kubectl describe` does: a column is as long as the run of lines that have it. */
export function alignTabs(text: string): string {
	const lines = text.replace(/\n$/, "").split("\n")
	return align(
		lines.map((line) => line.split("\t")),
		DESCRIBE,
	)
}

type Spacing = { readonly minWidth: number; readonly padding: number }

/** Go's text/tabwriter: every cell but a line's last belongs to a column, and a column ends at the first line without it. */
function align(rows: readonly (readonly Cell[])[], spacing: Spacing): string {
	const widths = rows.map((): number[] => [])
	const deepest = rows.reduce((most, row) => Math.max(most, row.length), 0)
	for (let column = 0; column < deepest - 1; column++) {
		for (let first = 0; first < rows.length; first++) {
			if (!hasColumn(rows[first], column)) continue
			let last = first
			let width = spacing.minWidth
			for (; last < rows.length && hasColumn(rows[last], column); last++) {
				width = Math.max(width, textWidth(textOf(rows[last]?.[column] ?? "")) + spacing.padding)
			}
			for (let row = first; row < last; row++) widths[row]?.push(width)
			first = last
		}
	}
	return rows.map((row, index) => `${rowText(row, widths[index] ?? [])}\n`).join("")
}

function hasColumn(row: readonly Cell[] | undefined, column: number): boolean {
	return row !== undefined && column < row.length - 1
}

function rowText(row: readonly Cell[], widths: readonly number[]): string {
	let line = ""
	row.forEach((cell, column) => {
		const text = textOf(cell)
		line += typeof cell === "string" ? text : cell.paint(text)
		if (column < row.length - 1) line += " ".repeat(Math.max(0, (widths[column] ?? 0) - textWidth(text)))
	})
	return line
}

function textOf(cell: Cell): string {
	return oneLine(typeof cell === "string" ? cell : cell.text)
}
