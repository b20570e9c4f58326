import { describe, expect, test } from "vitest"
import type { Fact } from "../../src/cluster/index.ts"
import {
	createHistory,
	decodeSteps,
	type Folded,
	fold,
	type History,
	type LedgerEntry,
	noteInput,
	openRollouts,
	settle,
} from "../../src/history/index.ts"
import { factsOf, liveDaemonSet, readerOf } from "../builders/facts.ts"
import { daemonSetKey, START } from "../builders/ledger.ts"

const AGENT = daemonSetKey("agent")

const make = factsOf()

function folded(history: History, facts: readonly Fact[]): Folded {
	const inOrder = [...facts].sort((a, b) => a.at - b.at)
	return fold(history, readerOf(inOrder), liveDaemonSet())
}

/** Entries in short: kind, rollout, and what ended how. */
function inShort(entry: LedgerEntry): string {
	if (entry.kind === "rollout-started") {
		return `started ${entry.rollout} ${entry.from?.hash ?? "none"} → ${entry.to.hash} by ${entry.trigger.kind}`
	}
	if (entry.kind === "rollout-ended") {
		const { desired, updated, available, mostUnavailable } = entry.nodes
		return `${entry.verdict} ${entry.rollout}: ${desired}/${updated}/${available}, ${mostUnavailable} down at most`
	}
	if (entry.kind === "rollout-tail")
		return `tail ${entry.rollout}: ${entry.steps.nodes}${entry.removed ? ", removed" : ""}`
	return entry.kind === "revision" ? `revision ${entry.revision} ${entry.hash}` : entry.kind
}

/** A pod of the hash comes up on the node, a second a step. */
function up(second: number, node: string, hash: string): Fact[] {
	return (["created", "scheduled", "pulling", "started", "ready", "available"] as const).map((step, index) =>
		make.pod(second + index, step, node, hash),
	)
}

function down(second: number, node: string, hash: string): Fact[] {
	return [make.pod(second, "terminating", node, hash), make.pod(second + 2, "gone", node, hash)]
}

/** Two nodes run hash `a`, complete. */
function running(): History {
	const history = createHistory()
	noteInput(history, { kind: "commit", commit: "c1" }, [AGENT])
	folded(history, [make.revision(0, 1, "a"), ...up(1, "n1", "a"), ...up(1, "n2", "a"), make.status(8, 2, 2, 2)])
	return history
}

