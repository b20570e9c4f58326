const UNITS_MS: readonly (readonly [string, number])[] = [
	["h", 3_600_000],
	["m", 60_000],
	["s", 1_000],
	["ms", 1],
]

/** Go's spelling (`90s`, `1h30m`, `500ms`, `1.5h`) to milliseconds; undefined where it is none. `0` is 0. */
export function parseDuration(text: string): number | undefined {
	if (text === "0") return 0
	if (!/^(\d+(\.\d+)?(h|ms|m|s|d))+$/.test(text)) return undefined
	let total = 0
	for (const [, count, , unit] of text.matchAll(/(\d+(\.\d+)?)(h|ms|m|s|d)/g)) {
		const size = unit === "d" ? 86_400_000 : (UNITS_MS.find(([name]) => name === unit)?.[1] ?? 0)
		total += Number(count) * size
	}
	return Math.round(total)
}

/** `4m10s`, `1h2m`, `850ms`: the two largest units that are not zero. */
export function formatDuration(durationMs: number): string {
	if (durationMs < 1_000) return `${Math.round(durationMs)}ms`
	const seconds = Math.floor(durationMs / 1_000)
	const parts: readonly (readonly [number, string])[] = [
		[Math.floor(seconds / 86_400), "d"],
		[Math.floor(seconds / 3_600) % 24, "h"],
		[Math.floor(seconds / 60) % 60, "m"],
		[seconds % 60, "s"],
	]
	const first = parts.findIndex(([count]) => count > 0)
	return parts
		.slice(first, first + 2)
		.filter(([count]) => count > 0)
		.map(([count, unit]) => `${count}${unit}`)
		.join("")
}

/** An age in kubectl's columns: `45s`, `4m10s`, `12m`, `3h5m`, `26h`, `2d3h`, `30d`, `2y34d`. */
export function formatAge(ageMs: number): string {
	const seconds = Math.floor(ageMs / 1_000)
	if (seconds < 0) return "<invalid>"
	if (seconds < 120) return `${seconds}s`
	const minutes = Math.floor(seconds / 60)
	if (minutes < 10) return pair(minutes, "m", seconds % 60, "s")
	if (minutes < 180) return `${minutes}m`
	const hours = Math.floor(minutes / 60)
	if (hours < 8) return pair(hours, "h", minutes % 60, "m")
	if (hours < 48) return `${hours}h`
	const days = Math.floor(hours / 24)
	if (hours < 192) return pair(days, "d", hours % 24, "h")
	if (days < 730) return `${days}d`
	const years = Math.floor(days / 365)
	return years < 8 ? pair(years, "y", days % 365, "d") : `${years}y`
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
	return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
}
