import type { Quarantined, RolloutRow } from "../../history/index.ts"

/** A rollout, and whether what it rolled out was rolled away from and may not come again. */
export type MarkedRollout = RolloutRow & { readonly quarantined?: Quarantined }

export function markQuarantined(
	rows: readonly RolloutRow[],
	quarantined: readonly Quarantined[],
): readonly MarkedRollout[] {
	if (quarantined.length === 0) return rows
	// Another commit that brought the same template is marked with it.
	const marks = new Map<string, Quarantined>()
	for (const row of rows) {
		const { daemonSet, trigger } = row
		const brought = trigger.kind === "commit" ? trigger.commit : undefined
		const mark = quarantined.find((one) => one.daemonSet === daemonSet && brought?.startsWith(one.commit))
		if (mark !== undefined) marks.set(nameOf(row), mark)
	}
	return rows.map((row) => {
		const mark = marks.get(nameOf(row))
		return mark === undefined ? row : { ...row, quarantined: mark }
	})
}

/** `stuck, quarantined`. */
export function verdictText({ verdict, quarantined }: MarkedRollout): string {
	return quarantined === undefined ? (verdict ?? "running") : `${verdict ?? "running"}, quarantined`
}

function nameOf({ daemonSet, to }: RolloutRow): string {
	return `${daemonSet} ${to.hash}`
}
