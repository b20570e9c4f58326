import type { Taint, Toleration } from "./types.ts"

/** Whether a toleration covers a taint: an empty effect covers all effects, an empty key all keys. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
	if (toleration.effect && toleration.effect !== taint.effect) return false
	if (toleration.key && toleration.key !== taint.key) return false
	const operator = toleration.operator || "Equal"
	if (operator === "Exists") return true
	return operator === "Equal" && (toleration.value ?? "") === (taint.value ?? "")
}

/** The taints of the given effects that no toleration covers, in the order of the taints. */
export function untoleratedTaints(
	taints: readonly Taint[] | undefined,
	tolerations: readonly Toleration[] | undefined,
	effects: readonly string[],
): readonly Taint[] {
	return (taints ?? []).filter(
		(taint) => effects.includes(taint.effect) && !tolerations?.some((toleration) => tolerates(toleration, taint)),
	)
}
