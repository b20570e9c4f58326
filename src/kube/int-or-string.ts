import type { IntOrString, UpdateStrategy } from "./types.ts"

const PERCENT = /^[+-]?\d+%$/

/** A whole number as it is, or a percentage of `total`; undefined where the text is neither (R2: the pass fails). */
export function scaledValue(value: IntOrString, total: number, roundUp: boolean): number | undefined {
	if (typeof value === "number") return value
	if (!PERCENT.test(value)) return undefined
	const share = (Number(value.slice(0, -1)) * total) / 100
	return roundUp ? Math.ceil(share) : Math.floor(share)
}

/** R2: how many nodes may have two pods at once; 0 without surge, undefined where the value cannot be used. */
export function surgeCount(strategy: UpdateStrategy | undefined, desired: number): number | undefined {
	if (strategy?.type !== "RollingUpdate" || strategy.rollingUpdate === undefined) return 0
	const { maxSurge } = strategy.rollingUpdate
	return maxSurge === undefined ? 0 : scaledValue(maxSurge, desired, true)
}

/** R2: how many nodes may be without an available pod, before the fallback of 0 and 0 to 1. */
export function unavailableCount(strategy: UpdateStrategy | undefined, desired: number): number | undefined {
	if (strategy?.type !== "RollingUpdate" || strategy.rollingUpdate === undefined) return 0
	const { maxUnavailable } = strategy.rollingUpdate
	return maxUnavailable === undefined ? undefined : scaledValue(maxUnavailable, desired, true)
}

/** M6: surge is on where it comes to more than nothing on a single node. */
export function allowsSurge(strategy: UpdateStrategy | undefined): boolean {
	return (surgeCount(strategy, 1) ?? 0) > 0
}
