import type { Amount, Demand, HostPort } from "./demand.ts"
import { portsClash, type Room, shortages } from "./fit.ts"
import { NO_VICTIMS, NOT_HELPFUL, type Reason } from "./reasons.ts"

/** A pod that stands on the node. `startedAt` is in milliseconds; a pod that has not started counts as just started. */
export type Candidate<Id> = {
	readonly id: Id
	readonly priority: number
	readonly startedAt: number
	readonly demand: Demand
	/** A PodDisruptionBudget forbids it: such a victim is taken only where nothing else will do. */
	readonly protected?: boolean
}

export type Preemption<Id> =
	| { readonly kind: "victims"; readonly victims: readonly Candidate<Id>[] }
	| { readonly kind: "failed"; readonly refused: string }

/**
 * The pods that must go from one node for the pod to fit, most important first. K11: only pods of lower priority; all of
 * them are taken away, then put back one by one while the pod still fits, the most important first (K12: higher
 * priority, then the longer running). None goes for a pod of equal priority: that one stays Pending (#140984).
 * `reasons` are what `fit` said.
 */
export function preempt<Id>(
	demand: Demand,
	priority: number,
	reasons: readonly Reason[],
	room: Room,
	pods: readonly Candidate<Id>[],
): Preemption<Id> {
	if (reasons.some((reason) => reason.final)) return { kind: "failed", refused: NOT_HELPFUL }
	const lower = pods.filter((pod) => pod.priority < priority).sort(moreImportant)
	if (lower.length === 0) return { kind: "failed", refused: NO_VICTIMS }
	const bare = lower.reduce<Room>((rest, pod) => changeRoom(rest, pod.demand, -1), room)
	if (portsClash(demand.ports, bare.used.ports)) return { kind: "failed", refused: reasons[0]?.text ?? NO_VICTIMS }
	const [short] = shortages(demand, bare)
	if (short !== undefined) return { kind: "failed", refused: short.text }
	const order = [...lower.filter((pod) => pod.protected), ...lower.filter((pod) => !pod.protected)]
	const victims: Candidate<Id>[] = []
	let rest = bare
	for (const pod of order) {
		const with_ = changeRoom(rest, pod.demand, 1)
		const fits = shortages(demand, with_).length === 0 && !portsClash(demand.ports, with_.used.ports)
		if (fits) rest = with_
		else victims.push(pod)
	}
	return { kind: "victims", victims: victims.sort(moreImportant) }
}

/**
 * K13: of several nodes the one with the fewest protected victims, then the lowest highest priority among them, then
 * the lowest sum, then the fewest, then the latest start of the most important; then the first given.
 */
export function choosePreemption<Id, Node>(
	options: readonly { readonly node: Node; readonly victims: readonly Candidate<Id>[] }[],
): Node | undefined {
	let best: { readonly node: Node; readonly rank: readonly number[] } | undefined
	for (const { node, victims } of options) {
		const rank = rankOf(victims)
		if (best === undefined || compareRanks(rank, best.rank) < 0) best = { node, rank }
	}
	return best?.node
}

/** K14: whether making room is tried at all. `victimLeaving`: a pod of lower priority is still going from its node. */
export function mayPreempt(
	policy: string | undefined,
	victimLeaving: boolean,
): { readonly kind: "yes" | "never" | "waiting" } {
	if (policy === "Never") return { kind: "never" }
	return { kind: victimLeaving ? "waiting" : "yes" }
}

/** A room with one more pod (1), or one fewer (-1). */
export function changeRoom(room: Room, demand: Demand, sign: 1 | -1): Room {
	const { used } = room
	return {
		...room,
		podCount: room.podCount + sign,
		used: {
			cpuMilli: used.cpuMilli + sign * demand.cpuMilli,
			memoryBytes: used.memoryBytes + sign * demand.memoryBytes,
			ephemeralBytes: used.ephemeralBytes + sign * demand.ephemeralBytes,
			others: demand.others.reduce((others, item) => changeAmount(others, item, sign), used.others),
			ports: sign > 0 ? [...used.ports, ...demand.ports] : withoutPorts(used.ports, demand.ports),
		},
	}
}

function changeAmount(amounts: readonly Amount[], { resource, amount }: Amount, sign: 1 | -1): readonly Amount[] {
	const at = amounts.findIndex((item) => item.resource === resource)
	if (at < 0) return [...amounts, { resource, amount: sign * amount }]
	return amounts.map((item, index) => (index === at ? { resource, amount: item.amount + sign * amount } : item))
}

function withoutPorts(ports: readonly HostPort[], gone: readonly HostPort[]): readonly HostPort[] {
	if (gone.length === 0) return ports
	const rest = [...ports]
	for (const port of gone) {
		const at = rest.findIndex(
			(item) => item.port === port.port && item.protocol === port.protocol && item.hostIP === port.hostIP,
		)
		if (at >= 0) rest.splice(at, 1)
	}
	return rest
}

export function moreImportant<Id>(a: Candidate<Id>, b: Candidate<Id>): number {
	return b.priority - a.priority || a.startedAt - b.startedAt
}

// The real scheduler adds 2^31 to each priority, so that many victims of negative priority weigh more than few.
const PRIORITY_OFFSET = 2 ** 31

function rankOf<Id>(victims: readonly Candidate<Id>[]): readonly number[] {
	const highest = victims.reduce((most, pod) => Math.max(most, pod.priority), Number.NEGATIVE_INFINITY)
	const earliest = victims
		.filter((pod) => pod.priority === highest)
		.reduce((least, pod) => Math.min(least, pod.startedAt), Number.POSITIVE_INFINITY)
	return [
		victims.filter((pod) => pod.protected).length,
		highest,
		victims.reduce((sum, pod) => sum + pod.priority + PRIORITY_OFFSET, 0),
		victims.length,
		-earliest,
	]
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
	for (let at = 0; at < a.length; at++) {
		const left = a[at] ?? 0
		const right = b[at] ?? 0
		if (left !== right) return left < right ? -1 : 1
	}
	return 0
}
