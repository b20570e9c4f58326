import { formatInstant } from "../../base/index.ts"
import type { Ledger } from "../../history/index.ts"

/** What to do where something is not in the ledger: it may have been pruned. */
export function whereElse(ledger: Pick<Ledger, "prunedBefore">, next: string): string {
	const before = ledger.prunedBefore()
	return before === undefined ? next : `what was recorded before ${formatInstant(before)} was pruned; ${next}`
}
