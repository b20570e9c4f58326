import { isBranchName } from "./branch-name.ts"
import { failure } from "./failure.ts"
import { discover } from "./local.ts"
import { type Content, git, makeCommit, type ObjectPlace } from "./make-commit.ts"
import { finishUnfinished } from "./unfinished.ts"
import { type CommitSettings, commitSettings } from "./user-settings.ts"
import { type Prepared, prepare, workTreesOf } from "./work-tree.ts"

/** One commit to be, on top of `parent`: where the branch was read. */
export type BranchCommit = Content & {
	readonly branch: string
	/** A new branch that gets the commit in the branch's stead, for review. */
	readonly toBranch?: string
}

/** `moved`: the branch is no longer where it was read; nothing was written to it. */
export type Committed = { readonly kind: "written"; readonly commit: string } | { readonly kind: "moved" }

export type LocalRepository = {
	/** A repository on this machine: bare, or anywhere in one of its work trees. */
	readonly dir: string
	readonly allowLocal?: boolean
}

/**
 * Adds one commit, in the user's name. Nothing of the repository is run: no hook, no filter. Where the branch is checked
 * out, its files and their index entries follow; all else, staged or not, stays. Fails as `refused`, with nothing moved,
 * where one of the files has uncommitted changes.
 */
export async function commitChange(repository: LocalRepository, change: BranchCommit): Promise<Committed> {
	const branch = branchOf(change)
	const at = await placeOf(repository)
	const settings = await commitSettings(at.gitDir)
	const ref = `refs/heads/${branch}`
	const isNew = change.toBranch !== undefined
	if (isNew) await requireFree(at, ref, branch)
	else if ((await tipOf(at, ref)) !== change.parent) return { kind: "moved" }
	const { commit, steps } = await makeCommit(at, change, settings)
	const prepared: Prepared[] = []
	try {
		// First whether the files can follow, then the branch, then the files: what fails leaves nothing halfway.
		const goal = { ref, commit }
		if (!isNew) for (const root of await workTreesOf(at.gitDir, ref)) prepared.push(await prepare(root, steps, goal))
		const parent = isNew ? "0".repeat(commit.length) : change.parent
		if (!(await moveRef(at, { ref, commit, parent, settings }))) {
			if (isNew) throw isThere(branch)
			return { kind: "moved" }
		}
		for (const tree of prepared.splice(0)) await tree.follow()
		return { kind: "written", commit }
	} finally {
		for (const tree of prepared) await tree.leave()
	}
}

/**
 * Ends what a kill left halfway, in every work tree of the branch: the files follow where the branch has moved, and
 * all is as before where it has not. Gives the commit whose files followed only now.
 */
export async function recoverChange(repository: LocalRepository, branch: string): Promise<string | undefined> {
	const at = await placeOf(repository)
	const ref = `refs/heads/${branch}`
	let finished: string | undefined
	for (const root of await workTreesOf(at.gitDir, ref)) finished = (await finishUnfinished(root)) ?? finished
	return finished
}

async function placeOf({ dir, allowLocal = false }: LocalRepository): Promise<ObjectPlace> {
	const { gitDir } = await discover({ path: dir, allowLocal })
	return { gitDir, name: dir }
}

/** The branch that gets the commit. Fails as `refused` where that is no name of one. */
export function branchOf(change: Pick<BranchCommit, "branch" | "toBranch">): string {
	const branch = change.toBranch ?? change.branch
	if (isBranchName(branch)) return branch
	throw failure("refused", `Cannot commit to ${JSON.stringify(branch)}`, "use a plain branch name")
}

async function requireFree(at: ObjectPlace, ref: string, branch: string): Promise<void> {
	const taken = await git(at, ["for-each-ref", "--format=%(refname)", ref, `${ref}/`])
	const trees = await workTreesOf(at.gitDir, ref)
	if (taken.length > 0 || trees.length > 0) throw isThere(branch)
}

export function isThere(branch: string): Error {
	const next = "name another one, or delete it where it is of no use any more"
	return failure("refused", `Cannot make the branch "${branch}": it is there already`, next)
}

type Move = {
	readonly ref: string
	readonly commit: string
	readonly parent: string
	readonly settings: CommitSettings
}

/** Compares and swaps; false where the branch has moved. */
async function moveRef(at: ObjectPlace, { ref, commit, parent, settings }: Move): Promise<boolean> {
	try {
		await git(at, ["update-ref", "-m", "rollcall: rollout undo", ref, commit, parent], { settings })
		return true
	} catch (cause) {
		if ((await tipOf(at, ref)) === parent) throw cause
		return false
	}
}

async function tipOf(at: ObjectPlace, ref: string): Promise<string> {
	return (await git(at, ["for-each-ref", "--format=%(objectname)", ref])).toString().trim()
}
