import fc from "fast-check"
import { expect, test } from "vitest"
import { decodeSteps, encodeSteps, type NodeStep } from "../../src/history/index.ts"
import { START } from "../builders/ledger.ts"

const time = fc.oneof(fc.constant(0), fc.integer({ min: START, max: START + 90_000_000_000 }))
const step: fc.Arbitrary<NodeStep> = fc.record({
	node: fc.string({ unit: "grapheme", maxLength: 12 }),
	pod: fc.oneof(fc.constant("agent-x7k2p"), fc.string({ unit: "grapheme" })),
	fromHash: fc.constantFrom("", "6f5c8b", "7d9"),
	toHash: fc.constantFrom("", "7d9"),
	stoppedAt: time,
	goneAt: time,
	createdAt: time,
	readyAt: time,
	availableAt: time,
	restarts: fc.nat(),
	cause: fc.constantFrom("", "image-pull", "crash-loop"),
})

test("steps come back as they were, whatever their names", () => {
	fc.assert(
		fc.property(fc.array(step), (steps) => {
			expect([...decodeSteps(encodeSteps(steps, START))]).toEqual(steps)
		}),
	)
})

test("a block of 10,000 ordinary nodes takes less than 27 bytes a node", () => {
	const steps = Array.from({ length: 10_000 }, (_, index): NodeStep => {
		const stoppedAt = START + index * 900
		const times = { stoppedAt, goneAt: stoppedAt + 1_200, createdAt: stoppedAt + 1_300 }
		return {
			node: `pool-a-${String(index).padStart(5, "0")}`,
			pod: `fluentd-${((index * 7919) % 60_466_176).toString(36).padStart(5, "0")}`,
			fromHash: "6f5c8b7d9",
			toHash: "7d96f5c8b",
			...times,
			readyAt: stoppedAt + 9_000,
			availableAt: stoppedAt + 9_000,
			restarts: 0,
			cause: "",
		}
	})
	expect(encodeSteps(steps, START).length / steps.length).toBeLessThan(27)
})

test("bytes that are no block hold no steps", () => {
	expect([...decodeSteps(new Uint8Array([9, 9, 9]))]).toEqual([])
})
