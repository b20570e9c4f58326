import { compileSelector, type KubeObject, type LabelSelector, type Selector } from "../../kube/index.ts"
import { half, POD_WORDS } from "../state/pods.ts"
import { textOf } from "../state/strings.ts"
import { type Machine, podShapeOf } from "../writes/machine.ts"
import { GONE } from "../writes/pods.ts"

type Budget = { readonly namespace: string; readonly selector: Selector; left: number }

/**
 * K12: of these pods, the most important first, those whose going would break a PodDisruptionBudget. Each that goes uses
 * one of what its budgets allow.
 */
export function protectedPods(machine: Machine, pods: readonly number[]): ReadonlySet<number> {
	const budgets = budgetsOf(machine)
	const found = new Set<number>()
	for (const row of budgets.length === 0 ? [] : pods) {
		const here = budgets.filter((budget) => covers(machine, budget, row))
		for (const budget of here) if (--budget.left < 0) found.add(row)
	}
	return found
}

function budgetsOf(machine: Machine): readonly Budget[] {
	const budgets: Budget[] = []
	for (const [key, object] of machine.state.objects) {
		if (!key.startsWith("policy/PodDisruptionBudget/")) continue
		const spec = object["spec"] as { readonly selector?: LabelSelector } | undefined
		const selector = compileSelector(spec?.selector)
		// One that selects nothing in particular protects nothing.
		if ("error" in selector || selector.empty || spec?.selector === undefined) continue
		const budget = { namespace: object.metadata.namespace ?? "", selector, left: 0 }
		budgets.push({ ...budget, left: allowedBy(machine, object, budget) })
	}
	return budgets
}

/**
 * What its status would say. Nobody can tell how many pods of a DaemonSet, or without an owner, there should be: so only
 * a minAvailable that is a number lets any go.
 */
function allowedBy(machine: Machine, { spec }: KubeObject, budget: Omit<Budget, "left">): number {
	const { minAvailable } = (spec ?? {}) as { readonly minAvailable?: number | string }
	if (typeof minAvailable !== "number") return 0
	const { pods } = machine.state
	let healthy = 0
	for (let row = 0; row < pods.end; row += POD_WORDS) {
		if (pods.owner[row] === GONE || pods.ready[row] !== 1 || (pods.deletedAt[half(row)] as number) > 0) continue
		if (covers(machine, budget, row)) healthy++
	}
	return Math.max(0, healthy - minAvailable)
}

function covers(machine: Machine, { namespace, selector }: Omit<Budget, "left">, row: number): boolean {
	const { pods, strings } = machine.state
	if (textOf(strings, pods.namespace[row] as number) !== namespace) return false
	return selector.matches(pods.overlays.get(row)?.metadata.labels ?? podShapeOf(machine, row).labels)
}
