import { expect, test } from "vitest"
import type { NodeStep } from "../../src/history/index.ts"
import { timelineOf } from "../../src/rehearse/index.ts"
import { rollout } from "./rollout-forecast.ts"

const step = (stoppedAt: number, availableAt: number): NodeStep => ({
	node: `node-${stoppedAt}`,
	pod: "",
	fromHash: "a",
	toHash: "b",
	stoppedAt,
	goneAt: stoppedAt,
	createdAt: stoppedAt,
	readyAt: availableAt,
	availableAt,
	restarts: 0,
	cause: "",
})

test("a timeline counts old pods down, new ones up, and the most that are down in each part", () => {
	const seen = rollout({
		startedAt: 1_000,
		endedAt: 1_400,
		order: [step(1_010, 1_120), step(1_130, 1_390)],
		down: {
			atStart: 0,
			most: 1,
			mostAt: 1_010,
			atEnd: 0,
			mostByZone: new Map(),
			samples: [
				{ at: 1_000, down: 0 },
				{ at: 1_010, down: 1 },
				{ at: 1_120, down: 0 },
				{ at: 1_130, down: 1 },
				{ at: 1_390, down: 0 },
			],
		},
	})
	expect(timelineOf(seen, 4, 0)).toEqual({
		from: 1_000,
		to: 1_400,
		old: [1, 0, 0, 0],
		updated: [0, 1, 1, 2],
		down: [1, 1, 1, 1],
	})
})
