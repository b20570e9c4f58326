import { expect, test } from "vitest"
import { sha256 } from "../../src/base/index.ts"
import { encodeSteps, type LedgerEntry, type NodeStep } from "../../src/history/index.ts"
import { openStore, type StateDirectory } from "../../src/store/index.ts"
import { batch, commitEntry, daemonSetKey, endedEntry, mark, START, startedEntry } from "../builders/ledger.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const FLUENTD = daemonSetKey("fluentd")
const CALICO = daemonSetKey("calico")
const WALL = START + 999

function step(node: string, over: Partial<NodeStep> = {}): NodeStep {
	const times = { stoppedAt: 0, goneAt: 0, createdAt: START + 5, readyAt: START + 9, availableAt: START + 9 }
	return { node, pod: `fluentd-${node}`, fromHash: "", toHash: "bbbb", ...times, restarts: 0, cause: "", ...over }
}

/** A store that holds the entries, each in a batch of its own with the steps it names. */
function storeOf(...entries: readonly (LedgerEntry | readonly [LedgerEntry, readonly NodeStep[]])[]): StateDirectory {
	const store = openStore(temporaryDirectory())
	entries.forEach((given, index) => {
		const [entry, steps] = "kind" in given ? [given, []] : given
		const block = encodeSteps(steps, START)
		const named = "steps" in entry ? { ...entry, steps: { nodes: steps.length, hash: sha256(block) } } : entry
		store.commit(batch({ entries: [named], steps: new Map([[sha256(block), block]]), mark: mark(index), wall: WALL }))
	})
	return store
}

test("rollouts are listed newest first, with who brought them, and narrowed by DaemonSet, verdict and number", () => {
	const { ledger } = storeOf(
		commitEntry("4f2c"),
		startedEntry(1),
		endedEntry(1),
		startedEntry(2, { daemonSet: CALICO, trigger: { kind: "client", client: "kubectl" } }),
		startedEntry(3),
		endedEntry(3, { verdict: "stuck", reason: "0 of 10 nodes updated", at: START + 70_000 }),
	)
	const list = (query?: Parameters<typeof ledger.rollouts>[0]) => ledger.rollouts(query).map(({ rollout }) => rollout)
	expect(list()).toEqual([3, 2, 1])
	expect([list({ daemonSet: FLUENTD }), list({ limit: 2 }), list({ verdict: "stuck" })]).toEqual([[3, 1], [3, 2], [3]])
	expect(list({ daemonSet: "'; DROP TABLE rollouts; --" })).toEqual([])
	expect(ledger.rollouts({ daemonSet: FLUENTD, limit: 1 })).toEqual([
		{
			rollout: 3,
			daemonSet: FLUENTD,
			trigger: { kind: "commit", commit: "4f2c" },
			commit: { commit: "4f2c", author: "Anna", subject: "Change of 4f2c" },
			from: { revision: 1, hash: "aaaa", images: ["fluentd:1"] },
			to: { revision: 2, hash: "bbbb", images: ["fluentd:2"] },
			startedAt: START,
			startedWall: WALL,
			endedAt: START + 70_000,
			endedWall: WALL,
			verdict: "stuck",
			stuckAt: START + 70_000,
			reason: "0 of 10 nodes updated",
			nodes: { desired: 10, updated: 10, available: 10, mostUnavailable: 1 },
			causes: [],
		},
	])
})

test("a rollout that was stuck and became complete says both", () => {
	const { ledger } = storeOf(
		startedEntry(1),
		endedEntry(1, { verdict: "stuck", reason: "image-pull on n1", at: START + 1 }),
		endedEntry(1, { at: START + 2 }),
	)
	const [row] = ledger.rollouts()
	expect([row?.verdict, row?.stuckAt, row?.endedAt, row?.reason]).toEqual(["complete", START + 1, START + 2, undefined])
})

