import {
	AGES,
	BY_CHANCE,
	CELLS,
	COUNTS,
	IN_FLIGHT_LINES,
	IN_FLIGHT_MASKS,
	LINES,
	MASKS,
	type Mask,
	ROWS,
} from "./freedoms.ts"

export type Moment = {
	/** The command was run while pods came and went. */
	readonly inFlight?: boolean
	/** Its rows are in the order of time, and those of one second in that of chance. */
	readonly byTime?: boolean
}

/** What a command printed, as lines to be compared: without what is free. */
export function plain(printed: string, moment: Moment = {}): readonly string[] {
	const free = moment.inFlight ? [...LINES, ...IN_FLIGHT_LINES] : LINES
	const lines = free.reduce((all, { pattern }) => all.replace(pattern, ""), printed).split("\n")
	const plain: string[] = []
	for (let at = 0; at < lines.length; ) {
		const rows = tableAt(lines, at)
		plain.push(...(rows === undefined ? [masked(lines[at] ?? "", moment)] : tableLines(rows, moment)))
		at += rows?.length ?? 1
	}
	return plain
}

export function masked(text: string, { inFlight = false }: Moment = {}): string {
	return replaced(text, inFlight ? [...MASKS, ...IN_FLIGHT_MASKS] : MASKS)
}

function replaced(text: string, masks: readonly Mask[]): string {
	return masks.reduce((all, { pattern, word }) => all.replace(pattern, word), text)
}

const HEADER = /^[A-Z]+(?:[- ][A-Z]+)*(?: {2,}[A-Z]+(?:[- ][A-Z]+)*(?:\([A-Za-z%]+\))?)* *$/
const DASHES = /^ +-+(?: +-+)+$/

/** Of `kubectl get`, with a header in capitals, or of `describe`, with dashes below it; undefined where there is none. */
function tableAt(lines: readonly string[], at: number): readonly string[] | undefined {
	const [header = "", below = ""] = lines.slice(at, at + 2)
	if (!HEADER.test(header) && !DASHES.test(below)) return undefined
	const indent = header.search(/[^ ]/)
	const end = lines.findIndex((line, index) => index > at && (line.search(/[^ ]/) !== indent || line.startsWith("---")))
	return lines.slice(at, end)
}

type Row = { readonly subject: string | undefined; readonly text: string }

/** Rows as cells; first how far the widest cell of each column is from the next column. */
function tableLines(rows: readonly string[], moment: Moment): readonly string[] {
	const [header = ""] = rows
	const starts = [...header.matchAll(/(?<=^ *| {2})[^ ]/g)].map(({ index }) => index)
	const cells = rows.map((row) => starts.map((start, column) => row.slice(start, starts[column + 1]).trimEnd()))
	const gaps = starts.slice(1).map((start, column) => {
		const widest = Math.max(...cells.map((row) => row[column]?.length ?? 0))
		return start - (starts[column] ?? 0) - widest
	})
	const [titles = [], ...others] = cells
	const lines = others.map((row): Row => {
		const named = row.find((_, column) => /^(?:name|object)$/i.test(titles[column] ?? ""))
		const shown = row.map((cell, column) => cellOf(titles[column] ?? "", cell, moment))
		return { subject: named?.match(BY_CHANCE)?.[0], text: replaced(shown.join(" | "), CELLS) }
	})
	const kept = lines.filter(({ text }) => !ROWS.some(({ pattern }) => pattern.test(text)))
	return [`gaps ${gaps.join(" ")}`, titles.join(" | "), ...inOrder(kept, moment)]
}

function cellOf(title: string, cell: string, moment: Moment): string {
	if (AGES.has(title)) return cell.replace(/^(?:<invalid>|[\dsmhdy]+)/, "AGE").replace(/over .*(?=\))/, "over AGE")
	return moment.inFlight && COUNTS.has(title) ? "COUNT" : masked(cell, moment)
}

/** Where the first of them stands come all whose order is chance's; what is said of one keeps its order. */
function inOrder(rows: readonly Row[], { inFlight = false, byTime = false }: Moment): readonly string[] {
	if (byTime) return rows.map(({ text }) => text).sort()
	const groups = new Map<string, string[]>()
	for (const { subject, text } of rows) {
		if (subject !== undefined) groups.set(subject, [...(groups.get(subject) ?? []), text])
	}
	const sorted = [...groups.values()].map((group) => group.join("\n")).sort()
	const first = rows.findIndex(({ subject }) => subject !== undefined)
	return rows.flatMap(({ subject, text }, index) => {
		if (subject === undefined) return [text]
		if (index !== first) return []
		return inFlight ? [] : sorted
	})
}
