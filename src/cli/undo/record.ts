import type { CommitRecord, UndoRecord } from "../../history/index.ts"
import { keyParts, type ObjectKey } from "../../kube/index.ts"

/** The trailers that an undo leaves, so that everyone who reads the branch knows what was undone. */
const TRAILER = { of: "Rollback-Of", restores: "Restores", rollout: "Rollout", daemonSet: "DaemonSet" } as const

export function trailerLines(
	daemonSet: ObjectKey,
	undo: UndoRecord & { readonly rollout?: number | undefined },
): readonly string[] {
	return [
		`${TRAILER.daemonSet}: ${nameOf(daemonSet)}`,
		...undo.rollbackOf.map((commit) => `${TRAILER.of}: ${commit}`),
		`${TRAILER.restores}: ${undo.restores}`,
		...(undo.rollout === undefined ? [] : [`${TRAILER.rollout}: ${undo.rollout}`]),
	]
}

/** What a commit, or any that it merges, says it undid of a DaemonSet. */
export function undoRecordOf({ trailers }: CommitRecord, daemonSet: ObjectKey): UndoRecord | undefined {
	const name = nameOf(daemonSet)
	const own = trailers.find((trailer) => is(trailer.name, TRAILER.daemonSet) && trailer.value === name)
	if (own === undefined) return undefined
	const said = trailers.filter(({ commit }) => commit === own.commit)
	const restores = said.find((trailer) => is(trailer.name, TRAILER.restores))?.value
	const rollbackOf = said.filter((trailer) => is(trailer.name, TRAILER.of)).map(({ value }) => value)
	return restores === undefined ? undefined : { restores, rollbackOf }
}

// git reads the names of trailers without regard to case.
function is(name: string, trailer: string): boolean {
	return name.toLowerCase() === trailer.toLowerCase()
}

function nameOf(daemonSet: ObjectKey): string {
	const { namespace, name } = keyParts(daemonSet)
	return `${namespace}/${name}`
}
