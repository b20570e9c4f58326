/** A duration as Go prints it: `850ms`, `1.5s`, `1m20s`, `5m0s`, `1h0m0s`. Whole milliseconds, not negative. */
export function formatGoDuration(ms: number): string {
	if (ms === 0) return "0s"
	if (ms < 1000) return `${ms}ms`
	const hours = Math.floor(ms / 3_600_000)
	const minutes = Math.floor(ms / 60_000) % 60
	const seconds = (ms % 60_000) / 1000
	if (hours > 0) return `${hours}h${minutes}m${seconds}s`
	return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}
