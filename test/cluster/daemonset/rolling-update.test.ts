import { describe, expect, test } from "vitest"
import { rollingUpdate, rolloutBudget } from "../../../src/cluster/daemonset/index.ts"
import type { DaemonSet, Node, Pod } from "../../../src/kube/index.ts"
import { census, daemonSet, NEW, named, node, pod } from "../../builders/daemon-set.ts"

const TAINTED = { taints: [{ key: "k", effect: "NoSchedule" }] }

type Row = {
	readonly title: string
	readonly nodes?: readonly (string | Node)[]
	readonly pods: readonly Pod[]
	readonly owner?: DaemonSet
	readonly create?: readonly string[]
	readonly remove?: readonly string[]
}

/** A ready old pod on each. */
function old(...nodes: readonly string[]): Pod[] {
	return nodes.map((name) => pod(`old-${name}`, { node: name }))
}

const THREE = ["n1", "n2", "n3"]

const DELETE_FIRST: readonly Row[] = [
	{ title: "[R5] available old pods fill the budget by node name", pods: old("n3", "n2", "n1"), remove: ["old-n1"] },
	{ title: "[R3] a pod of the current hash stays", pods: [pod("a", { hash: NEW })], nodes: ["n1"] },
	{
		title: "[R3] a pod of the current template generation stays",
		nodes: ["n1"],
		owner: daemonSet(
			{},
			{
				metadata: {
					name: "agent",
					uid: "agent-uid",
					annotations: { "deprecated.daemonset.template.generation": "7" },
				},
			},
		),
		pods: [pod("a", { labels: { "pod-template-generation": "7" } })],
	},
	{ title: "[R5] a node without a pod uses the budget", pods: old("n1", "n2") },
	{
		title: "[R5] a terminating pod uses the budget",
		pods: [...old("n1", "n2"), pod("t", { node: "n3", terminating: true })],
	},
	{
		title: "[R5] a new pod that is not ready uses the budget",
		pods: [...old("n1", "n2"), pod("x", { node: "n3", hash: NEW, ready: false })],
	},
	{
		title: "[R5] an old and a new pod together use the budget",
		pods: [...old("n1", "n2", "n3"), pod("x", { node: "n3", hash: NEW })],
	},
	{
		title: "[R5] two old pods on a node use the budget",
		pods: [...old("n1", "n2", "n3"), pod("x", { node: "n3" })],
	},
	{
		title: "[R5] [N2] old pods that are unavailable go all at once, outside the budget",
		pods: THREE.map((name) => pod(`old-${name}`, { node: name, ready: false })),
		remove: ["old-n1", "old-n2", "old-n3"],
	},
	{
		title: "[R4] ready for less than minReadySeconds is unavailable, for exactly as long is not",
		owner: daemonSet({ minReadySeconds: 30 }),
		nodes: ["n1", "n2"],
		pods: [pod("young", { ready: 29 }), pod("ripe", { node: "n2", ready: 30 })],
		remove: ["young"],
	},
	{
		title: "[R6] an old pod on a node that should no longer run one counts and goes",
		nodes: [node("n1", TAINTED), "n2"],
		pods: old("n1", "n2"),
		remove: ["old-n1"],
	},
	{
		title: "[R6] an old pod on a node that does not exist counts and goes",
		nodes: ["n2"],
		pods: old("gone", "n2"),
		remove: ["old-gone"],
	},
]

const HARD: readonly Row[] = [
	{
		title: "old pods that are unavailable go within the budget",
		owner: daemonSet({ maxUnavailable: 2 }),
		pods: THREE.map((name) => pod(`old-${name}`, { node: name, ready: false })),
		remove: ["old-n1", "old-n2"],
	},
	{
		title: "they wait while another node is in progress",
		pods: [
			...old("n1"),
			pod("old-n2", { node: "n2", ready: false }),
			pod("x", { node: "n3", hash: NEW, ready: false }),
		],
	},
	{
		title: "one that was never ready goes before one that was",
		pods: [pod("was", { ready: false }), pod("never", { node: "n2", ready: false, served: false }), ...old("n3")],
		remove: ["never"],
	},
	{ title: "available old pods fill the budget as ever", pods: old("n1", "n2", "n3"), remove: ["old-n1"] },
]

