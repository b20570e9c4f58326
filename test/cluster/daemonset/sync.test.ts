import { describe, expect, test } from "vitest"
import { beginSync, expect as expectations, revisionHash } from "../../../src/cluster/daemonset/index.ts"
import type { DaemonSet, Node, Pod } from "../../../src/kube/index.ts"
import { daemonSet, NOW, node, pod } from "../../builders/daemon-set.ts"
import { runSync, type World } from "../../conformance/world.ts"

function world(words: { owner?: DaemonSet; nodes?: readonly Node[]; pods?: readonly Pod[] } = {}): World {
	const { owner = daemonSet(), nodes = [node("n1"), node("n2")], pods = [] } = words
	return { now: NOW, daemonSet: owner, nodes, pods, revisions: [], expectations: undefined, backOffs: new Map() }
}

/** Current pods are those that carry our hash of the current template. */
function current(owner: DaemonSet): string {
	return revisionHash(owner.spec.template, undefined)
}

describe("a sync", () => {
	test("places first, and rolls in a later sync [R1]", () => {
		const run = runSync(world({ pods: [pod("a")] }))
		expect(run).toMatchObject({ created: ["n2"], deleted: [], acted: "place" })
		expect(run.steps).toEqual(["revisions", "claim", "place", "clean-up", "status"])
	})

	test("rolls where there is nothing to place", () => {
		const run = runSync(world({ pods: [pod("a"), pod("b", { node: "n2" })] }))
		expect(run).toMatchObject({ created: [], deleted: ["a"], acted: "roll" })
	})

	test("with OnDelete never rolls", () => {
		const run = runSync(world({ owner: daemonSet({ onDelete: true }), pods: [pod("a"), pod("b", { node: "n2" })] }))
		expect(run.steps).not.toContain("roll")
		expect(run.deleted).toEqual([])
	})

	test("[S2] waiting for expectations stores a status, but not the generation", () => {
		const waiting = world({ pods: [pod("a")] })
		waiting.expectations = expectations(1, 0, NOW - 1000)
		expect(runSync(waiting).steps).toEqual(["revisions", "claim", "status"])
		expect(waiting.daemonSet.status).toMatchObject({ desiredNumberScheduled: 2, observedGeneration: 0 })
	})

	test("[S4] expectations older than five minutes hold nothing up", () => {
		const waiting = world()
		waiting.expectations = expectations(1, 0, NOW - 300_001)
		expect(runSync(waiting).created).toEqual(["n1", "n2"])
	})

	test("[S2] a pass that fails stores its status all the same", () => {
		const owner = daemonSet({ maxSurge: 1 })
		const failing = world({ owner, nodes: [node("n1")], pods: [pod("x"), pod("lost", { node: "gone" })] })
		const run = runSync(failing)
		expect(run).toMatchObject({ acted: "roll", error: expect.stringContaining("gone") })
		expect(run.steps.at(-1)).toBe("status")
		expect(failing.daemonSet.status?.observedGeneration).toBe(1)
	})

	test("[H4] a name collision ends the sync without a status", () => {
		const owner = daemonSet()
		const colliding = world({ owner })
		colliding.revisions = [
			{
				apiVersion: "apps/v1",
				kind: "ControllerRevision",
				metadata: { name: `agent-${current(owner)}`, namespace: "default" },
				revision: 1,
			},
		]
		expect(runSync(colliding)).toMatchObject({ steps: ["revisions"], created: [] })
		expect(colliding.daemonSet.status).toEqual({ collisionCount: 1 })
		expect(runSync(colliding).created).toEqual(["n1", "n2"])
	})

	test("[C2] an adopted pod counts at once", () => {
		const owner = daemonSet()
		const orphans = [pod("a", { owner: "none", hash: current(owner) }), pod("b", { owner: "none", node: "n2" })]
		const adopting = world({ owner, pods: orphans })
		expect(runSync(adopting)).toMatchObject({ created: [], deleted: ["b"] })
		expect(adopting.pods.map((each) => each.metadata.ownerReferences?.[0]?.uid)).toEqual(["agent-uid", "agent-uid"])
		expect(adopting.daemonSet.status).toMatchObject({ currentNumberScheduled: 2, updatedNumberScheduled: 1 })
	})

	test("[S3] a DaemonSet being deleted, or with an empty selector, gets nothing", () => {
		const metadata = { ...daemonSet().metadata, deletionTimestamp: "2025-01-01T00:00:00Z" }
		expect(beginSync(daemonSet({}, { metadata }))).toBe("being-deleted")
		expect(beginSync(daemonSet({ selector: {} }))).toBe("selects-everything")
	})

	test("a place between two steps is plain data", () => {
		const begun = beginSync(daemonSet())
		expect(JSON.parse(JSON.stringify(begun))).toEqual(begun)
	})
})
