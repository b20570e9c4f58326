import { describe, expect, test } from "vitest"
import type { Cluster } from "../../src/cluster/index.ts"
import { MAX_UNAVAILABLE_ANNOTATION } from "../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, settle, status } from "../builders/cluster.ts"

const annotated = (image: string, value?: string, spec: object = {}) => {
	const object = daemonSet({ image, spec })
	const annotations = value === undefined ? {} : { [MAX_UNAVAILABLE_ANNOTATION]: value }
	return { ...object, metadata: { ...object.metadata, annotations } }
}

/** Old pods that run a minute, crash once and come back; new versions that never turn ready. */
function shaky(): Cluster {
	const on = cluster(3)
	apply(on, behavior())
	const crash = { kind: "CrashLoop", share: "100%", after: "60s", times: 1 }
	apply(on, behavior({ priority: 2, match: { image: "*:v1" }, failures: [crash] }, "shaky"))
	const never = { kind: "NeverReady", share: "100%" }
	apply(on, behavior({ priority: 1, match: { image: "*:bad-*" }, failures: [never] }, "bad"))
	return on
}

/** Three updates within a minute, all of them bad. Returns the fewest available pods since the first of them. */
function threeBadUpdates(on: Cluster, value?: string): number {
	apply(on, annotated("fluentd:v1", value))
	on.advance(on.now() + 30_000)
	let before = annotated("fluentd:v1", value)
	let fewest = 3
	for (const image of ["fluentd:bad-1", "fluentd:bad-2", "fluentd:bad-3"]) {
		const next = annotated(image, value)
		apply(on, next, before)
		before = next
		on.advance(on.now() + 10_000)
		fewest = Math.min(fewest, status(on)?.numberAvailable ?? 0)
	}
	settle(on)
	return Math.min(fewest, status(on)?.numberAvailable ?? 0)
}

describe("three bad updates in a row at maxUnavailable 1", () => {
	test("[R5] leave no ready pod on any cluster, once the old ones have been unready for a moment", () => {
		expect(threeBadUpdates(shaky())).toBe(0)
		expect(threeBadUpdates(shaky(), "Hard")).toBe(0)
		expect(apply(cluster(0), annotated("fluentd:v1", "Hard"))).toMatchObject({
			warnings: [
				expect.stringMatching(/^metadata\.annotations\[rollcall\.dev\/max-unavailable\]: "Hard" is not "hard"/),
			],
		})
	})

	test("[R11] leave all but one where maxUnavailable is hard, and a good one still goes everywhere", () => {
		const on = shaky()
		expect(threeBadUpdates(on, "hard")).toBe(2)
		apply(on, annotated("fluentd:v2", "hard"), annotated("fluentd:bad-3", "hard"))
		settle(on)
		expect(status(on)).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 })
	})
})

test("[R11] [M6] with surge an old pod that is unready stays until the new one is available", () => {
	const strategy = { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }
	const on = shaky()
	apply(on, annotated("fluentd:v1", "hard", strategy))
	on.advance(on.now() + 30_000)
	apply(on, annotated("fluentd:bad-1", "hard", strategy), annotated("fluentd:v1", "hard", strategy))
	settle(on)
	expect(status(on)?.numberAvailable).toBe(3)
})
