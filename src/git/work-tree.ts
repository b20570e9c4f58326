import { chmod, lstat, mkdir, open, readFile, realpath, rename, rm, writeFile } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { gitEnvironment } from "./environment.ts"
import { failure, lastWords } from "./failure.ts"
import { runGit } from "./run.ts"

export type Blob = { readonly mode: string; readonly id: string }
/** One file from one content to the next; `before` is undefined where it is new. */
export type FileStep = {
	readonly path: string
	readonly before?: Blob & { readonly bytes: Uint8Array }
	readonly after: Blob & { readonly bytes: Uint8Array }
}

/** A work tree that is ready to follow its branch: `follow` takes the step, `leave` lets everything be as it was. */
export type Prepared = { follow(): Promise<void>; leave(): Promise<void> }

/** The work trees that have the branch checked out. */
export async function workTreesOf(gitDir: string, ref: string): Promise<readonly string[]> {
	const ran = await runGit(["worktree", "list", "--porcelain", "-z"], {
		environment: gitEnvironment({ protocols: "none", gitDir }),
		limitMs: 10_000,
	})
	if (ran.code !== 0) throw refused(gitDir, lastWords(ran.stderr))
	const trees = ran.stdout.toString("utf8").split("\0\0")
	return trees.flatMap((tree) => {
		const lines = tree.split("\0")
		const root = lines.find((line) => line.startsWith("worktree "))?.slice("worktree ".length)
		const isThere = !lines.some((line) => line === "bare" || line.startsWith("prunable"))
		return root !== undefined && isThere && lines.includes(`branch ${ref}`) ? [root] : []
	})
}

/**
 * Makes one file and its index entry ready to move, under git's own lock on that index, until `follow` or `leave`.
 * Refuses where the file or its entry is not as the branch has it: what a user changed is never touched.
 */
export async function prepare(root: string, step: FileStep): Promise<Prepared> {
	const gitDir = await gitDirOf(root)
	const index = join(gitDir, "index")
	const lock = `${index}.lock`
	await takeLock(root, index, lock)
	const leftovers = [lock]
	const leave = async (): Promise<void> => {
		for (const path of leftovers) await rm(path, { force: true })
	}
	try {
		const at: Index = { root, gitDir, index: lock, config: await filtersOff(gitDir) }
		const entry = await entryOf(at, step.path)
		if (!isAsCommitted(entry, step.before)) throw changedHere(root, step.path)
		const file = entry.isSkipped ? undefined : await fileOf(root, step)
		await setEntry(at, step, entry.isSkipped)
		const fresh = file && (await writeBeside(file.path, fileBytes(file, step.after.bytes), file.mode))
		if (fresh !== undefined) leftovers.push(fresh)
		const follow = async (): Promise<void> => {
			if (file !== undefined && fresh !== undefined) await rename(fresh, file.path)
			await rename(lock, index)
		}
		// What was typed while the entry was written counts as well.
		if (file !== undefined) await fileOf(root, step)
		return { follow, leave }
	} catch (error) {
		await leave()
		throw error
	}
}

type Settings = readonly (readonly [key: string, value: string])[]
type Index = { readonly root: string; readonly gitDir: string; readonly index: string; readonly config: Settings }
type Entry = { readonly blobs: readonly Blob[]; readonly isSkipped: boolean }
type WorkFile = { readonly path: string; readonly isWindows: boolean; readonly mode: number | undefined }

async function gitDirOf(root: string): Promise<string> {
	const ran = await runGit(["rev-parse", "--path-format=absolute", "--git-dir"], {
		environment: gitEnvironment({ protocols: "none", safeDirectory: root }),
		folder: root,
		limitMs: 10_000,
	})
	if (ran.code !== 0) throw refused(root, lastWords(ran.stderr))
	return ran.stdout.toString("utf8").trimEnd()
}

/**
 * Who writes an index looks once more at files that changed in the same moment, through the filters that the
 * repository's configuration names: programs of its choice. Without them such a file is looked at again later.
 */
async function filtersOff(gitDir: string): Promise<Settings> {
	const ran = await runGit(["config", "--includes", "--null", "--name-only", "--get-regexp", "^filter\\."], {
		environment: gitEnvironment({ protocols: "none", gitDir }),
		limitMs: 10_000,
	})
	const keys = new Set(ran.stdout.toString("utf8").split("\0"))
	const off = (key: string): string | undefined =>
		/\.(clean|smudge|process)$/.test(key) ? "" : key.endsWith(".required") ? "false" : undefined
	return [...keys].flatMap((key): Settings => {
		const value = off(key)
		return value === undefined ? [] : [[key, value]]
	})
}

