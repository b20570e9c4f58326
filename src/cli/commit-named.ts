import type { CommitDetail, Ledger } from "../history/index.ts"
import { CliError } from "./failure.ts"
import { whereElse } from "./ledger/where-else.ts"
import { shortCommit } from "./ledger/words.ts"
import type { Reader } from "./world.ts"

type Known = Pick<Reader, "ledger" | "git">

/**
 * The commit of the ledger that a person names: by its id or the beginning of that, or as git names commits in the
 * repository that is followed (a tag, `HEAD~2`, `@{yesterday}`). HEAD, and the branch, is the newest that was seen.
 * Throws a CliError that says what was tried.
 */
export async function commitNamed(known: Known, text: string): Promise<CommitDetail> {
	const { ledger } = known
	const found = await findCommit(known, text)
	if (typeof found !== "string") return found
	throw new CliError(`Cannot find the commit "${text}" in the ledger; ${found}`, {
		next: whereElse(ledger, "rollcall history --commits lists them"),
	})
}

/** The same; where there is none, what else was tried. */
export async function findCommit({ ledger, git }: Known, text: string): Promise<CommitDetail | string> {
	const named = text.replace(/^commit\//, "")
	const [, name = "", steps = ""] = /^([^~^]*)(.*)$/s.exec(named) ?? []
	const newest = ledger.commits({ limit: 1 })[0]?.commit
	const isNewest = /^(head|@)$/i.test(name) || name === git?.branch
	// git's own HEAD may be at another branch.
	const own = git === undefined ? named : named.replace(/^@\{(?!-)/, `refs/heads/${git.branch}@{`)
	const revision = isNewest && newest !== undefined ? `${newest}${steps}` : own
	const known = commitWithId(ledger, revision)
	if (known !== undefined) return known
	if (git === undefined) return "it is not known of which repository that is"
	let id: string | undefined
	try {
		id = await git.resolve(revision)
	} catch (failure) {
		return `git cannot be asked: ${failure instanceof Error ? failure.message : failure}`
	}
	if (id === undefined) return `git in ${git.repository} has none of that name either`
	return commitWithId(ledger, id) ?? `git in ${git.repository} has it as ${shortCommit(id)}, which was never taken here`
}

/** The commit with an id that begins so; undefined where there is none. Throws a CliError where there are several. */
export function commitWithId(ledger: Ledger, id: string): CommitDetail | undefined {
	const commits = /^[0-9a-f]{4,64}$/i.test(id) ? ledger.commit(id.toLowerCase()) : []
	const [found, ...others] = commits
	if (others.length === 0) return found
	const ids = commits.slice(0, 4).map(({ commit }) => commit.commit.slice(0, 12))
	throw new CliError(`Cannot tell which commit "${id}" means: ${ids.join(", ")}`, { next: "give more of its id" })
}
