import { describe, expect, test } from "vitest"
import { type BackOff, backOffKey, manage } from "../../../src/cluster/daemonset/index.ts"
import type { DaemonSet, Node, Pod } from "../../../src/kube/index.ts"
import { census, daemonSet, NEW, NOW, named, node, OLD, pod } from "../../builders/daemon-set.ts"

const NO_SCHEDULE = { taints: [{ key: "k", effect: "NoSchedule" }] }
const NO_EXECUTE = { taints: [{ key: "k", effect: "NoExecute" }] }
const surging = daemonSet({ maxSurge: 1 })

type Row = {
	readonly title: string
	readonly nodes?: readonly (string | Node)[]
	readonly pods: readonly Pod[]
	readonly owner?: DaemonSet
	readonly create?: readonly string[]
	readonly remove?: readonly string[]
}

const ROWS: readonly Row[] = [
	{ title: "a node without a pod gets one", pods: [], create: ["n1"] },
	{ title: "[P2] an untolerated NoSchedule taint gets none", nodes: [node("n1", NO_SCHEDULE)], pods: [] },
	{ title: "[P2] a pod under a NoSchedule taint stays", nodes: [node("n1", NO_SCHEDULE)], pods: [pod("a")] },
	{
		title: "[M1] a pod under a NoExecute taint goes",
		nodes: [node("n1", NO_EXECUTE)],
		pods: [pod("a")],
		remove: ["a"],
	},
	{
		title: "[M1] a failed pod that may not continue goes without back-off, a terminating one stays",
		nodes: [node("n1", NO_EXECUTE)],
		pods: [pod("a", { phase: "Failed" }), pod("b", { phase: "Failed" }), pod("c", { terminating: true })],
		remove: ["a", "b"],
	},
	{
		title: "[M2] succeeded pods go at once, all of them",
		pods: [pod("a", { phase: "Succeeded" }), pod("b", { phase: "Succeeded" })],
		remove: ["a", "b"],
	},
	{
		title: "[M2] of several failed pods on a node one goes",
		pods: [pod("a", { phase: "Failed", age: 9 }), pod("b", { phase: "Failed", age: 8 })],
		remove: ["a"],
	},
	{ title: "[M4] without surge a terminating pod holds its node", pods: [pod("a", { terminating: true })] },
	{
		title: "[M4] with surge a node whose pod terminates gets one in the same pass",
		owner: surging,
		pods: [pod("a", { terminating: true })],
		create: ["n1"],
	},
	{
		title: "[M4] with surge a node whose pod has failed loses it and gets one",
		owner: surging,
		pods: [pod("a", { phase: "Failed" })],
		create: ["n1"],
		remove: ["a"],
	},
	{
		title: "[C3] a pod that has failed and terminates is not seen",
		pods: [pod("a", { phase: "Failed", terminating: true })],
		create: ["n1"],
	},
	{
		title: "[M5] the oldest stays, bound before pinned, whatever its hash and readiness",
		pods: [
			pod("pinned", { pinned: true, age: 100 }),
			pod("young", { hash: NEW, age: 1 }),
			pod("old", { age: 50, ready: false }),
			pod("twin-b", { age: 20 }),
			pod("twin-a", { age: 20 }),
		],
		remove: ["twin-a", "twin-b", "young", "pinned"],
	},
	{
		title: "[M6] with surge the oldest new and the oldest old pod stay",
		owner: surging,
		pods: [
			pod("old1", { age: 90 }),
			pod("old2", { age: 80 }),
			pod("new1", { hash: NEW, age: 20, ready: false }),
			pod("new2", { hash: NEW, age: 10, ready: false }),
		],
		remove: ["old2", "new2"],
	},
	{
		title: "[M6] the old pod goes when it is not Ready",
		owner: surging,
		pods: [pod("old", { ready: false }), pod("new", { hash: NEW, ready: false, age: 1 })],
		remove: ["old"],
	},
	{
		title: "[M6] the old pod goes when the new one is available",
		owner: surging,
		pods: [pod("old"), pod("new", { hash: NEW, age: 1 })],
		remove: ["old"],
	},
	{
		title: "[M7] where the node is gone only the unscheduled pod goes",
		pods: [pod("kept", { node: "gone", hash: OLD }), pod("lost", { node: "gone", pinned: true })],
		nodes: [],
		remove: ["lost"],
	},
]

const fresh = { uid: "agent-uid", observedGeneration: 1, backOffs: new Map<string, BackOff>() }

describe("manage", () => {
	test.each(ROWS)("$title", ({ nodes = ["n1"], pods, owner, create = [], remove = [] }) => {
		const from = census(nodes, pods, owner)
		expect(named(from, manage(from, fresh, 250))).toEqual({ create, remove })
	})

	test("[M3] a failed pod waits, and the key comes back after the whole delay", () => {
		const key = backOffKey("agent-uid", 1, "n1")
		const backOffs = new Map([[key, { delayMs: 4000, since: NOW - 3000 }]])
		const from = census(["n1"], [pod("a", { phase: "Failed" })])
		expect(manage(from, { ...fresh, backOffs }, 250)).toMatchObject({ remove: [], retryAfterMs: 4000 })
		expect(manage(from, { ...fresh, observedGeneration: 2, backOffs }, 250)).toMatchObject({ remove: [0], failed: [0] })
	})

	test("[M3] a deletion doubles the back-off of its node", () => {
		const key = backOffKey("agent-uid", 1, "n1")
		const backOffs = new Map([[key, { delayMs: 4000, since: NOW - 4000 }]])
		const outcome = manage(census(["n1"], [pod("a", { phase: "Failed" })]), { ...fresh, backOffs }, 250)
		expect([...outcome.backOffs]).toEqual([[key, { delayMs: 8000, since: NOW }]])
	})

	test("[S5] a pass takes so many of each, by node name", () => {
		const spread = { taints: [{ key: "k", effect: "NoExecute" }] }
		const from = census(
			["n3", "n1", "n2", node("m2", spread), node("m1", spread)],
			[pod("b", { node: "m2" }), pod("a", { node: "m1" })],
		)
		expect(named(from, manage(from, fresh, 1))).toEqual({ create: ["n1"], remove: ["a"] })
	})
})