describe("fold", () => {
	test("a first revision starts a rollout without a from, which ends when every node is updated and available", () => {
		const history = createHistory()
		noteInput(history, { kind: "commit", commit: "c1" }, [AGENT, "v1/ConfigMap//other"])
		const facts = [
			make.revision(0, 1, "a"),
			make.status(0, 2, 0, 0),
			...up(1, "n1", "a"),
			...up(1, "n2", "a"),
			make.status(8, 2, 2, 2),
		]
		const { entries } = folded(history, facts)
		expect(entries.map(inShort)).toEqual([
			"revision 1 a",
			"started 1 none → a by commit",
			"complete 1: 2/2/2, 2 down at most",
		])
		expect(openRollouts(history)).toEqual([])
	})

	test("an update tells what each node went through, sorted by node, in one block", () => {
		const history = running()
		noteInput(history, { kind: "client", client: "kubectl" }, [AGENT])
		const { entries, steps } = folded(history, [
			make.revision(10, 2, "b"),
			...down(11, "n2", "a"),
			...up(14, "n2", "b"),
			...down(21, "n1", "a"),
			...up(24, "n1", "b"),
			make.status(30, 2, 2, 2),
		])
		expect(entries.map(inShort)).toEqual([
			"revision 2 b",
			"started 2 a → b by client",
			"complete 2: 2/2/2, 1 down at most",
		])
		const ended = entries.at(-1) as Extract<LedgerEntry, { kind: "rollout-ended" }>
		const story = { fromHash: "a", toHash: "b", restarts: 0, cause: "" }
		const at = (second: number) => START + second * 1000
		expect([...decodeSteps(steps.get(ended.steps.hash) ?? new Uint8Array())]).toEqual([
			{
				node: "n1",
				pod: "agent-bn1",
				...story,
				stoppedAt: at(21),
				goneAt: at(23),
				createdAt: at(24),
				readyAt: at(28),
				availableAt: at(29),
			},
			{
				node: "n2",
				pod: "agent-bn2",
				...story,
				stoppedAt: at(11),
				goneAt: at(13),
				createdAt: at(14),
				readyAt: at(18),
				availableAt: at(19),
			},
		])
	})

	test("a rollout tells the images, the change cause and the fields of the spec that changed", () => {
		const history = createHistory()
		fold(history, readerOf([make.revision(0, 1, "a")]), liveDaemonSet({ image: "agent:1" }))
		const live = liveDaemonSet({ image: "agent:2", changeCause: "raise the version" })
		const { entries } = fold(history, readerOf([make.revision(5, 2, "b")]), live)
		expect(entries.find((entry) => entry.kind === "rollout-started")).toMatchObject({
			from: { revision: 1, hash: "a", images: ["agent:1"] },
			to: { revision: 2, hash: "b", images: ["agent:2"], changeCause: "raise the version" },
			fields: [
				{
					path: "metadata.annotations[kubernetes.io/change-cause]",
					after: "raise the version",
				},
				{ path: "spec.template.spec.containers[name=agent].image", before: "agent:1", after: "agent:2" },
			],
		})
	})

	test("a newer revision supersedes the rollout that is open, and numbers go on", () => {
		const history = running()
		const { entries } = folded(history, [
			make.revision(10, 2, "b"),
			...down(11, "n1", "a"),
			make.revision(12, 3, "c"),
			...up(13, "n1", "c"),
		])
		expect(entries.map(inShort)).toEqual([
			"revision 2 b",
			"started 2 a → b by commit",
			"superseded 2: 2/0/2, 1 down at most",
			"revision 3 c",
			"started 3 b → c by commit",
		])
	})

	test("with surge no node is ever without an available pod", () => {
		const history = running()
		const { entries } = folded(history, [
			make.revision(10, 2, "b"),
			...up(11, "n1", "b"),
			...down(17, "n1", "a"),
			...up(21, "n2", "b"),
			...down(27, "n2", "a"),
			make.status(30, 2, 2, 2),
		])
		expect(entries.map(inShort).at(-1)).toBe("complete 2: 2/2/2, 0 down at most")
	})

	test("a DaemonSet that is deleted ends its rollout as removed; its late pods tell nothing", () => {
		const history = running()
		const { entries } = folded(history, [make.revision(10, 2, "b"), make.deleted(11), ...down(12, "n1", "a")])
		expect(entries.map(inShort)).toEqual([
			"revision 2 b",
			"started 2 a → b by commit",
			"removed 2: 2/0/2, 0 down at most",
		])
		expect(entries.at(-1)).toMatchObject({ reason: "deleted by commit c1" })
		expect(folded(running(), [make.deleted(20)]).entries.map(inShort)).toEqual(["tail 1: 0, removed"])
	})

	test("what happens after a rollout's end is told when the next one starts", () => {
		const history = running()
		expect(folded(history, [...up(20, "n3", "a"), make.status(27, 3, 3, 3)]).entries).toEqual([])
		const { entries, steps } = folded(history, [make.revision(30, 2, "b")])
		expect(entries.map(inShort)).toEqual(["tail 1: 1", "revision 2 b", "started 2 a → b by commit"])
		const [block = new Uint8Array()] = steps.values()
		expect([...decodeSteps(block)].map(({ node, toHash }) => `${node} ${toHash}`)).toEqual(["n3 a"])
	})

	test("a node that the DaemonSet no longer wants does not count as unavailable for ever", () => {
		const history = running()
		folded(history, [make.revision(10, 2, "b"), ...down(11, "n1", "a"), make.status(14, 1, 0, 1)])
		expect(openRollouts(history).map(({ unavailable }) => unavailable)).toEqual([0])
	})

	test("a name that objects have by birth is a name like any other", () => {
		const history = createHistory()
		const odd = factsOf("__proto__")
		const { entries } = folded(history, [
			odd.revision(0, 1, "a"),
			odd.pod(1, "created", "constructor", "a"),
			odd.pod(2, "available", "constructor", "a"),
			odd.status(3, 1, 1, 1),
		])
		expect(entries.map(inShort).at(-1)).toBe("complete 1: 1/1/1, 1 down at most")
	})
})

