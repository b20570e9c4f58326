import { keyParts, type ObjectKey } from "../../kube/index.ts"
import { restoreDocument } from "../../manifest/index.ts"
import { CliError } from "../failure.ts"
import { placeOf, shortCommit } from "../ledger/words.ts"
import type { FileEdit } from "../world.ts"
import { type Branch, fileAt, fileWith } from "./branch.ts"

/**
 * The file of the tip in which the object's document is again as it stood at a commit; undefined where it is so already.
 * Throws a CliError where the document has no such place, or no place of its own.
 */
export async function restoreAt(branch: Branch, key: ObjectKey, commit: string): Promise<FileEdit | undefined> {
	const old = await fileWith(branch, commit, key)
	if (old?.document === undefined) {
		throw new CliError(`Cannot undo ${placeOf(key)}: ${shortCommit(commit)} does not describe it`, {
			next: `name another commit: rollcall history ds/${keyParts(key).name} lists them`,
		})
	}
	const now = (await fileWith(branch, branch.tip, key)) ?? (await fileAt(branch, branch.tip, old.path))
	const restored = restoreDocument({ ...old, document: old.document }, now)
	if (restored.kind === "same") return undefined
	if (restored.kind === "restored") return { path: now?.path ?? old.path, before: now?.bytes, after: restored.bytes }
	const [tip, then] = [shortCommit(branch.tip), shortCommit(commit)]
	throw new CliError(`Cannot put back just ${placeOf(key)}: ${restored.message}`, {
		next: `see git diff ${tip} ${then} -- ${old.path}; take the whole file back with git checkout ${then} -- ${old.path}, or edit it`,
	})
}
