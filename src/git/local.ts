import { stat } from "node:fs/promises"
import type { Clock } from "../engine/index.ts"
import { nearNames } from "./branch-name.ts"
import { gitEnvironment, type Reach } from "./environment.ts"
import { failure, lastWords } from "./failure.ts"
import type { Origin, Place } from "./origin.ts"
import { type Ran, runGit } from "./run.ts"
import { watchPlace } from "./watch.ts"

type Local = {
	readonly path: string
	readonly branch: string | undefined
	readonly allowLocal: boolean
	readonly safetyMs: number
	readonly sleep: Clock["sleep"]
}

/** A repository on this machine: read where it lies, never written to. */
export function localOrigin(local: Local): Origin {
	let branch = local.branch
	let known: Place | undefined
	const find = async (): Promise<Place> => {
		const identity = known === undefined ? undefined : await identityOf(known)
		if (known !== undefined && identity === known.identity) return known
		known = undefined
		const found = await discover(local)
		branch ??= await headOf(found.gitDir)
		known = { ...found, identity: (await identityOf(found)) ?? "", ref: `refs/heads/${branch}` }
		return known
	}
	return {
		name: local.path,
		get branch() {
			return branch
		},
		async prepare() {
			await find()
		},
		update: find,
		place: find,
		explain: async (_place, lastTip) => explain(local.path, await find(), branch ?? "", lastTip),
		// Not ours to put anywhere; but one that was removed meanwhile is missing, not damaged.
		quarantine: async () => {
			await find()
		},
		watch: (moved, signal) => watchPlace(find, moved, signal, local),
		close: () => {},
	}
}

export async function discover(
	local: Pick<Local, "path" | "allowLocal">,
): Promise<{ readonly gitDir: string; readonly commonDir: string }> {
	const { path } = local
	const folder = await stat(path).catch((error: NodeJS.ErrnoException) => error)
	if (folder instanceof Error)
		throw folder.code === "ENOENT" || folder.code === "ENOTDIR"
			? failure(
					"missing",
					`Cannot read "${path}": there is nothing at this path`,
					"check the path; it is looked for again all the time",
				)
			: failure("missing", `Cannot read "${path}": ${folder.code}`, "check who may read the folder")
	if (!folder.isDirectory())
		throw failure("missing", `Cannot read "${path}": it is not a folder`, "name the repository's folder")
	const reach: Reach = { protocols: "none", ...(local.allowLocal ? { safeDirectory: path } : {}) }
	const around = await askWhere(reach, path)
	if (around.code === 0) return dirsOf(around)
	if (around.stderr.includes("dubious ownership")) throw foreign(path)
	// A bare repository is only taken where it is named itself: never one that lies inside another's files.
	const bare = await askWhere({ ...reach, gitDir: path }, path)
	if (bare.code !== 0) throw notOne(path, around, bare)
	if (!local.allowLocal && !isOurs(folder.uid)) throw foreign(path)
	return dirsOf(bare)
}

function askWhere(reach: Reach, folder: string): Promise<Ran> {
	const args = ["rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir"]
	return runGit(args, { environment: gitEnvironment(reach), folder, limitMs: 10_000 })
}

function dirsOf(ran: Ran): { readonly gitDir: string; readonly commonDir: string } {
	const [gitDir = "", commonDir = ""] = ran.stdout.toString("utf8").split("\n")
	return { gitDir, commonDir }
}

function notOne(path: string, around: Ran, bare: Ran): Error {
	const none = around.stderr.includes("not a git repository") && bare.stderr.includes("not a git repository")
	return none
		? failure(
				"missing",
				`Cannot read "${path}": it is not a git repository`,
				"name a folder that holds one, or run git init there",
			)
		: failure("corrupt", `Cannot read "${path}": ${lastWords(around.stderr)}`, "run git status and git fsck there")
}

function foreign(path: string): Error {
	return failure(
		"refused",
		`Cannot read "${path}": it belongs to another user (dubious ownership)`,
		"name its top folder with --allow-local where you trust it",
	)
}

