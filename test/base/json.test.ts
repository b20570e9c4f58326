import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { canonicalJson, jsonEqual } from "../../src/base/index.ts"

const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Parameters<typeof canonicalJson>[0]>

describe("jsonEqual", () => {
	test("is true of exactly the values that have one canonical text", () => {
		fc.assert(
			fc.property(value, value, (a, b) => {
				expect(jsonEqual(a, b)).toBe(canonicalJson(a) === canonicalJson(b))
				expect(jsonEqual(a, JSON.parse(canonicalJson(a)))).toBe(true)
			}),
			{ numRuns: 300 },
		)
	})

	test.each([
		["members in another order", { a: 1, b: [2] }, { b: [2], a: 1 }, true],
		["a list in another order", [1, 2], [2, 1], false],
		["a member that is undefined, and none", { a: 1, b: undefined }, { a: 1 }, true],
		["a member that is null, and none", { a: 1, b: null }, { a: 1 }, false],
		["an inherited name, and none", { toString: 1 }, { a: 1 }, false],
		["an empty list, and an empty record", [], {}, false],
	])("%s", (_, a, b, want) => {
		expect([jsonEqual(a as never, b as never), jsonEqual(b as never, a as never)]).toEqual([want, want])
		expect(canonicalJson(a as never) === canonicalJson(b as never)).toBe(want)
	})
})
