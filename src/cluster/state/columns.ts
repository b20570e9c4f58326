/** A table of rows kept as columns: every member that is a typed array is a column. Freed rows are used again, last first. */
export type Table = {
	/** Rows ever used; all columns are at least this long. */
	rows: number
	/** The first free row, or -1; `link` chains the rest. */
	free: number
	/** Rows in use. */
	live: number
	link: Int32Array
}

export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/** A row to fill: every column of it must be written. */
export function takeRow(table: Table): number {
	table.live++
	if (table.free >= 0) {
		const row = table.free
		table.free = table.link[row] as number
		return row
	}
	if (table.rows === table.link.length) grow(table)
	return table.rows++
}

export function freeRow(table: Table, row: number): void {
	table.live--
	table.link[row] = table.free
	table.free = row
}

function grow(table: Table): void {
	const columns = table as unknown as { [name: string]: unknown }
	for (const name of Object.keys(columns)) {
		const column = columns[name]
		if (isColumn(column)) columns[name] = longer(column)
	}
}

function longer<T extends Column>(column: T): T {
	const Longer = column.constructor as new (length: number) => T
	const copy = new Longer(column.length * 2)
	copy.set(column)
	return copy
}

export function isColumn(value: unknown): value is Column {
	return ArrayBuffer.isView(value)
}

const FIRST_SIZE = 64

/** Columns of a new table, by what they hold. */
export const FRESH_COLUMNS = {
	whole: () => new Int32Array(FIRST_SIZE),
	natural: () => new Uint32Array(FIRST_SIZE),
	real: () => new Float64Array(FIRST_SIZE),
	small: () => new Uint8Array(FIRST_SIZE),
} as const
