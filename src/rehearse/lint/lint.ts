import { byCodeUnit } from "../../base/index.ts"
import { type DaemonSet, type Finding, keyOf, keyParts, quantityOf, sayKey } from "../../kube/index.ts"
import type { Change } from "../../plan/index.ts"
import { noRoom, slowerThanDeadline, unreachableThreshold } from "./capacity.ts"
import type { LintContext, LintRule } from "./context.ts"
import {
	everythingAtOnce,
	hostPortClash,
	idleTolerations,
	noNode,
	outranksNodeCritical,
	overlappingSelectors,
	surgeWithHostPort,
} from "./placement.ts"
import { changesBelow, missingReferences, referencesOf } from "./references.ts"

const RULES: readonly LintRule[] = [
	noNode,
	idleTolerations,
	everythingAtOnce,
	surgeWithHostPort,
	hostPortClash,
	overlappingSelectors,
	outranksNodeCritical,
	noRoom,
	slowerThanDeadline,
	unreachableThreshold,
	missingReferences,
	changesBelow,
]

/**
 * What is unwise about capacity and placement, in a cluster as a plan leaves it: of what its changes concern, or of all
 * DaemonSets. By place, then code.
 */
export function lint(context: LintContext, scope: "changed" | "all"): Finding[] {
	const all = [...(context.cluster.list({ group: "apps", kind: "DaemonSet" }) as Iterable<DaemonSet>)]
	const daemonSets = all.filter((daemonSet) => scope === "all" || concerns(daemonSet, context.changes))
	const findings = daemonSets.flatMap((daemonSet) => {
		const key = keyOf(daemonSet)
		const { path = "", line = 0 } = context.placeOf(key) ?? {}
		const place = { file: path, line, column: line > 0 ? 1 : 0, object: sayKey(key) }
		return RULES.flatMap((rule) => [...rule(daemonSet, context)].map((said): Finding => ({ ...said, ...place })))
	})
	return findings.sort((a, b) => byCodeUnit(a.file, b.file) || a.line - b.line || byCodeUnit(a.code, b.code))
}

/** Kinds whose change may concern any DaemonSet. */
const SHARED_KINDS: ReadonlySet<string> = new Set(["Node", "NodePool", "PriorityClass"])

function concerns(daemonSet: DaemonSet, changes: readonly Change[]): boolean {
	const key = keyOf(daemonSet)
	const names = new Set(referencesOf(daemonSet).map(({ kind, name }) => `${kind}/${name}`))
	return changes.some((change) => {
		const { kind, name } = keyParts(change.key)
		return change.key === key || SHARED_KINDS.has(kind) || names.has(`${kind}/${name}`)
	})
}

/** True where nothing is known of what else runs on the nodes: then room and preemption are told of DaemonSets alone. */
export function knowsNoOthers({ cluster }: Pick<LintContext, "cluster">): boolean {
	if (cluster.otherPods() > 0) return false
	for (const { used } of cluster.nodeKinds()) {
		if (Object.values(used).some((amount) => (quantityOf(amount)?.nano ?? 0n) !== 0n)) return false
	}
	return true
}
