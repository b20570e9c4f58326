import { parseDuration } from "../../base/index.ts"
import type { DurationSpread } from "../../kube/index.ts"

/** Quantiles of a duration in whole milliseconds, rising. */
export type Spread = { readonly p0: number; readonly p50: number; readonly p90: number; readonly p99: number }

/** The quantiles as numbers; undefined where a duration cannot be read. What is left out is the quantile before it. */
export function spreadOf(given: DurationSpread): Spread | undefined {
	const texts = typeof given === "string" ? { p50: given } : given
	const p50 = parseDuration(texts.p50)
	const p90 = texts.p90 === undefined ? p50 : parseDuration(texts.p90)
	const p99 = texts.p99 === undefined ? p90 : parseDuration(texts.p99)
	return p50 === undefined || p90 === undefined || p99 === undefined ? undefined : spread(p50, p90, p99)
}

/** Below the median the line falls as far as it rises up to p90, but not under 0; quantiles out of order are raised. */
export function spread(p50: number, p90: number = p50, p99: number = p90): Spread {
	const high = Math.max(p50, p90)
	return { p0: Math.max(0, 2 * p50 - high), p50, p90: high, p99: Math.max(high, p99) }
}

/** L1: the duration that a throw from [0, 2^32) gives: straight lines between the quantiles, flat beyond p99. */
export function drawMs({ p0, p50, p90, p99 }: Spread, thrown: number): number {
	if (thrown < AT_P50) return between(p0, p50, thrown, 0, AT_P50)
	if (thrown < AT_P90) return between(p50, p90, thrown, AT_P50, AT_P90)
	return thrown < AT_P99 ? between(p90, p99, thrown, AT_P90, AT_P99) : p99
}

function between(low: number, high: number, thrown: number, from: number, to: number): number {
	return low === high ? low : low + Math.floor(((high - low) * (thrown - from)) / (to - from))
}

const AT_P50 = 2_147_483_648
const AT_P90 = 3_865_470_566
const AT_P99 = 4_252_017_623
