import { expect, test } from "vitest"
import { type UndoWish, undoTarget } from "../../src/history/index.ts"
import type { RolloutRow } from "../../src/history/ledger.ts"
import { daemonSetKey, START } from "../builders/ledger.ts"

/**
 * Rollouts in the order they were, as `b:2 stuck`: by commit b, of template 2. An undo says `u:1<b`: commit u restored
 * template 1 and rolled away from b. `kubectl:3` came from no commit.
 */
function rolloutsOf(text: string) {
	const undone = new Map<number, { readonly rollbackOf: readonly string[]; readonly restores: string }>()
	const rows = text.split(", ").map((word, index): RolloutRow => {
		const [, commit = "", hash = "", away, verdict = "complete"] =
			/^(\w+):(\w+)(?:<(\S+))?(?: (\w+))?$/.exec(word) ?? []
		const rollout = index + 1
		if (away !== undefined) undone.set(rollout, { rollbackOf: away.split("+"), restores: "" })
		const revision = { revision: rollout, hash, images: [] }
		const times = { startedAt: START, startedWall: START, causes: [] }
		const trigger =
			commit === "kubectl" ? ({ kind: "client", client: commit } as const) : ({ kind: "commit", commit } as const)
		const isRunning = verdict === "running"
		const row = { rollout, daemonSet: daemonSetKey("a"), trigger, to: revision, ...times }
		return isRunning ? row : { ...row, verdict: verdict as NonNullable<RolloutRow["verdict"]> }
	})
	return { rollouts: rows.reverse(), undoneBy: (row: RolloutRow) => undone.get(row.rollout) }
}

const last: UndoWish = { kind: "last" }

test.each([
	["the one before", "a:1, b:2", "a", ["b"]],
	["the newest healthy one, past those that never were", "a:1, b:2 superseded, c:3 stuck", "a", ["c", "b"]],
	["not what still goes on", "a:1, b:2, c:3 running", "b", ["c"]],
	["two back the second time, never to and fro", "a:1, b:2, c:3, u:2<c", "a", ["u"]],
	["three back the third time", "a:1, b:2, c:3, d:4, u:3<d, v:2<u", "a", ["v"]],
	["what an undo restored, after a new version", "a:1, b:2, u:1<b, d:3", "u", ["d"]],
	["never what was rolled away from, even where its undo got stuck", "a:1, b:2, u:1<b stuck, d:3 stuck", "a", ["d"]],
	["past a version that is the present one under another number", "a:1, b:2, c:1", "b", ["c"]],
	["past what no commit brought", "a:1, kubectl:2, c:3", "a", ["c"]],
])("undoTarget goes back to %s", (_, text, commit, away) => {
	expect(undoTarget({ ...rolloutsOf(text), wish: last })).toMatchObject({ kind: "target", commit, away })
})

test.each([
	["the newest rollout, from a version that was not rolled out yet", "a:1, b:2", { commit: "c" }, "b"],
	["the one before, from an undo that was not rolled out yet", "a:1, b:2, c:3", { commit: "u", returnsTo: 1 }, "a"],
])("undoTarget goes back to %s", (_, text, ahead, commit) => {
	expect(undoTarget({ ...rolloutsOf(text), ahead, wish: last })).toMatchObject({ commit, away: [ahead.commit] })
})

test.each([
	["a revision", { kind: "revision", revision: 1 }, "a"],
	["a rollout, healthy or not", { kind: "rollout", rollout: 2 }, "b"],
] as const)("undoTarget finds %s that was named", (_, wish, commit) => {
	expect(undoTarget({ ...rolloutsOf("a:1, b:2 stuck, c:3"), wish })).toMatchObject({ commit, away: ["c"] })
})

test.each([
	["there is none before", "a:1", last, /no last revision to roll back to/],
	["there is none before what was restored", "a:1, b:2, u:1<b", last, /no last revision to roll back to/],
	["none was healthy", "a:1 stuck, b:2", last, /no last revision to roll back to/],
	["nothing was rolled out", "", last, /no last revision to roll back to/],
	["the revision is not there", "a:1, b:2", { kind: "revision", revision: 7 }, /unable to find specified revision 7/],
	["no commit holds it", "kubectl:1, b:2", { kind: "revision", revision: 1 }, /came from no commit/],
] as const)("undoTarget says so where %s", (_, text, wish, message) => {
	const history = text === "" ? { rollouts: [], undoneBy: () => undefined } : rolloutsOf(text)
	expect(undoTarget({ ...history, wish })).toEqual({
		kind: "none",
		message: expect.stringMatching(message),
		next: expect.any(String),
	})
})

test("undoTarget does not go back beyond where the DaemonSet was deleted", () => {
	const { rollouts, undoneBy } = rolloutsOf("a:1, b:2")
	const removed = rollouts.map((row) => (row.rollout === 1 ? { ...row, removedAt: START } : row))
	expect(undoTarget({ rollouts: removed, undoneBy, wish: last }).kind).toBe("none")
})
