import type { Source } from "../engine/index.ts"
import type { CommitRecord } from "../history/index.ts"
import { CliError } from "./failure.ts"

/**
 * The commit that a word means on the followed branch: `HEAD` or the branch's name for its tip, `HEAD~3` along first
 * parents, or the beginning of an id. Throws a CliError.
 */
export async function findCommit(source: Source, tip: string, text: string): Promise<string> {
	const [, name = "", steps] = /^(.*?)(?:~(\d{0,6}))?$/.exec(text) ?? []
	if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text)) return text
	const fromTip = ["HEAD", "@", source.branch].includes(name)
	const back = steps === undefined ? 0 : steps === "" ? 1 : Number(steps)
	const commits: CommitRecord[] = []
	for await (const commit of source.walk(undefined, tip, fromTip ? back + 1 : undefined)) commits.push(commit)
	const matching = fromTip
		? commits.slice(-1)
		: /^[0-9a-f]{4,}$/.test(name)
			? commits.filter(({ commit }) => commit.startsWith(name))
			: []
	const [found, ...others] = matching
	if (found === undefined) {
		throw new CliError(`Cannot find a commit "${text}" on ${source.branch}`, {
			next: "give the beginning of a commit's id, HEAD, or HEAD~3; git log --first-parent lists them",
		})
	}
	if (others.length > 0) throw new CliError(`Cannot tell which commit "${text}" means`, { next: "give more of its id" })
	const at = commits.indexOf(found) - back
	const wanted = commits[at]
	if (wanted) return wanted.commit
	throw new CliError(`Cannot go back ${back} commits from ${name}: its history is shorter`)
}
