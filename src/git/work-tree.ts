import { chmod, copyFile, lstat, mkdir, readFile, realpath, rename, rm, rmdir, writeFile } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { gitEnvironment } from "./environment.ts"
import { failure, lastWords, SourceError } from "./failure.ts"
import { runGit } from "./run.ts"
import {
	digestOf,
	forgetUnfinished,
	gitDirOf,
	nextIndex,
	noteUnfinished,
	takeLock,
	type Unfinished,
	waitingPath,
} from "./unfinished.ts"

export type Blob = { readonly mode: string; readonly id: string }
type Content = Blob & { readonly bytes: Uint8Array }
/** One file from one content to the next: without `before` it is new, without `after` it goes. */
export type FileStep = { readonly path: string; readonly before?: Content; readonly after?: Content }

/** A work tree that is ready to follow its branch: `follow` takes the steps, `leave` lets everything be as it was. */
export type Prepared = { follow(): Promise<void>; leave(): Promise<void> }

/** Where the branch is to go: what tells, after a kill, whether it went there. */
export type Goal = { readonly ref: string; readonly commit: string }

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
 * Makes files and their index entries ready to move, under git's own lock on that index, until `follow` or `leave`.
 * Refuses where a file or its entry is not as the branch has it: what a user changed is never touched.
 */
export async function prepare(root: string, steps: readonly FileStep[], goal: Goal): Promise<Prepared> {
	const gitDir = await gitDirOf(root)
	const index = join(gitDir, "index")
	const lock = `${index}.lock`
	await takeLock(root, index, lock)
	const leftovers = [nextIndex(gitDir)]
	const leave = async (): Promise<void> => {
		for (const path of leftovers) await rm(path, { force: true })
		await forgetUnfinished(gitDir)
		await rm(lock, { force: true })
	}
	try {
		const at: Index = { root, gitDir, index: nextIndex(gitDir), config: await filtersOff(gitDir) }
		await copyFile(index, at.index)
		const entries: Entry[] = []
		for (const step of steps) entries.push(await entryAsCommitted(at, step))
		const moves = await movesOf(root, entries)
		await noteUnfinished(gitDir, { pid: process.pid, ...goal, files: moves.map(fileNote) })
		await setEntries(at, entries)
		for (const move of moves) {
			leftovers.push(move.waiting)
			await writeWaiting(move)
		}
		// What was typed while that was written counts as well.
		for (const { step } of moves) await fileOf(root, step)
		const follow = async (): Promise<void> => {
			try {
				for (const move of moves) await take(root, move)
				await rename(at.index, index)
				await forgetUnfinished(gitDir)
				await rm(lock)
			} catch (error) {
				const next = `the commit ${goal.commit} is on the branch: make it possible, and run this again to end it`
				throw inWords(error, root, next)
			}
		}
		return { follow, leave }
	} catch (error) {
		await leave()
		throw inWords(error, root, "see that there is room, and who may write there; nothing was changed")
	}
}

/** A disk that is full, or not ours to write, is no bug. */
function inWords(error: unknown, root: string, next: string): unknown {
	if (error instanceof SourceError || !(error instanceof Error && "code" in error)) return error
	return failure("refused", `Cannot write to "${root}": ${error.message}`, next)
}

type Settings = readonly (readonly [key: string, value: string])[]
type Index = { readonly root: string; readonly gitDir: string; readonly index: string; readonly config: Settings }
type Entry = { readonly step: FileStep; readonly isSkipped: boolean }
type WorkFile = {
	readonly path: string
	/** Undefined where there is no file. */
	readonly bytes: Uint8Array | undefined
	readonly isWindows: boolean
	readonly mode: number | undefined
}
type Move = { readonly step: FileStep; readonly file: WorkFile; readonly waiting: string }

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