test("a rollout's detail has its commit, its fields, and the newest word on each node", () => {
	const fields = [{ path: "spec.template.spec.containers[name=a].image", before: "a:1", after: "a:2" }]
	const { ledger } = storeOf(
		commitEntry("4f2c"),
		startedEntry(1, { fields }),
		[endedEntry(1, { verdict: "stuck" }), [step("n1", { availableAt: 0, cause: "crash-loop" }), step("n2")]],
		[endedEntry(1), [step("n1"), step("n2")]],
		[
			{
				kind: "rollout-tail",
				at: START,
				rollout: 1,
				daemonSet: FLUENTD,
				removed: false,
				steps: { nodes: 1, hash: "" },
			},
			[step("n0")],
		],
	)
	const detail = ledger.rollout(1)
	expect([detail?.commit?.subject, detail?.fields, detail?.steps]).toEqual([
		"Change of 4f2c",
		fields,
		[step("n0"), step("n1"), step("n2")],
	])
	expect(ledger.rollout(9)).toBeUndefined()
})

test("a commit is found by the beginning of its id, with the newest word on it and its rollouts", () => {
	const { ledger } = storeOf(
		commitEntry("4f2c", { verdict: "held", reason: "removes 10 of 10 nodes" }),
		commitEntry("4f2c", { at: START + 5 }),
		commitEntry("4fff", { verdict: "refused" }),
		startedEntry(1),
	)
	const found = ledger.commit("4f").map(({ commit, verdict, rollouts }) => [commit.commit, verdict, rollouts.length])
	expect(found).toEqual([
		["4f2c", "applied", 1],
		["4fff", "refused", 0],
	])
	expect([ledger.commit("4f2cd"), ledger.commit("%"), ledger.commit("")]).toEqual([[], [], []])
	expect(ledger.commits().map(({ verdict }) => verdict)).toEqual(["refused", "applied", "held"])
	expect(ledger.commits({ verdict: "held", limit: 5 })).toMatchObject([{ commit: "4f2c", author: "Anna", wall: WALL }])
})

test("revisions tell where they came from; those seen in git are listed by themselves", () => {
	const revision = { kind: "revision", at: START, daemonSet: FLUENTD, hash: "aaaa", images: ["a:1"] } as const
	const { ledger } = storeOf(
		{ ...revision, revision: 0, origin: "seen-in-git", commit: "0abc" },
		{ ...revision, revision: 1, origin: "rolled-out", hash: "bbbb", changeCause: "first" },
	)
	expect(ledger.seen({ daemonSet: FLUENTD })).toEqual([
		{
			daemonSet: FLUENTD,
			origin: "seen-in-git",
			at: START,
			commit: { commit: "0abc", author: "", subject: "" },
			revision: { revision: 0, hash: "aaaa", commit: "0abc", images: ["a:1"] },
		},
	])
	expect(ledger.revisions(FLUENTD).map(({ revision: { hash } }) => hash)).toEqual(["aaaa", "bbbb"])
})

test("entries are read in order, from any number on, with the wall time beside them", () => {
	const { ledger } = storeOf(commitEntry("4f2c"), startedEntry(1), endedEntry(1))
	expect(ledger.entries(1, 1)).toMatchObject([{ number: 2, wall: WALL, entry: startedEntry(1) }])
	expect(ledger.entries(0).map(({ entry }) => entry.kind)).toEqual(["commit", "rollout-started", "rollout-ended"])
})

test("of decisions the newest that are wanted are told, however many others came since", () => {
	const decided = (object: string): LedgerEntry => ({
		kind: "decision",
		at: START,
		decision: "pause",
		rule: "r",
		message: "",
		object,
	})
	const store = openStore(temporaryDirectory())
	const others = Array.from({ length: 1_200 }, () => decided(CALICO))
	const entries = [decided(FLUENTD), commitEntry("4f2c"), decided(FLUENTD), ...others, decided(FLUENTD)]
	store.commit(batch({ entries, mark: mark(0), wall: WALL }))
	const wanted = (entry: LedgerEntry) => entry.kind === "decision" && entry.object === FLUENTD
	const told = (query: Parameters<typeof store.ledger.decisions>[0]) =>
		store.ledger.decisions(query).map(({ number }) => number)
	expect(told({ wanted })).toEqual([1_204, 3, 1])
	expect(told({ wanted, limit: 2 })).toEqual([1_204, 3])
	expect(told({ limit: 2 })).toEqual([1_204, 1_203])
	expect(told({})).toHaveLength(1_203)
})
