import type { RolloutRow } from "./ledger.ts"
import type { UndoRecord } from "./undo-record.ts"

/** Where to go back to; without one, to the newest revision that was healthy. */
export type UndoWish =
	| { readonly kind: "last" }
	| { readonly kind: "revision"; readonly revision: number }
	| { readonly kind: "rollout"; readonly rollout: number }

export type UndoQuestion = {
	/** The DaemonSet's rollouts, newest first. */
	readonly rollouts: readonly RolloutRow[]
	/** What the commit of a rollout says it undid. */
	readonly undoneBy: (row: RolloutRow) => UndoRecord | undefined
	/** What the branch says and was not rolled out yet: a version of its own, or a place in `rollouts` it returned to. */
	readonly ahead?: { readonly commit: string; readonly returnsTo?: number }
	readonly wish: UndoWish
}

export type UndoTarget =
	/** `away`: the commits rolled away from: the present one's, and those passed over because they never were healthy. */
	| { readonly kind: "target"; readonly row: RolloutRow; readonly commit: string; readonly away: readonly string[] }
	| { readonly kind: "none"; readonly message: string; readonly next: string }

/**
 * Which rollout to go back to. Going back follows what undos have restored, so that a second one goes on from there
 * and never to and fro.
 */
export function undoTarget(question: UndoQuestion): UndoTarget {
	const { rollouts, wish } = question
	const present = question.ahead?.commit ?? commitOf(rollouts[0])
	const away = present === undefined ? [] : [present]
	if (wish.kind === "last") return newestHealthy(question, away)
	const row = rollouts.find(({ rollout, to }) =>
		wish.kind === "rollout" ? rollout === wish.rollout : to.revision === wish.revision,
	)
	const what = wish.kind === "rollout" ? `rollout ${wish.rollout}` : `revision ${wish.revision}`
	// kubectl's words.
	if (row === undefined) return none(`unable to find specified ${what} in history`, LIST)
	const commit = commitOf(row)
	if (commit === undefined) return none(`${what} came from no commit: it was written by hand`, LIST)
	return { kind: "target", row, commit, away }
}

const LIST = "rollcall history ds/NAME lists what there is"

function newestHealthy({ rollouts, undoneBy, ahead }: UndoQuestion, away: readonly string[]): UndoTarget {
	const passed = new Set(away)
	const present = ahead === undefined ? rollouts[0]?.to.hash : rollouts[ahead.returnsTo ?? -1]?.to.hash
	let at = ahead === undefined ? 0 : (ahead.returnsTo ?? -1)
	for (;;) {
		at = at < 0 ? 0 : before(rollouts, at, undoneBy)
		const row = rollouts[at]
		// Beyond a deletion there was another DaemonSet of that name; the newest one is what was deleted itself.
		if (row === undefined || (at > 0 && row.removedAt !== undefined)) break
		if (row.to.hash === present) continue
		const commit = commitOf(row)
		if (commit === undefined) continue
		if (row.verdict === "complete") return { kind: "target", row, commit, away: [...passed] }
		if (undoneBy(row) === undefined) passed.add(commit)
	}
	return none(
		"no last revision to roll back to: none before the present one was rolled out to its end",
		"name one: --to-revision N, --to-rollout N, or any commit with --to-commit SHA",
	)
}

/** The place before: of an undo, what it restored; so what it rolled away from is never met again. */
function before(
	rollouts: readonly RolloutRow[],
	at: number,
	undoneBy: (row: RolloutRow) => UndoRecord | undefined,
): number {
	const row = rollouts[at]
	if (row === undefined || undoneBy(row) === undefined) return at + 1
	const restored = rollouts.findIndex((other, place) => place > at && other.to.hash === row.to.hash)
	return restored < 0 ? at + 1 : restored
}

function commitOf(row: RolloutRow | undefined): string | undefined {
	return row?.trigger.kind === "commit" ? row.trigger.commit : undefined
}

function none(message: string, next: string): UndoTarget {
	return { kind: "none", message, next }
}
