import { createHash } from "node:crypto"
import { gitEnvironment } from "./environment.ts"
import { failure, lastWords } from "./failure.ts"
import { discover } from "./local.ts"
import { isObjectId } from "./objects.ts"
import { type Ran, type Run, runGit } from "./run.ts"

const REF = "refs/notes/rollcall"
const WHO = "Rollcall <rollcall@localhost>"
const LIMIT_MS = 120_000

export type NewNotes = {
	/** A repository on this machine. */
	readonly dir: string
	readonly allowLocal: boolean
	/** Text by commit; a note that says something else is replaced. */
	readonly notes: ReadonlyMap<string, string>
	/** Of the one commit that all of them make. */
	readonly message: string
	/** Seconds since 1970. */
	readonly at: number
}

/**
 * Writes notes under `refs/notes/rollcall`, all of them or none, and gives how many said something new. Commits that
 * are not there are passed over. No branch, index or work tree is touched, and no hook runs. Fails as `refused` where
 * the repository cannot be written.
 */
export async function writeNotes({ dir, allowLocal, notes, message, at }: NewNotes): Promise<number> {
	const { gitDir } = await discover({ path: dir, allowLocal })
	const git = (args: readonly string[], run: Partial<Run> = {}): Promise<Ran> =>
		runGit(args, { limitMs: LIMIT_MS, ...run, environment: gitEnvironment({ protocols: "none", gitDir }) })
	const there = await existing(git, [...notes.keys()])
	const before = await listed(git)
	const fresh = [...notes].filter(([commit, text]) => there.has(commit) && before.get(commit) !== blobId(commit, text))
	if (fresh.length === 0) return 0
	const tip = (await git(["for-each-ref", "--format=%(objectname)", REF])).stdout.toString().trim()
	const parts = [`commit ${REF}`, `committer ${WHO} ${at} +0000`, data(message)]
	if (tip !== "") parts.push(`from ${tip}`)
	for (const [commit, text] of fresh) parts.push(`N inline ${commit}`, data(text))
	const input = `feature done\n${parts.join("\n")}\ndone\n`
	// It moves the ref at its end and only forward: a note that somebody else wrote meanwhile is not lost.
	const ran = await git(["fast-import", "--quiet", "--done"], { input })
	if (ran.code === 0) return fresh.length
	const next = "make the repository writable for this user, or leave --notes away; they are tried again"
	throw failure("refused", `Cannot write notes to "${dir}": ${lastWords(ran.stderr)}`, next)
}

type Git = (args: readonly string[], run?: Partial<Run>) => Promise<Ran>

async function existing(git: Git, commits: readonly string[]): Promise<ReadonlySet<string>> {
	const ids = commits.filter(isObjectId)
	const { stdout } = await git(["cat-file", "--batch-check"], { input: ids.map((id) => `${id}\n`).join("") })
	const lines = stdout.toString().split("\n")
	return new Set(lines.flatMap((line) => (/^\S+ commit /.test(line) ? [line.split(" ")[0] ?? ""] : [])))
}

/** The blob of each commit's note. */
async function listed(git: Git): Promise<ReadonlyMap<string, string>> {
	const { stdout } = await git(["notes", `--ref=${REF}`, "list"])
	const lines = stdout
		.toString()
		.split("\n")
		.map((line) => line.split(" "))
	return new Map(lines.map(([blob = "", commit = ""]) => [commit, blob]))
}

/** What git would call the text: ids of commits tell which hash the repository has. */
function blobId(commit: string, text: string): string {
	const bytes = Buffer.from(text)
	return createHash(commit.length === 64 ? "sha256" : "sha1")
		.update(`blob ${bytes.length}\0`)
		.update(bytes)
		.digest("hex")
}

function data(text: string): string {
	return `data ${Buffer.byteLength(text)}\n${text}`
}