async function entryAsCommitted(at: Index, step: FileStep): Promise<Entry> {
	const lines = (await gitAt(at, ["ls-files", "-z", "-t", "--stage", "--", step.path])).split("\0")
	const entries = lines.filter((line) => line !== "").map((line) => line.slice(0, line.indexOf("\t")).split(" "))
	const blobs = entries.map(([, mode = "", id = "", stage = ""]) => ({ mode, id: stage === "0" ? id : "unmerged" }))
	if (!isAsCommitted(blobs, step.before)) throw changedHere(at.root, step.path)
	return { step, isSkipped: entries.some(([tag]) => tag === "S") }
}

function isAsCommitted(blobs: readonly Blob[], before: Blob | undefined): boolean {
	if (before === undefined) return blobs.length === 0
	return blobs.length === 1 && blobs[0]?.id === before.id && blobs[0].mode === before.mode
}

async function setEntries(at: Index, entries: readonly Entry[]): Promise<void> {
	const lines = entries.map(({ step: { path, before, after } }) =>
		after === undefined
			? `0 ${"0".repeat(before?.id.length ?? 40)}\t${path}\0`
			: `${after.mode} ${after.id}\t${path}\0`,
	)
	await gitAt(at, ["update-index", "-z", "--index-info"], lines.join(""))
	const skipped = entries.filter(({ step, isSkipped }) => isSkipped && step.after !== undefined)
	const paths = skipped.map(({ step }) => `${step.path}\0`).join("")
	if (paths !== "") await gitAt(at, ["update-index", "--skip-worktree", "-z", "--stdin"], paths)
}

/** The file as it lies there: what git committed, with or without Windows' line ends. Anything else is a user's. */
async function fileOf(root: string, { path, before }: FileStep): Promise<WorkFile> {
	const full = join(root, path)
	const folder = await realpath(dirname(full)).catch(() => undefined)
	if (folder !== undefined && folder !== resolve(await realpath(root), dirname(path))) throw changedHere(root, path)
	const found = await lstat(full).catch(() => undefined)
	if (before === undefined) {
		if (found !== undefined) throw changedHere(root, path)
		return { path: full, bytes: undefined, isWindows: false, mode: undefined }
	}
	if (found?.isFile() !== true) throw changedHere(root, path)
	const bytes = await readFile(full)
	const isSame = bytes.equals(before.bytes)
	if (!isSame && !bytes.equals(windows(before.bytes))) throw changedHere(root, path)
	return { path: full, bytes, isWindows: !isSame, mode: found.mode & 0o7777 }
}

function fileBytes({ isWindows }: WorkFile, bytes: Uint8Array): Uint8Array {
	return isWindows ? windows(bytes) : bytes
}

function windows(bytes: Uint8Array): Buffer {
	return Buffer.from(Buffer.from(bytes).toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1")
}

async function movesOf(root: string, entries: readonly Entry[]): Promise<readonly Move[]> {
	const moves: Move[] = []
	for (const { step, isSkipped } of entries) {
		// A file that sparse checkout leaves out is nowhere, and stays there.
		if (isSkipped) continue
		moves.push({ step, file: await fileOf(root, step), waiting: waitingPath(root, step.path, process.pid) })
	}
	return moves
}

function fileNote({ step, file }: Move): Unfinished["files"][number] {
	const before = file.bytes === undefined ? null : digestOf(file.bytes)
	return { path: step.path, before, isRemoved: step.after === undefined }
}

/** On the same file system, so that it can be renamed into place. */
async function writeWaiting({ step, file, waiting }: Move): Promise<void> {
	if (step.after === undefined) return
	await mkdir(dirname(waiting), { recursive: true })
	await writeFile(waiting, fileBytes(file, step.after.bytes), { flag: "wx", flush: true })
	if (file.mode !== undefined) await chmod(waiting, file.mode)
}

async function take(root: string, { step, file, waiting }: Move): Promise<void> {
	if (step.after !== undefined) return rename(waiting, file.path)
	await rm(file.path)
	// As git does: a folder without files goes.
	for (let at = dirname(step.path); at !== "."; at = dirname(at)) {
		const isGone = await rmdir(join(root, at)).then(
			() => true,
			() => false,
		)
		if (!isGone) return
	}
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
