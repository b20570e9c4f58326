import type { CommitRecord, RolloutRow } from "../../history/index.ts"
import { keyParts, type ObjectKey } from "../../kube/index.ts"
import { restoreDocument } from "../../manifest/index.ts"
import { commitFile, openLedger, openReading } from "../compose.ts"
import { CliError } from "../failure.ts"
import { placeOf, shortCommit } from "../ledger/words.ts"
import type { UndoOptions, UndoResult } from "../world.ts"
import { type Branch, branchAt, findTarget, newestWith } from "./find-target.ts"
import { undoMessage } from "./message.ts"

/** Works out the commit that takes a DaemonSet back, and writes it. */
export async function undo(options: UndoOptions): Promise<UndoResult> {
	const { state, daemonSet } = options
	const ledger = openLedger(state)
	try {
		const { tracked } = ledger
		if (tracked === undefined)
			throw new CliError(`Cannot undo: nothing is recorded in ${state}`, { next: "start rollcall run first" })
		const repository = localOrThrow(options.repository ?? tracked.repository, state)
		const branch = options.branch ?? tracked.branch
		const opened = await openReading({ ...tracked, repository, branch, state, allowLocal: options.allowLocal })
		try {
			const position = await opened.source.poll()
			if (position.kind !== "ready") throw new CliError(position.message, { next: position.next, exitCode: 2 })
			const at = await branchAt(opened.source, opened.reading(), position.tip)
			const rollouts = ledger.state.ledger.rollouts({ daemonSet })
			const plan = await planOf(at, rollouts, options)
			if (plan.kind === "same") return { kind: "same", revision: plan.target?.to.revision }
			const { path, before, after, message } = plan
			const done = { path, branch: options.toBranch ?? branch, before, after, message }
			if (options.dryRun) return { kind: "planned", ...done }
			const { toBranch, allowLocal } = options
			const review = toBranch === undefined ? {} : { toBranch }
			const change = { dir: repository, branch, parent: at.tip, path, bytes: after, message, allowLocal, ...review }
			return { kind: "written", commit: await commitFile(change), ...done }
		} finally {
			await opened.close()
		}
	} finally {
		ledger.close()
	}
}

/** Only a repository on this machine is written to. */
function localOrThrow(repository: string, state: string): string {
	if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(repository) && !/^[^/\\]+@[^/\\]+:/.test(repository)) return repository
	throw new CliError(`Cannot write to ${repository}: it is not on this machine`, {
		next: `run it for a clone, and push: rollcall rollout undo … --repo CLONE --state ${state}`,
	})
}

type Plan =
	| { readonly kind: "same"; readonly target: RolloutRow | undefined }
	| {
			readonly kind: "change"
			readonly path: string
			readonly before: Uint8Array
			readonly after: Uint8Array
			readonly message: string
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
	const old = await fileWith(branch, aim.commit, daemonSet)
	if (old?.document === undefined)
		throw new CliError(`Cannot undo ${placeOf(daemonSet)}: ${shortCommit(aim.commit)} does not describe it`, {
			next: "name another commit: rollcall history ds/NAME lists them",
		})
	const now = (await fileWith(branch, branch.tip, daemonSet)) ?? (await fileAt(branch, branch.tip, old.path))
	const restored = restoreDocument({ ...old, document: old.document }, now)
	if (restored.kind === "same") return { kind: "same", target: aim.target }
	if (restored.kind === "refused") {
		throw new CliError(`Cannot put back just ${placeOf(daemonSet)}: ${restored.message}`, {
			next: `see git diff ${shortCommit(branch.tip)} ${shortCommit(aim.commit)} -- ${old.path}; take the whole file back with git checkout ${shortCommit(aim.commit)} -- ${old.path}, or edit it`,
		})
	}
	const record = (commit: string): Promise<CommitRecord> => branch.source.commit(commit)
	const away = await Promise.all(aim.away.map((commit) => record(commit)))
	const path = now?.path ?? old.path
	const { target, present } = aim
	const message = undoMessage({ daemonSet, path, present, target, restored: await record(aim.commit), away, said })
	return { kind: "change", path, before: now?.bytes ?? new Uint8Array(), after: restored.bytes, message }
}

async function aimOf(branch: Branch, rollouts: readonly RolloutRow[], options: UndoOptions): Promise<Aim> {
	const { daemonSet, wish } = options
	const [newest] = rollouts
	if (wish.kind === "commit") {
		const commit = await branch.source.resolve(wish.commit)
		if (commit === undefined)
			throw new CliError(`Cannot find the commit "${wish.commit}" in ${branch.source.name}`, {
				next: "name a commit, a branch or a tag of it; one that is missing may have to be fetched",
			})
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

type File = { readonly path: string; readonly bytes: Uint8Array; readonly document?: number }

/** The file that describes the object at a commit, or that tries to and is refused. */
async function fileWith(branch: Branch, commit: string, daemonSet: ObjectKey): Promise<File | undefined> {
	const { reading } = branch
	const { refused } = await reading.moveTo(commit)
	const place = reading.objects.get(daemonSet)
	if (place !== undefined && place.retained === undefined) {
		const file = await fileAt(branch, commit, place.path)
		return file && { ...file, document: place.document }
	}
	const path = place?.path ?? refused.find(({ key }) => key === daemonSet)?.path
	return path === undefined ? undefined : fileAt(branch, commit, path)
}

async function fileAt({ source }: Branch, commit: string, path: string): Promise<File | undefined> {
	const file = (await source.files(commit)).find((one) => one.path === path)
	const [bytes] = file === undefined ? [] : await source.read([file.blob])
	return bytes && { path, bytes }
}
