import { isBranchName } from "./branch-name.ts"
import { gitEnvironment } from "./environment.ts"
import { failure, lastWords } from "./failure.ts"
import { discover } from "./local.ts"
import { runGit } from "./run.ts"
import { type CommitSettings, commitSettings } from "./user-settings.ts"
import { type Blob, type Prepared, prepare, workTreesOf } from "./work-tree.ts"
import { writeTree } from "./write.ts"

export type FileCommit = {
	/** A repository on this machine: bare, or anywhere in one of its work trees. */
	readonly dir: string
	readonly branch: string
	/** Where the branch was read: a branch that has moved since is left alone. */
	readonly parent: string
	readonly path: string
	readonly bytes: Uint8Array
	readonly message: string
	/** A new branch that gets the commit in the branch's stead, for review. */
	readonly toBranch?: string
	readonly allowLocal?: boolean
}

/**
 * Adds one commit that changes one file, in the user's name, and gives its id. Nothing of the repository is run: no
 * hook, no filter. Where the branch is checked out, that file and its index entry follow; all else, staged or not,
 * stays. Fails as `refused`, with nothing moved, where the file has uncommitted changes or the branch has moved.
 */
export async function commitFile(change: FileCommit): Promise<string> {
	const branch = change.toBranch ?? change.branch
	if (!isBranchName(branch))
		throw failure("refused", `Cannot commit to ${JSON.stringify(branch)}`, "use a plain branch name")
	const { gitDir } = await discover({ path: change.dir, allowLocal: change.allowLocal === true })
	const at: Place = { gitDir, name: change.dir }
	const settings = await commitSettings(gitDir)
	const ref = `refs/heads/${branch}`
	const isNew = change.toBranch !== undefined
	if (isNew) await requireFree(at, ref, branch)
	else if ((await tipOf(at, ref)) !== change.parent) throw hasMoved(branch)
	const before = await blobAt(at, change)
	const id = (await git(at, ["hash-object", "-w", "--stdin"], { input: change.bytes })).toString().trim()
	const after = { mode: before?.mode ?? "100644", id }
	const commit = await makeCommit(at, change, after, settings)
	const prepared: Prepared[] = []
	try {
		const step = {
			path: change.path,
			after: { ...after, bytes: change.bytes },
			...(before === undefined ? {} : { before }),
		}
		// First whether the files can follow, then the branch, then the files: what fails leaves nothing halfway.
		if (!isNew) for (const root of await workTreesOf(gitDir, ref)) prepared.push(await prepare(root, step))
		await moveRef(at, { ref, branch, commit, parent: isNew ? "0".repeat(commit.length) : change.parent, settings })
		for (const tree of prepared.splice(0)) await tree.follow()
		return commit
	} finally {
		for (const tree of prepared) await tree.leave()
	}
}

type Place = { readonly gitDir: string; readonly name: string }
type Move = {
	readonly ref: string
	readonly branch: string
	readonly commit: string
	readonly parent: string
	readonly settings: CommitSettings
}

async function requireFree(at: Place, ref: string, branch: string): Promise<void> {
	const taken = await git(at, ["for-each-ref", "--format=%(refname)", ref, `${ref}/`])
	const trees = await workTreesOf(at.gitDir, ref)
	if (taken.length === 0 && trees.length === 0) return
	const next = "name another one, or delete it where it is of no use any more"
	throw failure("refused", `Cannot make the branch "${branch}": it is there already`, next)
}

async function blobAt(
	at: Place,
	{ parent, path }: FileCommit,
): Promise<(Blob & { readonly bytes: Buffer }) | undefined> {
	const line = (await git(at, ["ls-tree", "-z", "--full-tree", parent, "--", path])).toString().split("\0")[0] ?? ""
	if (line === "") return undefined
	const [mode = "", type = "", id = ""] = line.slice(0, line.indexOf("\t")).split(" ")
	if (type !== "blob" || !mode.startsWith("100"))
		throw failure("refused", `Cannot write ${path}: it is no plain file on the branch`, "change it by hand")
	return { mode, id, bytes: await git(at, ["cat-file", "blob", id]) }
}

async function makeCommit(at: Place, change: FileCommit, after: Blob, settings: CommitSettings): Promise<string> {
	const tree = await writeTree(change.dir, change.parent, [{ path: change.path, ...after }], at.gitDir)
	const made = await git(at, ["commit-tree", tree, "-p", change.parent, ...settings.sign, "-F", "-"], {
		input: change.message,
		settings,
		// A person may have to type a passphrase.
		...(settings.sign.length > 0 ? { limitMs: 300_000 } : {}),
	})
	return made.toString().trim()
}

async function moveRef(at: Place, { ref, branch, commit, parent, settings }: Move): Promise<void> {
	try {
		await git(at, ["update-ref", "-m", "rollcall: rollout undo", ref, commit, parent], { settings })
	} catch (cause) {
		throw (await tipOf(at, ref)) === parent ? cause : hasMoved(branch)
	}
}

async function tipOf(at: Place, ref: string): Promise<string> {
	return (await git(at, ["for-each-ref", "--format=%(objectname)", ref])).toString().trim()
}

function hasMoved(branch: string): Error {
	return failure("refused", `Cannot commit to "${branch}": it has moved since it was read`, "try again")
}

type More = { readonly input?: string | Uint8Array; readonly settings?: CommitSettings; readonly limitMs?: number }

async function git({ gitDir, name }: Place, args: readonly string[], more: More = {}): Promise<Buffer> {
	const { settings, ...run } = more
	const environment = gitEnvironment({
		protocols: "none",
		gitDir,
		...(settings === undefined ? {} : { config: settings.config, variables: settings.variables }),
	})
	const ran = await runGit(args, { ...run, environment })
	if (ran.code === 0) return ran.stdout
	throw failure("refused", `Cannot write to "${name}": ${lastWords(ran.stderr)}`, "see what it says, and try again")
}
