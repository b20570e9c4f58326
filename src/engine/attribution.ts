import { jsonEqual } from "../base/index.ts"
import type { CommitRecord } from "../history/index.ts"
import { type KubeObject, keyParts, type ObjectKey } from "../kube/index.ts"
import { asObject, type DesiredObject, type ParsedFile, type TreeFile } from "../manifest/index.ts"
import type { Source } from "./ports.ts"

/** Of more commits at once, as after a long stop, the older ones are not told apart. */
const MOST = 500

export type Attribution = {
	readonly source: Pick<Source, "changedFiles">
	/** What each file says, in the order of the files; undefined where there is none, or it is not read. */
	readonly parse: (files: readonly (TreeFile | undefined)[]) => Promise<readonly (ParsedFile | undefined)[]>
	/** The commit that was read before them. */
	readonly base: string
	/** Commits that are taken at once, oldest first. */
	readonly commits: readonly CommitRecord[]
	/** What the newest of them describes. */
	readonly objects: ReadonlyMap<ObjectKey, DesiredObject>
	readonly keys: Iterable<ObjectKey>
}

/**
 * Which of the commits brought each DaemonSet's document to what it is: the one after which it stayed so. Those of the
 * newest commit are left out.
 */
export async function broughtBy({
	source,
	parse,
	base,
	commits,
	objects,
	keys,
}: Attribution): Promise<{ readonly [key: ObjectKey]: string }> {
	const wanted = new Map<ObjectKey, DesiredObject>()
	for (const key of keys) {
		const object = keyParts(key).kind === "DaemonSet" ? objects.get(key) : undefined
		if (object !== undefined) wanted.set(key, object)
	}
	if (wanted.size === 0 || commits.length < 2) return {}
	const steps = await stepsOf(source, base, commits.slice(-MOST), new Set([...wanted.values()].map(({ path }) => path)))
	const tip = commits.at(-1)?.commit
	const found: { [key: ObjectKey]: string } = {}
	for (const [key, { path, object }] of wanted) {
		const touched = steps.filter((step) => step.path === path)
		const parsed = touched.length < 2 ? [] : await parse(touched.map(({ after }) => after))
		const commit = touched[firstAlike(parsed, key, object)]?.commit
		if (commit !== undefined && commit !== tip) found[key] = commit
	}
	return found
}

type Step = { readonly commit: string; readonly path: string; readonly after: TreeFile | undefined }

async function stepsOf(
	source: Attribution["source"],
	base: string,
	commits: readonly CommitRecord[],
	paths: ReadonlySet<string>,
): Promise<Step[]> {
	const steps: Step[] = []
	let before = base
	for (const { commit } of commits) {
		for (const { path, after } of await source.changedFiles(before, commit)) {
			if (paths.has(path)) steps.push({ commit, path, after })
		}
		before = commit
	}
	return steps
}

/** The first version of the file from which on the object is what it is now. */
function firstAlike(versions: readonly (ParsedFile | undefined)[], key: ObjectKey, object: KubeObject): number {
	let first = Math.max(0, versions.length - 1)
	while (first > 0) {
		const before = versions[first - 1]?.documents.map((document) => asObject(document.object, key)).find(Boolean)
		if (before === undefined || !jsonEqual(before, object)) return first
		first--
	}
	return first
}
