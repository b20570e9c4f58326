import { byCodeUnit } from "../../base/index.ts"
import { type DaemonSet, type ObjectKey, type PodTemplate, type Taint, untoleratedTaints } from "../../kube/index.ts"
import { daemonTolerations, type PlacementRule } from "../daemonset/index.ts"
import type { LeftOut } from "../standing.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import { nodeLabels, ruleOf } from "../wiring.ts"
import { type Machine, nodeShapeOf } from "../writes/machine.ts"
import { nameOfNode } from "../writes/nodes.ts"

const EXAMPLES = 3

/** P2: the nodes where a DaemonSet should not run, by reason. `count`: how many there are; none costs nothing. */
export function leftOut(
	machine: Machine,
	owner: DaemonSetRow,
	template: PodTemplate,
	count: number,
): readonly LeftOut[] {
	if (count <= 0) return []
	return [...rowsByReason(machine, owner, template)]
		.map(([reason, rows]) => ({ reason, nodes: rows.length, examples: firstNames(machine, rows) }))
		.sort((a, b) => b.nodes - a.nodes || byCodeUnit(a.reason, b.reason))
}

/** P2: the same nodes by name, in no order: by reason. */
export function leftOutNodes(machine: Machine, key: ObjectKey): ReadonlyMap<string, readonly string[]> {
	const { state } = machine
	const slot = state.slots.get(key)
	const owner = slot === undefined ? undefined : state.daemonSets[slot]
	const daemonSet = state.objects.get(key) as DaemonSet | undefined
	if (owner === undefined || owner.gone || daemonSet === undefined) return new Map()
	const found = rowsByReason(machine, owner, daemonSet.spec.template)
	return new Map([...found].map(([reason, rows]) => [reason, rows.map((row) => nameOfNode(state, row))]))
}

function rowsByReason(
	machine: Machine,
	owner: DaemonSetRow,
	template: PodTemplate,
): ReadonlyMap<string, readonly number[]> {
	const { nodes } = machine.state
	const { places } = owner.census
	const rule = ruleOf(machine, template)
	const tolerations = daemonTolerations(template.spec)
	// Nodes of one shape have one reason, unless the template looks at names.
	const known = new Map<number, string>()
	const found = new Map<string, number[]>()
	for (let node = 0; node < nodes.rows; node++) {
		if (nodes.exists[node] !== 1 || ((places[node] ?? 0) & 1) !== 0) continue
		const shape = nodes.shape[node] as number
		let reason = rule.names.size === 0 ? known.get(shape) : undefined
		if (reason === undefined) {
			const [taint] = untoleratedTaints(nodeShapeOf(machine, node).taints, tolerations, ["NoSchedule", "NoExecute"])
			reason = matches(machine, rule, node) && taint !== undefined ? taintText(taint) : "selector"
			known.set(shape, reason)
		}
		const rows = found.get(reason)
		if (rows === undefined) found.set(reason, [node])
		else rows.push(node)
	}
	return found
}

/** `dedicated=db:NoSchedule`; without a value `key:NoSchedule`. */
export function taintText({ key, value, effect }: Taint): string {
	return `${key}${value ? `=${value}` : ""}:${effect}`
}

function matches(machine: Machine, rule: PlacementRule, node: number): boolean {
	const name = nameOfNode(machine.state, node)
	return rule.place({ name, labels: nodeLabels(nodeShapeOf(machine, node), name), taints: [] }).shouldRun
}

function firstNames({ state }: Machine, rows: readonly number[]): string[] {
	const { rank } = state.nodes
	const first: number[] = []
	for (const row of rows) {
		const last = first[EXAMPLES - 1]
		if (last !== undefined && (rank[row] as number) > (rank[last] as number)) continue
		first.push(row)
		first.sort((a, b) => (rank[a] as number) - (rank[b] as number))
		first.length = Math.min(first.length, EXAMPLES)
	}
	return first.map((row) => nameOfNode(state, row))
}
