import type { CommitDetail, Ledger } from "../../history/index.ts"
import type { ObjectKey } from "../../kube/index.ts"

/** The newest commit, where it is held and changes the object; undefined where it does not, or is taken. */
export function heldFor(ledger: Pick<Ledger, "commits" | "commit">, key: ObjectKey): CommitDetail | undefined {
	const [newest] = ledger.commits({ limit: 1 })
	if (newest?.verdict !== "held") return undefined
	const [detail] = ledger.commit(newest.commit)
	return detail?.changes.some((change) => change.key === key) ? detail : undefined
}
