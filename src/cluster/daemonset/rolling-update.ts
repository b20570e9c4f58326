import { invariant } from "../../base/index.ts"
import { surgeCount, type UpdateStrategy, unavailableCount } from "../../kube/index.ts"
import {
	type Census,
	Flag,
	livePods,
	type NodeHandle,
	oldSide,
	onSide,
	type PodHandle,
	SidedFlag,
	type Verdict,
} from "./census.ts"
import { type PassOutcome, take } from "./manage.ts"

/** R2: percentages and the fallback worked out over the desired nodes. */
export type Budget = { readonly maxSurge: number; readonly maxUnavailable: number }

export type RollOutcome = PassOutcome & { readonly error?: string }

/** Rollcall's own: R10, R11. */
export type RollOptions = { readonly paused?: boolean; readonly hard?: boolean }

/** The rolling-update pass: rules R1 to R11. Of equal candidates the first by node name go first. */
export function rollingUpdate(
	census: Census,
	strategy: UpdateStrategy | undefined,
	limit: number,
	{ paused = false, hard = false }: RollOptions = {},
): RollOutcome {
	const budget = rolloutBudget(strategy, census.count(Flag.Desired))
	if ("error" in budget) return { create: [], remove: [], error: budget.error }
	if (paused) return { create: [], remove: oldPods(census, take(census.inOrder(Flag.Surged), limit)) }
	if (budget.maxSurge > 0) return surge(census, budget, limit)
	// R5: what is unavailable already uses the budget, and is replaced outside it. R11: inside it.
	const replaced = hard ? brokenWithin(census, budget, limit) : takeOld(census, UNAVAILABLE, limit)
	return deleteFirst(census, budget, limit, replaced)
}

/** R2: both round up; 0 and 0 become maxUnavailable 1. */
export function rolloutBudget(
	strategy: UpdateStrategy | undefined,
	desired: number,
): Budget | { readonly error: string } {
	const maxUnavailable = unavailableCount(strategy, desired)
	const maxSurge = surgeCount(strategy, desired)
	if (maxUnavailable === undefined) return { error: "invalid value for maxUnavailable" }
	if (maxSurge === undefined) return { error: "invalid value for maxSurge" }
	const nothing = desired > 0 && maxUnavailable === 0 && maxSurge === 0
	return { maxSurge, maxUnavailable: nothing ? 1 : maxUnavailable }
}

const NOTHING: RollOutcome = Object.freeze({ create: [], remove: [] })
const UNAVAILABLE = SidedFlag.LoneUnavailable | SidedFlag.LeavingUnavailable | SidedFlag.LostUnavailable
const AVAILABLE = SidedFlag.LoneAvailable | SidedFlag.LeavingAvailable | SidedFlag.LostAvailable

// R6: wherever the old pod is, even where none should run any more.
function deleteFirst(
	census: Census,
	{ maxUnavailable }: Budget,
	limit: number,
	replaced: readonly NodeHandle[],
): RollOutcome {
	const left = Math.max(0, maxUnavailable - census.count(Flag.Unavailable))
	const candidates = takeOld(census, AVAILABLE, Math.min(left, limit - replaced.length))
	if (replaced.length + candidates.length === 0) return NOTHING
	return { create: [], remove: oldPods(census, [...replaced, ...candidates]) }
}

/**
 * R11: of the old pods that are unavailable as many as the nodes in progress leave of the budget. Those that were never
 * Ready come first: no node that had a Ready pod is taken up while one that an earlier update took has had none since.
 */
function brokenWithin(census: Census, { maxUnavailable }: Budget, limit: number): readonly NodeHandle[] {
	const broken = takeOld(census, UNAVAILABLE, Number.POSITIVE_INFINITY)
	const inProgress = census.count(Flag.Unavailable) - broken.length
	const served = (node: NodeHandle): number => Number(livePods(census.entry(node), census.settings)?.old?.served)
	return broken
		.sort((a, b) => served(a) - served(b))
		.slice(0, Math.min(limit, Math.max(0, maxUnavailable - inProgress)))
}

function surge(census: Census, { maxSurge }: Budget, limit: number): RollOutcome {
	const lost = takeOld(census, SidedFlag.LostAvailable | SidedFlag.LostUnavailable, 1)[0]
	// R9: the real pass asks for the node, and ends with the error.
	if (lost !== undefined) return { create: [], remove: [], error: nodeMissing(census.nodeName(lost)) }
	const create = takeOld(census, SidedFlag.LoneUnavailable, limit)
	const left = Math.max(0, maxSurge - census.count(Flag.Surging))
	create.push(...takeOld(census, SidedFlag.LoneAvailable, Math.min(left, limit - create.length)))
	// R8: available pods on nodes that no longer match stay until others are available in their place.
	const spare = Math.max(0, census.count(Flag.Serving) - census.count(Flag.Desired))
	const remove = [
		...take(census.inOrder(Flag.Surged), limit),
		...takeOld(census, SidedFlag.LeavingUnavailable, limit),
		...takeOld(census, SidedFlag.LeavingAvailable, Math.min(spare, limit)),
	]
	return { create, remove: oldPods(census, remove.slice(0, limit)) }
}

function takeOld(census: Census, flags: Verdict, count: number): NodeHandle[] {
	return take(census.inOrder(onSide(flags, oldSide(census.settings))), count)
}

function oldPods(census: Census, nodes: readonly NodeHandle[]): PodHandle[] {
	return nodes.map((node) => oldPod(census, node))
}

function oldPod(census: Census, node: NodeHandle): PodHandle {
	const old = livePods(census.entry(node), census.settings)?.old
	invariant(old !== undefined, `The verdict on node "${census.nodeName(node)}" names an old pod that is not there`)
	return old.pod
}

function nodeMissing(name: string): string {
	return `couldn't get node for nodeName "${name}": node "${name}" not found`
}
