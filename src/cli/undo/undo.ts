import type { CommitRecord, RolloutRow } from "../../history/index.ts"
import { keyParts } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import { commitIn } from "../revisions.ts"
import type { UndoOptions, UndoResult } from "../world.ts"
import { type Branch, objectAt, releasesFor } from "./branch.ts"
import { findTarget, newestWith } from "./find-target.ts"
import { undoMessage } from "./message.ts"
import { restoreAt } from "./restore.ts"
import { type Plan, writeToBranch } from "./write.ts"

/** Works out the commit that takes a DaemonSet back, and writes it. */
export function undo(options: UndoOptions): Promise<UndoResult> {
	return writeToBranch(options, (branch, { state }) => {
		return planOf(branch, state.ledger.rollouts({ daemonSet: options.daemonSet }), options)
	})
}

type Aim = {
	/** The commit whose document comes back. */
	readonly commit: string
	readonly target?: RolloutRow
	/** The newest rollout, where the branch says what it rolled out. */
	readonly present?: RolloutRow | undefined
	readonly away: readonly string[]
}

async function planOf(branch: Branch, rollouts: readonly RolloutRow[], options: UndoOptions): Promise<Plan> {
	const { daemonSet, message: said } = options
	const aim = await aimOf(branch, rollouts, options)
	const edit = await restoreAt(branch, daemonSet, aim.commit)
	const { target, present } = aim
	if (edit === undefined) {
		const revision = target?.to.revision
		const why = "the document already is as it was there"
		return { kind: "same", why: revision === undefined ? why : `current template already matches revision ${revision}` }
	}
	const record = (commit: string): Promise<CommitRecord> => branch.source.commit(commit)
	const away = await Promise.all(aim.away.map((commit) => record(commit)))
	const releases = await releasesFor(branch, daemonSet, await objectAt(branch, aim.commit, daemonSet))
	const restored = await record(aim.commit)
	const message = undoMessage({ daemonSet, path: edit.path, present, target, restored, away, releases, said })
	return { kind: "change", files: [edit], message, objects: [daemonSet] }
}

async function aimOf(branch: Branch, rollouts: readonly RolloutRow[], options: UndoOptions): Promise<Aim> {
	const { daemonSet, wish } = options
	const [newest] = rollouts
	if (wish.kind === "commit") {
		const commit = await commitIn(branch.source, wish.commit)
		const { found, isAhead } = await findTarget(branch, daemonSet, rollouts, { kind: "last" })
		const present = newest?.trigger.kind === "commit" && !isAhead ? [newest.trigger.commit] : []
		return {
			commit,
			present: isAhead ? undefined : newest,
			away: found.kind === "target" ? found.away.slice(0, 1) : present,
		}
	}
	const { found, isAhead } = await findTarget(branch, daemonSet, rollouts, wish)
	if (found.kind === "none") {
		const { name } = keyParts(daemonSet)
		throw new CliError(found.message, { next: found.next.replace("ds/NAME", `ds/${name}`) })
	}
	const commit = await newestWith(branch, daemonSet, found.commit)
	return { commit, target: found.row, present: isAhead ? undefined : newest, away: found.away }
}
