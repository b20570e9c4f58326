/**
 * Rows of whole numbers that lie side by side, in chunks: what is asked for together is fetched together, and growing
 * moves nothing. Freed rows are used again, last first.
 */
export type Records = { readonly width: number; chunks: Uint32Array[]; rows: number; free: number }

const CHUNK_BITS = 10
const CHUNK = 1 << CHUNK_BITS
const NONE = 0xffff_ffff

export function createRecords(width: number): Records {
	return { width, chunks: [], rows: 0, free: NONE }
}

/** A row to fill: every word of it must be written. */
export function takeRecord(records: Records): number {
	const row = records.free
	if (row !== NONE) {
		records.free = wordOf(records, row, 0)
		return row
	}
	if (records.rows === records.chunks.length * CHUNK) records.chunks.push(new Uint32Array(CHUNK * records.width))
	return records.rows++
}

export function freeRecord(records: Records, row: number): void {
	setWord(records, row, 0, records.free)
	records.free = row
}

export function wordOf({ chunks, width }: Records, row: number, word: number): number {
	return (chunks[row >>> CHUNK_BITS] as Uint32Array)[(row & (CHUNK - 1)) * width + word] as number
}

export function setWord({ chunks, width }: Records, row: number, word: number, value: number): void {
	;(chunks[row >>> CHUNK_BITS] as Uint32Array)[(row & (CHUNK - 1)) * width + word] = value
}
