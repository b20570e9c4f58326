import { sha256 } from "../base/index.ts"
import type { CommitRecord } from "../history/index.ts"
import type { TreeFile } from "../manifest/index.ts"
import type { Source } from "./ports.ts"

/** A commit that nobody has made yet: a commit, with some of its files replaced or gone. */
export type Draft = {
	readonly base: CommitRecord
	/** Whole files by path; undefined where it is gone. */
	readonly files: ReadonlyMap<string, Uint8Array | undefined>
	readonly subject: string
}

/** The draft as a commit, and a source that has it beside all others. */
export function withDraft(source: Source, draft: Draft): { readonly source: Source; readonly record: CommitRecord } {
	const texts = new Map<string, Uint8Array>()
	const fresh: TreeFile[] = []
	for (const [path, bytes] of draft.files) {
		if (bytes === undefined) continue
		const blob = `draft-${sha256(bytes)}`
		texts.set(blob, bytes)
		fresh.push({ path, mode: "100644", blob, size: bytes.length })
	}
	const record: CommitRecord = {
		...draft.base,
		commit: `draft-${sha256(JSON.stringify([draft.base.commit, [...draft.files.keys()], fresh]))}`,
		parents: [draft.base.commit],
		subject: draft.subject,
		trailers: [],
		brings: [],
	}
	const files = async (): Promise<readonly TreeFile[]> =>
		[...(await source.files(draft.base.commit)).filter(({ path }) => !draft.files.has(path)), ...fresh].sort(byPath)
	const isDraft = (commit: string): boolean => commit === record.commit
	const drafted: Source = {
		name: source.name,
		branch: source.branch,
		poll: () => source.poll(),
		files: (commit) => (isDraft(commit) ? files() : source.files(commit)),
		changedFiles: async (base, commit) =>
			isDraft(commit) ? changes(await source.files(base), await files()) : source.changedFiles(base, commit),
		read: async (blobs) => {
			const theirs = await source.read(blobs.filter((blob) => !texts.has(blob)))
			let next = 0
			return blobs.map((blob) => texts.get(blob) ?? (theirs[next++] as Uint8Array))
		},
		commit: async (id) => (isDraft(id) ? record : source.commit(id)),
		walk: async function* (base, tip, limit) {
			if (!isDraft(tip)) return yield* source.walk(base, tip, limit)
			if (base !== draft.base.commit) yield* source.walk(base, draft.base.commit, limit)
			yield record
		},
		signatures: (commits) => source.signatures(commits),
		isAncestor: (base, tip) => source.isAncestor(base, isDraft(tip) ? draft.base.commit : tip),
		resolve: async (revision) => (isDraft(revision) ? revision : source.resolve(revision)),
		watch: (moved, signal) => source.watch(moved, signal),
		close: () => source.close(),
	}
	return { source: drafted, record }
}

function changes(before: readonly TreeFile[], after: readonly TreeFile[]) {
	const old = new Map(before.map((file) => [file.path, file]))
	const paths = new Set(after.map(({ path }) => path))
	return [
		...before.filter(({ path }) => !paths.has(path)).map(({ path }) => ({ path })),
		...after.filter((file) => old.get(file.path)?.blob !== file.blob).map((file) => ({ path: file.path, after: file })),
	]
}

function byPath(a: TreeFile, b: TreeFile): number {
	return a.path < b.path ? -1 : 1
}