/** git's own rule: ours, or under sudo that of who called it. */
function isOurs(uid: number): boolean {
	const user = process.geteuid?.()
	if (user === undefined || uid === user) return true
	return user === 0 && process.env["SUDO_UID"] === String(uid)
}

async function identityOf(place: { readonly gitDir: string; readonly commonDir: string }): Promise<string | undefined> {
	try {
		const [own, common] = await Promise.all([stat(place.gitDir), stat(place.commonDir)])
		const head = await stat(`${place.gitDir}/HEAD`)
		return head.isFile() ? `${own.dev}:${own.ino}:${own.birthtimeMs}:${common.ino}:${common.birthtimeMs}` : undefined
	} catch {
		return undefined
	}
}

async function headOf(gitDir: string): Promise<string> {
	const ran = await runGit(["symbolic-ref", "--quiet", "HEAD"], {
		environment: gitEnvironment({ protocols: "none", gitDir }),
		limitMs: 10_000,
	})
	const head = ran.stdout.toString("utf8").trimEnd()
	if (ran.code !== 0 || !head.startsWith("refs/heads/"))
		throw failure("no-branch", "Cannot follow HEAD: it is detached, on no branch", "name the branch with --branch")
	return head.slice("refs/heads/".length)
}

async function explain(path: string, place: Place, branch: string, lastTip: string | undefined): Promise<Error> {
	const environment = gitEnvironment({ protocols: "none", gitDir: place.gitDir })
	const verify = await runGit(["rev-parse", "--verify", "--quiet", "--end-of-options", place.ref], { environment })
	const id = verify.stdout.toString("utf8").trim()
	if (verify.code === 0)
		return failure(
			"corrupt",
			`Cannot read branch "${branch}" of "${path}": its commit ${id} is missing or damaged`,
			"run git fsck there, and fetch the commit from another clone",
		)
	const args = ["for-each-ref", "--count=5000", "--format=%(objectname) %(refname)", "refs/heads", "refs/remotes"]
	const listed = (await runGit(args, { environment })).stdout.toString("utf8").split("\n")
	const refs = listed
		.filter((line) => line !== "")
		.map((line) => ({ id: line.split(" ")[0] ?? "", ref: line.slice(line.indexOf(" ") + 1) }))
	return missingBranch(path, branch, refs, lastTip)
}

/** Why a branch is not there, from the refs that are; for a remote they are its heads. */
export function missingBranch(
	name: string,
	branch: string,
	refs: readonly { readonly id: string; readonly ref: string }[],
	lastTip: string | undefined,
): Error {
	if (refs.length === 0)
		return failure("empty", `"${name}" has no commits yet`, `make a first commit on branch "${branch}"`)
	const heads = refs
		.filter((one) => one.ref.startsWith("refs/heads/"))
		.map((one) => one.ref.slice("refs/heads/".length))
	const tracked = refs.find((one) => one.ref.startsWith("refs/remotes/") && one.ref.endsWith(`/${branch}`))
	const moved = refs.find((one) => lastTip !== undefined && one.id === lastTip && one.ref.startsWith("refs/heads/"))
	const message = `"${name}" has no branch "${branch}"`
	if (moved !== undefined)
		return failure(
			"no-branch",
			`${message}: "${moved.ref.slice(11)}" has its last commit, so it may have been renamed`,
			`follow it with --branch ${moved.ref.slice(11)}`,
		)
	if (tracked !== undefined)
		return failure(
			"no-branch",
			`${message}, only ${tracked.ref}`,
			`make it with git branch ${branch} ${tracked.ref.slice(13)}`,
		)
	const near = nearNames(branch, heads)
	return failure(
		"no-branch",
		`${message}${near.length > 0 ? `; it has ${near.map((one) => `"${one}"`).join(", ")}` : ""}`,
		"name another with --branch, or push it again",
	)
}
