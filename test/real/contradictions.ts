import { jsonEqual } from "../../src/base/index.ts"
import { openLedger, openReading } from "../../src/cli/compose/index.ts"
import type { Reading, RecordedCluster } from "../../src/engine/index.ts"
import { keyParts, type ObjectKey } from "../../src/kube/index.ts"
import type { CommitEntry } from "./fleet.ts"

/**
 * Where the ledger and the manifests contradict each other, commit by commit: an object that the ledger has as live and
 * the commit does not describe, or the other way round, unless it is refused. At the tip the cluster is asked as well.
 */
export async function contradictions(
	repository: string,
	state: string,
	commits: readonly CommitEntry[],
): Promise<readonly string[]> {
	const opened = await openReading({ repository, branch: "main", state })
	const ledger = openLedger(state)
	try {
		const reading = opened.reading()
		const found: string[] = []
		const live = new Set<ObjectKey>()
		const refused = new Set<ObjectKey>()
		const made = new Set<ObjectKey>()
		for (const { commit, changes, refused: now } of commits) {
			await reading.moveTo(commit.commit)
			for (const { key, action } of changes) {
				refused.delete(key)
				if (action === "delete") live.delete(key)
				else live.add(key)
			}
			for (const { key } of now) refused.add(key)
			for (const key of live) {
				// A namespace that was made for an object stays when the object goes.
				if (!reading.objects.has(key) && !made.has(key)) found.push(`${commit.commit}: ${key} is live, not described`)
			}
			for (const [key, { implied }] of reading.objects) {
				if (implied === true) made.add(key)
				if (!live.has(key) && !refused.has(key)) found.push(`${commit.commit}: ${key} is described, not live`)
			}
		}
		found.push(...atTip(ledger.recorded(), reading, refused))
		return found
	} finally {
		ledger.close()
		await opened.close()
	}
}

function atTip(recorded: RecordedCluster | undefined, { objects }: Reading, refused: ReadonlySet<ObjectKey>): string[] {
	return [...objects].flatMap(([key, { object }]) => {
		if (refused.has(key)) return []
		const other = jsonEqual(recorded?.applied("commit").get(key), object) ? [] : [`tip: ${key} was applied otherwise`]
		// Pods come and go by themselves.
		const isGone = keyParts(key).kind !== "Pod" && recorded?.cluster.read(key) === undefined
		return isGone ? [...other, `tip: no ${key}`] : other
	})
}