describe("settle", () => {
	const stuckAt = (history: History, second: number) => settle(history, START + second * 1000).entries

	test("a rollout that is not complete when the cluster is settled is stuck, with its causes", () => {
		const history = running()
		folded(history, [
			make.revision(10, 2, "b"),
			...down(11, "n1", "a"),
			make.pod(14, "created", "n1", "b"),
			make.pod(15, "failing", "n1", "b", "ImagePullBackOff"),
			make.status(16, 2, 1, 1),
		])
		const entries = stuckAt(history, 60)
		expect(entries).toMatchObject([
			{
				verdict: "stuck",
				reason: "1 of 2 nodes updated, 1 available: image-pull on n1",
				causes: [{ cause: "image-pull", nodes: 1, examples: ["n1"] }],
				nodes: { desired: 2, updated: 1, available: 1, mostUnavailable: 1 },
			},
		])
	})

	test("it is told once, and again only when something has changed; it may still become complete", () => {
		const history = running()
		folded(history, [make.revision(10, 2, "b"), ...down(11, "n1", "a"), ...up(14, "n1", "b"), make.status(20, 2, 1, 2)])
		expect(stuckAt(history, 60).map(inShort)).toEqual(["stuck 2: 2/1/2, 1 down at most"])
		expect(stuckAt(history, 70)).toEqual([])
		folded(history, [...down(80, "n2", "a"), make.status(83, 2, 1, 1)])
		expect(stuckAt(history, 90).map(inShort)).toEqual(["stuck 2: 2/1/1, 1 down at most"])
		const { entries } = folded(history, [...up(91, "n2", "b"), make.status(98, 2, 2, 2)])
		expect(entries.map(inShort)).toEqual(["complete 2: 2/2/2, 1 down at most"])
	})

	test("states that come and go for ever are each told once", () => {
		const history = running()
		folded(history, [make.revision(10, 2, "b"), ...down(11, "n1", "a"), make.pod(14, "created", "n1", "b")])
		let told = 0
		for (let second = 20; second < 200; second += 4) {
			folded(history, [make.pod(second, "started", "n1", "b"), make.pod(second, "available", "n1", "b")])
			told += stuckAt(history, second + 1).length
			folded(history, [make.pod(second + 2, "failing", "n1", "b", "CrashLoopBackOff")])
			told += stuckAt(history, second + 3).length
		}
		expect(told).toBe(2)
	})

	test("a rollout that no node wants is complete once the cluster is settled, not before its nodes are ready", () => {
		const early = createHistory()
		const later = [make.status(2, 2, 2, 0), ...up(2, "n1", "a"), ...up(2, "n2", "a"), make.status(9, 2, 2, 2)]
		const { entries } = folded(early, [make.revision(0, 1, "a"), make.status(1, 0, 0, 0), ...later])
		expect(entries.map(inShort).at(-1)).toBe("complete 1: 2/2/2, 2 down at most")
		const none = createHistory()
		folded(none, [make.revision(0, 1, "a"), make.status(1, 0, 0, 0)])
		expect(stuckAt(none, 5).map(inShort)).toEqual(["complete 1: 0/0/0, 0 down at most"])
	})

	test("with OnDelete the reason says what it waits for", () => {
		const history = running()
		fold(
			history,
			readerOf([make.revision(10, 2, "b"), make.status(11, 2, 0, 2)]),
			liveDaemonSet({ strategy: "OnDelete" }),
		)
		expect(stuckAt(history, 20)).toMatchObject([
			{
				reason:
					"0 of 2 nodes updated, 2 available: updateStrategy is OnDelete, a node is updated when its old pod is deleted",
			},
		])
	})
})
