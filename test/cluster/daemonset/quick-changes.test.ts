import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { HASH_LABEL, revisionTemplate } from "../../../src/cluster/daemonset/index.ts"
import type { ControllerRevision, Pod } from "../../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, pods, settle, status } from "../../builders/cluster.ts"

const changes = fc.array(
	fc.record({ image: fc.constantFrom("a:1", "a:2", "a:3"), waitMs: fc.constantFrom(0, 1, 2, 20, 49, 51, 400, 5000) }),
	{ minLength: 1, maxLength: 8 },
)

describe("quick template changes", () => {
	test("[H2] [N16] end with every pod of the last one, however the client limit holds syncs up", () => {
		fc.assert(
			fc.property(changes, fc.constantFrom(0, 20), (story, controlPlaneQps) => {
				const running = cluster(12, { controlPlaneQps })
				apply(running, behavior())
				const first = daemonSet({ image: "a:0" })
				apply(running, first)
				settle(running)
				let before = first
				for (const { image, waitMs } of story) {
					const next = daemonSet({ image })
					apply(running, next, before)
					before = next
					running.advance(running.now() + waitMs)
				}
				settle(running)
				const last = story.at(-1)?.image
				const revisions = [...running.list({ group: "apps", kind: "ControllerRevision" })] as ControllerRevision[]
				const newest = revisions.reduce((a, b) => (a.revision > b.revision ? a : b))
				expect(revisionTemplate(newest)?.spec.containers[0]?.image).toBe(last)
				const seen = (pods(running) as Pod[]).map(({ metadata, spec }) => [
					spec.containers[0]?.image,
					metadata.labels?.[HASH_LABEL],
				])
				expect(seen).toEqual(Array(12).fill([last, newest.metadata.labels?.[HASH_LABEL]]))
				expect(status(running)).toMatchObject({ updatedNumberScheduled: 12, numberAvailable: 12 })
			}),
			{ numRuns: 20 },
		)
	})
})
