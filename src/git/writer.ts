import {
	type BranchCommit,
	branchOf,
	type Committed,
	commitChange,
	isThere,
	type LocalRepository,
	recoverChange,
} from "./commit-change.ts"
import { makeCommit } from "./make-commit.ts"
import type { Mirror } from "./mirror.ts"
import { commitSettings } from "./user-settings.ts"

/** Brings commits to one branch, here or on a server. Failures are `SourceError`s. */
export type Writer = {
	/** Ends what a kill left halfway; gives the commit whose files followed only now. Call it first. */
	recover(): Promise<string | undefined>
	commit(change: BranchCommit): Promise<Committed>
	close(): void
}

export function localWriter(repository: LocalRepository, branch: string): Writer {
	return {
		recover: () => recoverChange(repository, branch),
		commit: (change) => commitChange(repository, change),
		close: () => {},
	}
}

/** The commit is made in the mirror, where no branch of ours has it, and pushed: the next fetch brings it back. */
export function remoteWriter(mirror: Mirror): Writer {
	return {
		recover: async () => undefined,
		commit: async (change) => {
			const branch = branchOf(change)
			const isNew = change.toBranch !== undefined
			const { gitDir } = await mirror.place()
			const { commit } = await makeCommit({ gitDir, name: mirror.name }, change, await commitSettings(gitDir))
			if (await mirror.push(commit, branch, isNew)) return { kind: "written", commit }
			if (isNew) throw isThere(branch)
			return { kind: "moved" }
		},
		close: () => mirror.close(),
	}
}
