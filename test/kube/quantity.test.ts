import { expect, test } from "vitest"
import {
	addQuantities,
	formatQuantity,
	milliCpu,
	milliUnits,
	parseQuantity,
	quantityOf,
	wholeNumber,
} from "../../src/kube/index.ts"

test.each<[string | number | undefined, number]>([
	["100m", 100],
	["1", 1000],
	[0.5, 500],
	["2500u", 3],
	[undefined, 0],
	["many", 0],
])("milliCpu of %j is %d thousandths", (value, want) => {
	expect(milliCpu(value)).toBe(want)
})

test.each<[string | number | undefined, number]>([
	["1Gi", 1_073_741_824],
	["128e6", 128_000_000],
	["1.5k", 1500],
	[110, 110],
	[undefined, 0],
])("wholeNumber of %j is %d", (value, want) => {
	expect(wholeNumber(value)).toBe(want)
})

test.each([
	["1Gi", "512Mi", "1536Mi"],
	["0", "1k", "1k"],
	["900m", "100m", "1"],
	["1", "1e3", "1001"],
])("%s and %s add up to %s", (a, b, want) => {
	const [left, right] = [parseQuantity(a), parseQuantity(b)]
	expect(left && right && formatQuantity(addQuantities(left, right))).toBe(want)
})

test("sums stay exact where numbers would not", () => {
	const large = quantityOf("9007199254740993")
	const one = quantityOf("1m")
	expect(large && one && milliUnits(addQuantities(large, one))).toBe(9_007_199_254_740_993_001n)
})

test("a short text cannot ask for much memory", () => {
	expect(parseQuantity("1e999999999")).toBeUndefined()
	expect(parseQuantity("9".repeat(100_000))).toBeUndefined()
	expect(parseQuantity("1e-999999999")).toMatchObject({ nano: 1n })
})