/** As git does it: whoever makes the file has the index; the new index is written there and renamed. */
async function takeLock(root: string, index: string, lock: string): Promise<void> {
	const bytes = await readFile(index).catch(() => undefined)
	if (bytes === undefined) throw refused(root, "its work tree has no index")
	const handle = await open(lock, "wx").catch((error: NodeJS.ErrnoException) => error)
	if (handle instanceof Error) {
		if (handle.code !== "EEXIST") throw refused(root, `${lock}: ${handle.code}`)
		const next = `try again when it is done; where none is running, remove ${lock}`
		throw failure("refused", `Cannot write to "${root}": another git is at work there`, next)
	}
	// Read once more: it may have moved before the lock was ours.
	await handle.writeFile(await readFile(index)).finally(() => handle.close())
}

async function entryOf(at: Index, path: string): Promise<Entry> {
	const lines = (await gitAt(at, ["ls-files", "-z", "-t", "--stage", "--", path])).split("\0")
	const entries = lines.filter((line) => line !== "").map((line) => line.slice(0, line.indexOf("\t")).split(" "))
	const blobs = entries.map(([, mode = "", id = "", stage = ""]) => ({ mode, id: stage === "0" ? id : "unmerged" }))
	return { blobs, isSkipped: entries.some(([tag]) => tag === "S") }
}

function isAsCommitted({ blobs }: Entry, before: Blob | undefined): boolean {
	if (before === undefined) return blobs.length === 0
	return blobs.length === 1 && blobs[0]?.id === before.id && blobs[0].mode === before.mode
}

async function setEntry(at: Index, { path, after }: FileStep, isSkipped: boolean): Promise<void> {
	await gitAt(at, ["update-index", "-z", "--index-info"], `${after.mode} ${after.id}\t${path}\0`)
	if (isSkipped) await gitAt(at, ["update-index", "--skip-worktree", "--", path])
}

/** The file as it lies there: what git committed, with or without Windows' line ends. Anything else is a user's. */
async function fileOf(root: string, { path, before }: FileStep): Promise<WorkFile> {
	const full = join(root, path)
	const folder = await realpath(dirname(full)).catch(() => undefined)
	if (folder !== undefined && folder !== resolve(await realpath(root), dirname(path))) throw changedHere(root, path)
	const found = await lstat(full).catch(() => undefined)
	if (before === undefined) {
		if (found !== undefined) throw changedHere(root, path)
		return { path: full, isWindows: false, mode: undefined }
	}
	if (found?.isFile() !== true) throw changedHere(root, path)
	const bytes = await readFile(full)
	const isSame = bytes.equals(before.bytes)
	if (!isSame && !bytes.equals(windows(before.bytes))) throw changedHere(root, path)
	return { path: full, isWindows: !isSame, mode: found.mode & 0o7777 }
}

function fileBytes({ isWindows }: WorkFile, bytes: Uint8Array): Uint8Array {
	return isWindows ? windows(bytes) : bytes
}

function windows(bytes: Uint8Array): Buffer {
	return Buffer.from(Buffer.from(bytes).toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1")
}

/** On the same file system, so that it can be renamed into place. */
async function writeBeside(path: string, bytes: Uint8Array, mode: number | undefined): Promise<string> {
	await mkdir(dirname(path), { recursive: true })
	const fresh = join(dirname(path), `.${basename(path)}.rollcall-${process.pid}`)
	await writeFile(fresh, bytes, { flag: "wx", flush: true })
	if (mode !== undefined) await chmod(fresh, mode)
	return fresh
}

async function gitAt(at: Index, args: readonly string[], input = ""): Promise<string> {
	const variables = { GIT_INDEX_FILE: at.index, GIT_WORK_TREE: at.root }
	const ran = await runGit(args, {
		environment: gitEnvironment({ protocols: "none", gitDir: at.gitDir, config: at.config, variables }),
		folder: at.root,
		input,
	})
	if (ran.code !== 0) throw refused(at.root, lastWords(ran.stderr))
	return ran.stdout.toString("utf8")
}

function changedHere(root: string, path: string): Error {
	const next = "commit them or put them aside (git stash), and try again; --to-branch NAME leaves this branch alone"
	return failure("refused", `Cannot change ${path}: it has uncommitted changes in ${root}`, next)
}

function refused(where: string, reason: string): Error {
	return failure("refused", `Cannot write to "${where}": ${reason}`, "see git status there, and try again")
}