const SURGE: readonly Row[] = [
	{ title: "[R7] creates beside available old pods up to maxSurge", pods: old(...THREE), create: ["n1"] },
	{
		title: "[R7] creates beside every unavailable old pod, outside the budget",
		pods: THREE.map((name) => pod(name, { node: name, ready: false })),
		create: THREE,
	},
	{
		title: "[R7] a new pod that is not available yet is in progress",
		pods: [...old(...THREE), pod("x", { node: "n3", hash: NEW, ready: false })],
	},
	{
		title: "[R7] the old pod goes once its new one is available, and the next node begins",
		pods: [...old(...THREE), pod("x", { node: "n3", hash: NEW })],
		create: ["n1"],
		remove: ["old-n3"],
	},
	{
		title: "[R8] an available old pod on a node that no longer matches waits for others",
		nodes: [node("n1", TAINTED), "n2"],
		pods: [...old("n1"), pod("x", { node: "n2", hash: NEW, ready: false })],
	},
	{
		title: "[R8] it goes when more are available than desired",
		nodes: [node("n1", TAINTED), "n2"],
		pods: [...old("n1"), pod("x", { node: "n2", hash: NEW })],
		remove: ["old-n1"],
	},
	{
		title: "[R8] an unavailable one goes at once",
		nodes: [node("n1", TAINTED), "n2"],
		pods: [pod("bad", { ready: false }), pod("x", { node: "n2", hash: NEW, ready: false })],
		remove: ["bad"],
	},
]

function check({
	nodes = THREE,
	pods,
	owner = daemonSet(),
	create = [],
	remove = [],
	hard = false,
}: Row & { hard?: boolean }): void {
	const from = census(nodes, pods, owner)
	const outcome = rollingUpdate(from, owner.spec.updateStrategy, 250, { hard })
	expect(outcome.error).toBeUndefined()
	expect(named(from, outcome)).toEqual({ create, remove })
}

describe("rollingUpdate", () => {
	test.each(DELETE_FIRST)("$title", check)
	test.each(HARD)("[R11] with a hard maxUnavailable: $title", (row) => check({ ...row, hard: true }))
	test.each(SURGE)("with surge: $title", (row) => check({ owner: daemonSet({ maxSurge: 1 }), ...row }))

	test("[R9] with surge a lone old pod on a node that does not exist ends the pass", () => {
		const owner = daemonSet({ maxSurge: 1 })
		const from = census(["n1"], old("gone", "n1"), owner)
		const error = `couldn't get node for nodeName "gone": node "gone" not found`
		expect(rollingUpdate(from, owner.spec.updateStrategy, 250)).toEqual({ create: [], remove: [], error })
	})

	test.each([
		{ maxUnavailable: "26%", maxSurge: 0, want: { maxUnavailable: 2, maxSurge: 0 } },
		{ maxUnavailable: 0, maxSurge: "1%", want: { maxUnavailable: 0, maxSurge: 1 } },
		{ maxUnavailable: 0, maxSurge: 0, want: { maxUnavailable: 1, maxSurge: 0 } },
		{ maxUnavailable: "3", maxSurge: 0, want: { error: "invalid value for maxUnavailable" } },
		{ maxUnavailable: 1, maxSurge: "x", want: { error: "invalid value for maxSurge" } },
	])("[R2] $maxUnavailable unavailable and $maxSurge surge over four nodes", ({ want, ...rollingUpdate }) => {
		expect(rolloutBudget({ type: "RollingUpdate", rollingUpdate }, 4)).toEqual(want)
	})

	test("[R2] a maxSurge without a maxUnavailable fails the pass", () => {
		const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } }
		expect(rolloutBudget(strategy, 4)).toEqual({ error: "invalid value for maxUnavailable" })
	})
})
