import { describe, expect, test } from "vitest"
import { firstBad } from "../../src/rehearse/index.ts"

const items = Array.from({ length: 100 }, (_, index) => index)

describe("bisecting", () => {
	test.each([0, 1, 37, 98, 99])("finds the first bad one at %i, and asks few", async (first) => {
		const asked: number[] = []
		const found = await firstBad(items, async (item) => {
			asked.push(item)
			return item >= first
		})
		expect(found).toBe(first)
		expect(asked.length).toBeLessThanOrEqual(8)
	})

	test("finds none where the last is good, or where there is none", async () => {
		expect(await firstBad(items, async () => false)).toBeUndefined()
		expect(await firstBad([], async () => true)).toBeUndefined()
	})
})
