/** S5: where a pass stands in its creations. Plain data, kept while they wait for the client limit. */
export type SlowStart = {
	/** All creations of the pass. */
	readonly total: number
	/** Those in batches before this one. */
	readonly position: number
	/** Those in this batch; 0 where none is left. */
	readonly batch: number
}

export function startSlowly(total: number): SlowStart {
	return { total, position: 0, batch: Math.min(total, 1) }
}

/**
 * S5: the batch after one that ended: twice as large, or none after an error. `skipped` creations will not be tried
 * by this pass: expectations are lowered by them.
 */
export function nextBatch(at: SlowStart, failed: boolean): { readonly next: SlowStart; readonly skipped: number } {
	const position = at.position + at.batch
	const rest = at.total - position
	if (failed) return { next: { total: at.total, position, batch: 0 }, skipped: rest }
	return { next: { total: at.total, position, batch: Math.min(at.batch * 2, rest) }, skipped: 0 }
}
