import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Instant } from "../base/index.ts"
import type { Person } from "../history/index.ts"
import { isBranchName } from "./branch-name.ts"
import { gitEnvironment } from "./environment.ts"
import { failure, lastWords } from "./failure.ts"
import { runGit } from "./run.ts"

export type NewCommit = {
	/** Path to text; null removes the file. What is not named stays. */
	readonly files: ReadonlyMap<string, string | null>
	readonly message: string
	/** Author and committer. */
	readonly author: Person
	/** Author and committer time, cut to the second, in UTC. */
	readonly at: Instant
}

/** Makes an empty repository with a work tree and one unborn branch; one that is there already stays as it is. */
export async function createRepository(dir: string, branch = "main"): Promise<void> {
	if (!isBranchName(branch))
		throw failure("refused", `Cannot make a branch ${JSON.stringify(branch)}`, "use a plain name")
	await mkdir(dir, { recursive: true })
	await git(dir, ["init", "--quiet", "--template=", `--initial-branch=${branch}`, "--", resolve(dir)])
}

/**
 * Adds one commit to the branch and gives its id: the same input on the same parent gives the same id. Where the
 * branch is checked out the work tree follows, and what a user changed there is kept or the commit fails. Fails as
 * `refused` where the branch moved meanwhile.
 */
export async function commitFiles(dir: string, branch: string, commit: NewCommit): Promise<string> {
	if (!isBranchName(branch))
		throw failure("refused", `Cannot commit to ${JSON.stringify(branch)}`, "use a plain branch name")
	const ref = `refs/heads/${branch}`
	const parent = (
		await git(dir, ["rev-parse", "--verify", "--quiet", "--end-of-options", ref], { mayFail: true })
	).trim()
	const tree = await writeTree(dir, parent, await writeBlobs(dir, commit.files))
	const at = `@${Math.floor(commit.at / 1000)} +0000`
	const identity = { GIT_AUTHOR_NAME: commit.author.name, GIT_AUTHOR_EMAIL: commit.author.email, GIT_AUTHOR_DATE: at }
	const committer = {
		GIT_COMMITTER_NAME: commit.author.name,
		GIT_COMMITTER_EMAIL: commit.author.email,
		GIT_COMMITTER_DATE: at,
	}
	const parents = parent === "" ? [] : ["-p", parent]
	const id = (
		await git(dir, ["commit-tree", tree, ...parents, "-F", "-"], {
			input: commit.message,
			variables: { ...identity, ...committer },
		})
	).trim()
	// First whether the files can follow, then the branch, then the files: what fails leaves nothing halfway.
	await checkout(dir, ref, parent, id, ["-n"])
	await git(dir, ["update-ref", "-m", "rollcall", ref, id, parent === "" ? "0".repeat(id.length) : parent])
	await checkout(dir, ref, parent, id, [])
	return id
}

/** Texts as blobs in the object database; null stays null: the file goes. */
async function writeBlobs(dir: string, files: ReadonlyMap<string, string | null>): Promise<readonly TreeLine[]> {
	const lines: TreeLine[] = []
	for (const [path, text] of files) {
		const id = text === null ? undefined : (await git(dir, ["hash-object", "-w", "--stdin"], { input: text })).trim()
		lines.push(id === undefined ? { path } : { path, mode: "100644", id })
	}
	return lines
}

/** A file of a tree; without a blob it goes. */
export type TreeLine = { readonly path: string; readonly mode?: string; readonly id?: string }

/** The parent's tree with these files, built in an index of its own: the user's is theirs. */
export async function writeTree(
	dir: string,
	parent: string,
	files: readonly TreeLine[],
	known?: string,
): Promise<string> {
	const gitDir = known ?? (await git(dir, ["rev-parse", "--path-format=absolute", "--git-dir"])).trim()
	// Beside the repository: what a kill leaves behind is nothing of the user's.
	const folder = await mkdtemp(join(tmpdir(), "rollcall-index-"))
	const variables = { GIT_DIR: gitDir, GIT_INDEX_FILE: join(folder, "index") }
	try {
		await git(dir, parent === "" ? ["read-tree", "--empty"] : ["read-tree", parent], { variables })
		const lines = files.map(({ path, mode, id }) => {
			if (!isWritable(path))
				throw failure("refused", `Cannot write ${JSON.stringify(path)}: it leads out of the files`, "use a plain path")
			return id === undefined ? `0 ${"0".repeat(parent.length || 40)}\t${path}\0` : `${mode} ${id}\t${path}\0`
		})
		await git(dir, ["update-index", "-z", "--index-info"], { input: lines.join(""), variables })
		return (await git(dir, ["write-tree"], { variables })).trim()
	} finally {
		await rm(folder, { recursive: true, force: true })
	}
}

/** git leaves out the paths it does not like, and says nothing by its exit code. */
export function isWritable(path: string): boolean {
	const parts = path.split("/")
	return !path.includes("\0") && parts.every((part) => !["", ".", "..", ".git"].includes(part.toLowerCase()))
}

/** A two-way merge of work tree and index: it keeps what the user changed elsewhere, and refuses to overwrite. */
async function checkout(dir: string, ref: string, parent: string, id: string, how: readonly string[]): Promise<void> {
	const bare = (await git(dir, ["rev-parse", "--is-bare-repository"])).trim() === "true"
	const head = await git(dir, ["symbolic-ref", "--quiet", "HEAD"], { mayFail: true })
	if (bare || head.trim() !== ref) return
	await git(dir, ["read-tree", ...how, "-m", "-u", ...(parent === "" ? [] : [parent]), id])
}

async function git(
	dir: string,
	args: readonly string[],
	more: {
		readonly input?: string
		readonly mayFail?: boolean
		readonly variables?: Readonly<Record<string, string>>
	} = {},
): Promise<string> {
	const ran = await runGit(args, {
		environment: gitEnvironment({
			protocols: "none",
			safeDirectory: resolve(dir),
			config: [["safe.bareRepository", "all"]],
			variables: { GIT_LITERAL_PATHSPECS: "1", ...more.variables },
		}),
		folder: dir,
		...(more.input === undefined ? {} : { input: more.input }),
	})
	if (ran.code !== 0 && more.mayFail !== true)
		throw failure(
			"refused",
			`Cannot write to "${dir}": ${lastWords(ran.stderr)}`,
			"commit or put aside what is changed there, and try again",
		)
	return ran.stdout.toString("utf8")
}
