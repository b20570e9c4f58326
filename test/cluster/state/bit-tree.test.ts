import fc from "fast-check"
import { expect, test } from "vitest"
import {
	addBit,
	countBits,
	createBitTree,
	deleteBit,
	nextBit,
	previousBit,
} from "../../../src/cluster/state/bit-tree.ts"

test("a bit tree knows its numbers as a sorted list does, whatever its size", () => {
	const given = fc.integer({ min: 1, max: 40_000 }).chain((size) =>
		fc.record({
			size: fc.constant(size),
			moves: fc.array(fc.tuple(fc.nat(size - 1), fc.boolean()), { maxLength: 60 }),
			asked: fc.array(fc.tuple(fc.nat(size), fc.nat(size)), { minLength: 1, maxLength: 20 }),
		}),
	)
	fc.assert(
		fc.property(given, ({ size, moves, asked }) => {
			const tree = createBitTree(size)
			const set = new Set<number>()
			for (const [at, add] of moves) {
				if (add) set.add(at)
				else set.delete(at)
				if (add) addBit(tree, at)
				else deleteBit(tree, at)
			}
			const sorted = [...set].sort((a, b) => a - b)
			expect(tree.count).toBe(set.size)
			for (const [at, other] of asked) {
				expect(nextBit(tree, at)).toBe(sorted.find((number) => number >= at) ?? -1)
				expect(previousBit(tree, at - 1)).toBe(sorted.findLast((number) => number < at) ?? -1)
				const [from, end] = [Math.min(at, other), Math.max(at, other)]
				expect(countBits(tree, from, end)).toBe(sorted.filter((number) => number >= from && number < end).length)
			}
		}),
		{ numRuns: 300 },
	)
})
