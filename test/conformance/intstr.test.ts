import { allowsSurge, scaledValue, surgeCount, type UpdateStrategy, unavailableCount } from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type ScaleCase = Case & {
	readonly total: number
	readonly value?: number | string
	readonly updateStrategy?: UpdateStrategy
}

suite<ScaleCase>("intstr", "[R2] numbers and percentages scale as the real ones do", (given) => {
	const { total, value } = given
	const strategy = given.updateStrategy ?? {
		type: "RollingUpdate",
		rollingUpdate: { maxSurge: value ?? 0, maxUnavailable: value ?? 0 },
	}
	const counts = {
		allowsSurge: allowsSurge(strategy),
		surgeCount: surgeCount(strategy, total) ?? null,
		unavailableCount: unavailableCount(strategy, total) ?? null,
	}
	if (value === undefined) return difference(counts, given.expected)
	const rounded = {
		roundDown: scaledValue(value, total, false) ?? null,
		roundUp: scaledValue(value, total, true) ?? null,
	}
	return difference({ ...counts, ...rounded }, given.expected)
})
