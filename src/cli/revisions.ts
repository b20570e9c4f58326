import type { Source, Tracked } from "../engine/index.ts"
import { CliError } from "./failure.ts"
import { repositoryOf, repositoryOrThrow, type SharedFlags, withoutCredentials } from "./flags.ts"
import type { Shell } from "./shell.ts"
import { ownClone } from "./state-dir.ts"
import type { SourceFlags } from "./world.ts"

/** `A..B`, `..B` and `A..` (the branch's tip), or `B` alone: live against B. */
export function parseRange(range: string | undefined): { readonly from?: string; readonly to?: string } {
	if (range === undefined) return {}
	const dots = range.indexOf("..")
	if (dots < 0) return { to: range }
	const from = range.slice(0, dots)
	const to = range.slice(dots + 2)
	if (to.startsWith(".")) throw new CliError(`Cannot read "${range}"`, { next: "write REV..REV, with two dots" })
	return { ...(from ? { from } : {}), ...(to ? { to } : {}) }
}

/** The commit that a person names in a repository, as git names commits. Throws a CliError where there is none. */
export async function commitIn(source: Pick<Source, "name" | "resolve">, revision: string): Promise<string> {
	const id = await source.resolve(revision)
	if (id !== undefined) return id
	throw new CliError(`Cannot find the commit "${revision}" in ${source.name}`, {
		next: "name it as git does: an id, a branch, a tag or HEAD~1; one that is missing may have to be fetched",
	})
}

/** What is live is compared with its own repository; revisions are those of the repository around, where there is one. */
export function repositoryToRead(
	shell: Shell,
	flags: SharedFlags,
	tracked: Tracked | undefined,
	isLive: boolean,
): string {
	if (flags.repo !== undefined) return flags.repo
	const around = repositoryOf(undefined, shell.cwd)
	const isElsewhere = !isLive && around !== undefined && around !== ownClone(import.meta.dirname)
	return isElsewhere || tracked === undefined ? repositoryOrThrow(undefined, shell) : tracked.repository
}

type ReadFlags = { readonly plain?: boolean; readonly strict?: boolean }

/** The history, where it is of the repository that is read. */
export function historyOf({ repository }: SourceFlags, tracked: Tracked | undefined): Tracked | undefined {
	return tracked?.repository === withoutCredentials(repository) ? tracked : undefined
}

/** The history's own repository is read as it was for the cluster, or everything else would be a difference. */
export function readAsBefore<Options extends SourceFlags>(
	options: Options,
	flags: ReadFlags,
	same: Tracked | undefined,
) {
	const branch = options.branch ?? same?.branch
	return {
		...options,
		...(branch === undefined ? {} : { branch }),
		paths: options.paths.length > 0 ? options.paths : (same?.paths ?? []),
		plain: flags.plain === true || same?.plain === true,
		strict: flags.strict === true || same?.strict === true,
	}
}
