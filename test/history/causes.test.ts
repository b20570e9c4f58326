import { expect, test } from "vitest"
import type { Fact, PodFact } from "../../src/cluster/index.ts"
import { causesOf, createHistory, fold, settle } from "../../src/history/index.ts"
import { factsOf, liveDaemonSet, readerOf } from "../builders/facts.ts"
import { daemonSetKey } from "../builders/ledger.ts"

const make = factsOf()

function pods(...steps: readonly (PodFact["step"] | readonly [PodFact["step"], string])[]): readonly Fact[] {
	return steps.map((step, index) =>
		typeof step === "string" ? make.pod(index + 1, step, "n1", "a") : make.pod(index + 1, step[0], "n1", "a", step[1]),
	)
}

const CASES: readonly (readonly [title: string, facts: readonly Fact[], moving: string, settled: string])[] = [
	["a pod that is pulling", pods("created", "scheduled", "pulling"), "starting", "starting"],
	["a container that runs and is not ready", pods("created", "started"), "starting", "not-ready"],
	["a pod that was ready once", pods("created", "started", "ready", "available", "unready"), "not-ready", "not-ready"],
	["an image that is not there", pods("created", ["failing", "ErrImagePull"], "pulling"), "image-pull", "image-pull"],
	["an image name that is none", pods("created", ["failing", "InvalidImageName"]), "image-pull", "image-pull"],
	[
		"a container that ends again and again",
		pods("created", "started", ["failing", "CrashLoopBackOff"], "started"),
		"crash-loop",
		"crash-loop",
	],
	[
		"a container that takes too much memory",
		pods("created", "started", ["failing", "OOMKilled"]),
		"out-of-memory",
		"out-of-memory",
	],
	["a pod that fits nowhere", pods("created", ["unschedulable", "0/1 nodes are available"]), "no-room", "no-room"],
	["a pod that failed", pods("created", "started", "failed"), "failed", "failed"],
	["a pod that was evicted", pods("created", "available", "evicted", "failed", "gone"), "evicted", "evicted"],
	["a pod that was preempted", pods("created", "available", "preempted", "terminating"), "preempted", "preempted"],
	["a pod that is stopping", pods("created", "available", "terminating"), "terminating", "terminating"],
	["a node whose pod is gone", pods("created", "available", "terminating", "gone"), "no-pod", "no-pod"],
	[
		"a node that is silent, whatever its pod says",
		[...pods("created", "available", "unready"), make.node(9, "unknown", "n1")],
		"node-dead",
		"node-dead",
	],
	[
		"a node that came back",
		[make.node(0, "not-ready", "n1"), ...pods("created", "started"), make.node(9, "ready", "n1")],
		"starting",
		"not-ready",
	],
]

test.each(CASES)("the cause of %s", (_, facts, moving, settled) => {
	const history = createHistory()
	fold(history, readerOf([make.revision(0, 1, "a"), ...facts, make.status(20, 1, 0, 0)]), liveDaemonSet())
	const whileMoving = causesOf(history, daemonSetKey("agent")).map(({ cause }) => cause)
	const causes = settle(history, 1).entries.map((entry) => "causes" in entry && entry.causes.map(({ cause }) => cause))
	expect([whileMoving, causes]).toEqual([[moving], [[settled]]])
})

test("causes come with the most frequent first, and with the first three names", () => {
	const history = createHistory()
	const nodes = ["n10", "n3", "n2", "n1", "n4"]
	const created = nodes.map((node, index) => make.pod(index, "created", node, "a"))
	const unplaced = make.pod(6, "unschedulable", "n3", "a", "no")
	fold(history, readerOf([make.revision(0, 1, "a"), ...created, unplaced]), liveDaemonSet())
	expect(causesOf(history, daemonSetKey("agent"))).toEqual([
		{ cause: "starting", nodes: 4, examples: ["n1", "n10", "n2"] },
		{ cause: "no-room", nodes: 1, examples: ["n3"] },
	])
})
