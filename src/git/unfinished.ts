import { createHash } from "node:crypto"
import { link, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { basename, dirname, join, resolve } from "node:path"
import { isObject } from "../base/index.ts"
import { gitEnvironment } from "./environment.ts"
import { failure, lastWords } from "./failure.ts"
import { isObjectId } from "./objects.ts"
import { runGit } from "./run.ts"
import { isWritable } from "./write.ts"

/** Who has git's lock on an index: what the lock itself says. */
type Owner = { readonly pid: number; readonly host: string }

/**
 * What is about to happen in one work tree, written down under the lock before the branch moves and removed when the
 * files have followed: who comes after a kill in between finds it, and ends it.
 */
export type Unfinished = {
	readonly pid: number
	readonly ref: string
	readonly commit: string
	/** `before`: SHA-256 of the file as it lies there, null where there is none. `isRemoved`: it is to go. */
	readonly files: readonly {
		readonly path: string
		readonly before: string | null
		readonly isRemoved: boolean
	}[]
}

const NOTE = "rollcall-undo.json"
const OWNER = /^rollcall ([1-9]\d{0,9}) (\S+)\n$/

/** What a lock of ours holds; git looks only whether there is one. */
const LOCK_TEXT = `rollcall ${process.pid} ${hostname()}\n`

/** The index that is to be, until it takes the place of the present one. */
export function nextIndex(gitDir: string): string {
	return join(gitDir, "rollcall-undo.index")
}

/** As git does it: whoever makes the file has the index, and what takes its place is renamed into it. */
export async function takeLock(root: string, index: string, lock: string): Promise<void> {
	if ((await stat(index).catch(() => undefined)) === undefined) throw unwritable(root, "its work tree has no index")
	const making = `${lock}.rollcall-${process.pid}`
	try {
		// It says from the first moment on whose it is.
		await writeFile(making, LOCK_TEXT, { flush: true })
		await link(making, lock)
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException
		if (code !== "EEXIST") throw unwritable(root, `${lock}: ${code}`)
		const next = `try again when it is done; where none is running, remove ${lock}`
		throw failure("refused", `Cannot write to "${root}": another git is at work there`, next)
	} finally {
		await rm(making, { force: true })
	}
}

export async function noteUnfinished(gitDir: string, unfinished: Unfinished): Promise<void> {
	await writeFile(join(gitDir, NOTE), JSON.stringify(unfinished), { flush: true })
}

export async function forgetUnfinished(gitDir: string): Promise<void> {
	await rm(join(gitDir, NOTE), { force: true })
}

/** Where a file's next content waits: on the same file system, so that it can be renamed into place. */
export function waitingPath(root: string, path: string, pid: number): string {
	const full = join(root, path)
	return join(dirname(full), `.${basename(full)}.rollcall-${pid}`)
}

export function digestOf(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex")
}

/**
 * Ends what a kill left in a work tree: where the branch has the commit, the files that are as they were follow;
 * where it has not, what waited goes. Gives the commit whose files followed only now.
 */
export async function finishUnfinished(root: string): Promise<string | undefined> {
	const gitDir = await gitDirOf(root)
	const lock = join(gitDir, "index.lock")
	const owner = await ownerOf(lock)
	if (owner !== undefined && isAlive(owner)) throw atWork(root, owner, lock)
	const left = parse(await readFile(join(gitDir, NOTE), "utf8").catch(() => ""))
	// Without our lock somebody else went on from there: nothing follows any more.
	const follows = owner !== undefined && left !== undefined && (await isOn(gitDir, left))
	for (const file of left?.files ?? []) await settle(root, left?.pid ?? 0, file, follows)
	if (follows) await rename(nextIndex(gitDir), join(gitDir, "index")).catch(ignoreMissing)
	await rm(nextIndex(gitDir), { force: true })
	await forgetUnfinished(gitDir)
	if (owner !== undefined) await rm(lock, { force: true })
	return follows ? left.commit : undefined
}

async function ownerOf(lock: string): Promise<Owner | undefined> {
	const [, pid, host] = OWNER.exec(await readFile(lock, "utf8").catch(() => "")) ?? []
	return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host }
}

/** It took its place already. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
	if (error.code !== "ENOENT") throw error
}

/** Only a file that still is what it was is touched: anything else is a user's. */
async function settle(
	root: string,
	pid: number,
	{ path, before, isRemoved }: Unfinished["files"][number],
	follows: boolean,
): Promise<void> {
	const full = join(root, path)
	const folder = await realpath(dirname(full)).catch(() => undefined)
	if (folder !== resolve(await realpath(root), dirname(path))) return
	const fresh = waitingPath(root, path, pid)
	const isAsBefore = (await digestAt(full)) === before
	if (follows && isAsBefore && isRemoved) await rm(full)
	else if (follows && isAsBefore && (await digestAt(fresh)) !== null) await rename(fresh, full)
	await rm(fresh, { force: true })
}

async function digestAt(path: string): Promise<string | null> {
	const bytes = await readFile(path).catch(() => undefined)
	return bytes === undefined ? null : digestOf(bytes)
}

async function isOn(gitDir: string, { ref, commit }: Unfinished): Promise<boolean> {
	const environment = gitEnvironment({ protocols: "none", gitDir })
	return (await runGit(["merge-base", "--is-ancestor", commit, ref], { environment })).code === 0
}

/** Of another machine it cannot be known, so it is taken to be at work. */
function isAlive({ pid, host }: Owner): boolean {
	if (host !== hostname()) return true
	if (pid === process.pid) return false
	try {
		process.kill(pid, 0)
		return true
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM"
	}
}

/** The note lies in a repository, so it is only believed where it can do no harm. */
function parse(text: string): Unfinished | undefined {
	let note: unknown
	try {
		note = JSON.parse(text)
	} catch {
		return undefined
	}
	if (!isObject(note) || !Array.isArray(note["files"])) return undefined
	const { pid, ref, commit, files } = note as Partial<Unfinished>
	const isSound =
		Number.isSafeInteger(pid) &&
		typeof ref === "string" &&
		/^refs\/heads\/[^\s\p{Cc}]+$/u.test(ref) &&
		typeof commit === "string" &&
		isObjectId(commit) &&
		(files ?? []).every((file) => isObject(file) && typeof file["path"] === "string" && isWritable(file["path"]))
	return isSound ? (note as Unfinished) : undefined
}

function atWork(root: string, { pid, host }: Owner, lock: string): Error {
	const next = `wait for it; where process ${pid} on ${host} is none of Rollcall's, remove ${lock} and see git status`
	return failure("refused", `Cannot write to "${root}": another rollcall is at work there`, next)
}

function unwritable(root: string, reason: string): Error {
	return failure("refused", `Cannot write to "${root}": ${reason}`, "see git status there, and try again")
}

export async function gitDirOf(root: string): Promise<string> {
	const ran = await runGit(["rev-parse", "--path-format=absolute", "--git-dir"], {
		environment: gitEnvironment({ protocols: "none", safeDirectory: root }),
		folder: root,
		limitMs: 10_000,
	})
	if (ran.code === 0) return ran.stdout.toString("utf8").trimEnd()
	throw failure("refused", `Cannot write to "${root}": ${lastWords(ran.stderr)}`, "see git status there, and try again")
}
