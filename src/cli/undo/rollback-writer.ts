import type { Reading, Rollback, RollbackEnd, RollbackWriter, Source } from "../../engine/index.ts"
import { hasId, type Ledger } from "../../history/index.ts"
import { keyParts } from "../../kube/index.ts"
import { placeOf, shortCommit } from "../ledger/words.ts"
import type { FileEdit } from "../world.ts"
import { branchAt } from "./branch.ts"
import { findTarget, newestWith } from "./find-target.ts"
import { undoMessage } from "./message.ts"
import { restoreAt } from "./restore.ts"

type Parts = {
	readonly source: Source
	readonly reading: () => Reading
	readonly ledger: Ledger
	/** git's `Writer`, of the branch that the source follows. */
	readonly writer: {
		recover(): Promise<unknown>
		commit(change: {
			readonly branch: string
			readonly parent: string
			readonly files: readonly { readonly path: string; readonly bytes: Uint8Array | undefined }[]
			readonly message: string
		}): Promise<{ readonly kind: "written"; readonly commit: string } | { readonly kind: "moved" }>
	}
}

/** How often it begins anew on a branch that moves meanwhile. */
const TRIES = 3

/** Rollbacks that nobody types: as `rollout undo` does it, but found again by their id. */
export function rollbackWriter(parts: Parts): RollbackWriter {
	return {
		rollBack: async (rollback) => {
			try {
				await parts.writer.recover()
				for (let tries = 0; tries < TRIES; tries++) {
					const end = await attempt(parts, rollback)
					if (end !== undefined) return end
				}
				return refused(`the branch "${parts.source.branch}" moves faster than this`, "it is tried again")
			} catch (problem) {
				// What is wrong with the repository, or has no place in it, says what to do; anything else is a bug.
				if (!(problem instanceof Error && "next" in problem)) throw problem
				const { next } = problem
				return refused(problem.message, typeof next === "string" ? next : "take it back by hand")
			}
		},
	}
}

/** Undefined where the branch moved meanwhile. */
async function attempt(
	{ source, reading, ledger, writer }: Parts,
	rollback: Rollback,
): Promise<RollbackEnd | undefined> {
	const { id, daemonSet, rollout, reason } = rollback
	const position = await source.poll()
	if (position.kind !== "ready") return refused(position.message, position.next)
	const branch = await branchAt(source, reading(), position.tip)
	const known = branch.line.findLast((record) => hasId(record, id))
	if (known !== undefined) return { kind: "written", commit: known.commit }
	const rollouts = ledger.rollouts({ daemonSet })
	const [present] = rollouts
	const { found, isAhead } = await findTarget(branch, daemonSet, rollouts, { kind: "last" })
	if (present?.rollout !== rollout) return overtaken(`rollout ${present?.rollout} came after rollout ${rollout}`)
	if (isAhead) return overtaken(`${shortCommit(branch.tip)} brings another version already`)
	if (found.kind === "none")
		return refused(found.message, found.next.replace("ds/NAME", `ds/${keyParts(daemonSet).name}`))
	const commit = await newestWith(branch, daemonSet, found.commit)
	const edit: FileEdit | undefined = await restoreAt(branch, daemonSet, commit)
	if (edit === undefined) return overtaken(`${placeOf(daemonSet)} is again as it was`)
	const restored = await source.commit(commit)
	const away = await Promise.all(found.away.map((one) => source.commit(one)))
	const story = { daemonSet, path: edit.path, present, target: found.row, restored, away, releases: [], id, reason }
	const end = await writer.commit({
		branch: source.branch,
		parent: branch.tip,
		files: [{ path: edit.path, bytes: edit.after }],
		message: undoMessage(story),
	})
	return end.kind === "moved" ? undefined : end
}

function overtaken(message: string): RollbackEnd {
	return { kind: "overtaken", message }
}

function refused(message: string, next: string): RollbackEnd {
	return { kind: "refused", message, next }
}
