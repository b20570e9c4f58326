import { byCodeUnit, canonicalJson, sha256 } from "../base/index.ts"
import type { CommitRecord, LedgerEntry } from "../history/index.ts"
import { applyDefaults, type DaemonSet, keyParts, type ObjectKey } from "../kube/index.ts"
import type { ParseCache, Source } from "./ports.ts"
import { Reading, type ReadingOptions } from "./reading.ts"
import { sourceFailure } from "./source-failure.ts"

type RevisionRow = Extract<LedgerEntry, { kind: "revision" }>

/**
 * Each DaemonSet's earlier templates, from the newest first-parent commits up to `tip`, oldest first: history is not
 * empty on day one. They were seen in git and never rolled out here, so they have no revision number (0). `at` is to be
 * filled in by the caller.
 */
export async function backfill(
	source: Source,
	cache: ParseCache,
	options: ReadingOptions & { readonly backfill: number },
	tip: string,
): Promise<RevisionRow[]> {
	if (options.backfill === 0) return []
	const reading = new Reading(source, cache, options)
	const templates = new Map<ObjectKey, string>()
	const rows: RevisionRow[] = []
	for await (const record of source.walk(undefined, tip, options.backfill)) {
		const changed = await changedBy(reading, record.commit)
		for (const key of changed.filter(isDaemonSet).sort(byCodeUnit)) {
			const object = reading.objects.get(key)?.object
			if (object === undefined) templates.delete(key)
			else {
				const daemonSet = applyDefaults(object) as DaemonSet
				const hash = sha256(canonicalJson(daemonSet.spec.template)).slice(0, 10)
				if (templates.get(key) === hash) continue
				templates.set(key, hash)
				rows.push(rowOf(key, daemonSet, hash, record))
			}
		}
	}
	// What the tip describes is rolled out now, and gets a row of its own.
	return rows.filter((row) => templates.get(row.daemonSet) !== row.hash)
}

/** Nothing where the commit cannot be read, as in a partial clone: what is past must not keep the tip from being taken. */
async function changedBy(reading: Reading, commit: string): Promise<readonly ObjectKey[]> {
	try {
		return (await reading.moveTo(commit)).changed
	} catch (problem) {
		if (sourceFailure(problem) === undefined) throw problem
		return []
	}
}

function rowOf(daemonSet: ObjectKey, object: DaemonSet, hash: string, record: CommitRecord): RevisionRow {
	const { commit, author, subject, committedAt } = record
	const cause = object.metadata.annotations?.["kubernetes.io/change-cause"]
	return {
		kind: "revision",
		at: 0,
		daemonSet,
		revision: 0,
		hash,
		commit,
		origin: "seen-in-git",
		by: { author: author.name, subject, committedAt },
		...(cause === undefined ? {} : { changeCause: cause }),
		images: object.spec.template.spec.containers.map((container) => container.image ?? ""),
	}
}

function isDaemonSet(key: ObjectKey): boolean {
	const { group, kind } = keyParts(key)
	return group === "apps" && kind === "DaemonSet"
}
