/** One measured figure; `must` is the most it may be, or with `least` the least. */
export type Figure = {
	readonly name: string
	readonly value: number
	readonly unit: string
	readonly must?: number
	readonly least?: boolean
	readonly nodes?: number
	readonly pods?: number
	/** The process's memory afterwards, in MB. */
	readonly rss?: number
	/** Of the cluster's events: the same in every run, whatever the machine. */
	readonly digest?: string
}

export type Suite = () => AsyncIterable<Figure>

export function isReached({ value, must, least }: Figure): boolean {
	return must === undefined || (least === true ? value >= must : value <= must)
}

/** The value below which `share` of the samples lie. */
export function quantile(samples: readonly number[], share: number): number {
	const sorted = [...samples].sort((a, b) => a - b)
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
