import { describe, expect, test } from "vitest"
import { createCluster } from "../../src/cluster/index.ts"
import type { NodeStep } from "../../src/history/index.ts"
import { keyOf, type PodBehavior } from "../../src/kube/index.ts"
import { lessonsOf, repositoryOf } from "../../src/rehearse/index.ts"

/** Pods that were made after one second and were ready so many milliseconds later. */
const steps = (...ready: readonly number[]): NodeStep[] =>
	ready.map((ms) => ({ stoppedAt: 500, goneAt: 700, createdAt: 1_000, readyAt: 1_000 + ms, restarts: 0 }) as NodeStep)

describe("what past rollouts teach", () => {
	test("is how long pods of one image repository took to be ready, and to stop, over all their rollouts", () => {
		const past = [
			{ rollout: 7, images: ["reg:5000/fluentd:2", "sidecar:1"], steps: steps(4_000, 6_000) },
			{ rollout: 3, images: ["reg:5000/fluentd:1"], steps: steps(1_000, 2_000, 3_000) },
		]
		const [lesson, ...more] = lessonsOf(past)
		expect(more).toEqual([])
		expect(lesson).toMatchObject({ image: "reg:5000/fluentd", rollouts: [3, 7], nodes: 5 })
		expect(lesson?.behavior).toMatchObject({
			spec: {
				match: { image: "reg:5000/fluentd:*" },
				pull: "0s",
				start: "0s",
				ready: { p50: "3000ms", p90: "6000ms", p99: "6000ms" },
				stop: { p50: "200ms", p90: "200ms", p99: "200ms" },
			},
		})
	})

	test("is nothing where few pods came up, or with restarts only", () => {
		const crashed = steps(1, 2, 3, 4, 5, 6).map((step) => ({ ...step, restarts: 1 }))
		expect(lessonsOf([{ rollout: 1, images: ["a:1"], steps: crashed }])).toEqual([])
		expect(lessonsOf([{ rollout: 1, images: ["a:1"], steps: steps(1, 2, 3, 4) }])).toEqual([])
		expect(lessonsOf([{ rollout: 1, images: [], steps: steps(1, 2, 3, 4, 5) }])).toEqual([])
	})

	test("is taken by a cluster, whatever the images are called", () => {
		const past = ["b:1", "a/b@sha256:0", "reg:5000/a"].map((image, rollout) => {
			return { rollout, images: [image], steps: steps(0, 1, 2, 3, 4) }
		})
		const cluster = createCluster({ seed: "seed", start: 0 })
		const lessons = lessonsOf(past)
		const writes = lessons.map(({ behavior: object }) => ({ verb: "create", key: keyOf(object), object }) as const)
		const verdicts = cluster.input({ source: { kind: "client", client: "test" }, writes })
		expect(verdicts.map(({ accepted }) => accepted)).toEqual([true, true, true])
		const globs = lessons.map(({ behavior }) => (behavior as PodBehavior).spec.match?.image)
		expect(globs).toEqual(["a/b@*", "b:*", "reg:5000/a"])
	})

	test.each([
		["fluentd:1", "fluentd"],
		["reg:5000/fluentd", "reg:5000/fluentd"],
		["reg:5000/fluentd:1@sha256:ab", "reg:5000/fluentd"],
		["", ""],
	])("%j is an image of %j", (image, repository) => expect(repositoryOf(image)).toBe(repository))
})
