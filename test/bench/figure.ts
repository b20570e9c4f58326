/** One measured figure; `must` is the most it may be. */
export type Figure = { readonly name: string; readonly value: number; readonly unit: string; readonly must?: number }

export type Suite = () => AsyncIterable<Figure>

/** The value below which `share` of the samples lie. */
export function quantile(samples: readonly number[], share: number): number {
	const sorted = [...samples].sort((a, b) => a - b)
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
