import { describe, expect, test } from "vitest"
import { createCluster } from "../../src/cluster/index.ts"
import type { NodeStep } from "../../src/history/index.ts"
import { byHarm, faultStory, type Rehearsed, type RolloutForecast } from "../../src/rehearse/index.ts"
import { rollout } from "./rollout-forecast.ts"

const down = { atStart: 0, most: 0, mostAt: 0, atEnd: 0, mostByZone: new Map(), samples: [] }

const rehearsed: Rehearsed = {
	startedAt: 0,
	endedAt: 120_000,
	settled: true,
	digest: "",
	rollouts: [
		{
			daemonSet: "apps/DaemonSet/logging/fluentd",
			from: { revision: 1, hash: "a", images: ["fluentd:1", "sidecar:1"] },
			to: { revision: 2, hash: "b", images: ["fluentd:2", "sidecar:1"] },
			order: ["a", "b", "c", "d"].map((node) => ({ node }) as NodeStep),
		} as unknown as RolloutForecast,
	],
	preempted: [],
	evicted: [],
	pending: [],
	decided: [],
	down,
}

describe("a fault story", () => {
	test.each([1, 2, 3, 4, 5, 6])("of number %i is the same every time, and a cluster takes it", (number) => {
		const story = faultStory("seed", number, rehearsed)
		expect(story).toEqual(faultStory("seed", number, rehearsed))
		const cluster = createCluster({ seed: "seed", start: 0 })
		const verdicts = story === undefined ? [] : cluster.input(story.input)
		expect(verdicts).toEqual(verdicts.map((verdict) => ({ ...verdict, accepted: true })))
		expect(verdicts.length).toBeGreaterThan(0)
	})

	test("kills nodes of the rollout halfway, or breaks the image that is new", () => {
		expect(faultStory("seed", 1, rehearsed)?.says).toMatch(/^[a-d](, [a-d])* dies? after 60s$/)
		expect(faultStory("seed", 2, rehearsed)?.says).toMatch(/^images are pulled [248] times slower$/)
		expect(faultStory("seed", 3, rehearsed)?.says).toBe("fluentd:2 crashes on 3% of the nodes")
	})

	test("is none where no pod moves", () => {
		expect(faultStory("seed", 1, { ...rehearsed, rollouts: [] })).toBeUndefined()
	})
})

describe("of two stories", () => {
	const { verdict: _, endedAt: _end, ...endless } = rollout()
	const ofRollout = (one: RolloutForecast, most: number): Rehearsed => ({
		...rehearsed,
		rollouts: [one],
		down: { ...down, most },
	})

	test.each<[string, RolloutForecast]>([
		["gets stuck", rollout({ verdict: "stuck" })],
		["never ends", endless],
	])("the one whose rollout %s is worse than one that is superseded, or complete", (_says, stuck) => {
		for (const verdict of ["superseded", "complete"] as const)
			expect(byHarm(ofRollout(stuck, 1), ofRollout(rollout({ verdict }), 2))).toBeLessThan(0)
	})

	test("a superseded rollout is no harm: the nodes that are down decide", () => {
		const superseded = ofRollout(rollout({ verdict: "superseded" }), 1)
		expect(byHarm(superseded, ofRollout(rollout(), 2))).toBeGreaterThan(0)
	})
})
