import type { Instant } from "../../base/index.ts"
import { type Taint, type Toleration, tolerates } from "../../kube/index.ts"

/**
 * D10: when taint eviction deletes a pod: at once where a NoExecute taint is not tolerated, never where no toleration
 * that is used has a limit, else after the shortest limit, counted from `since` (when the taints or the pod came,
 * whichever was later). Undefined for never.
 */
export function evictionAt(
	taints: readonly Taint[],
	tolerations: readonly Toleration[],
	since: Instant,
): Instant | undefined {
	let shortest = Number.POSITIVE_INFINITY
	for (const taint of taints) {
		if (taint.effect !== "NoExecute") continue
		const used = tolerations.find((toleration) => tolerates(toleration, taint))
		if (used === undefined) return since
		if (used.tolerationSeconds !== undefined) shortest = Math.min(shortest, Math.max(0, used.tolerationSeconds))
	}
	return shortest === Number.POSITIVE_INFINITY ? undefined : since + shortest * 1000
}

/** D11: how a zone is: lost altogether, in part (at least 55 %, and more than two nodes), or normal. */
export type ZoneState = "normal" | "partial" | "full"

export function zoneState(ready: number, notReady: number): ZoneState {
	if (ready === 0 && notReady > 0) return "full"
	return notReady > 2 && notReady / (ready + notReady) >= UNHEALTHY_SHARE ? "partial" : "normal"
}

/**
 * D12: how many nodes a second get their NoExecute taint in one zone: 0.1, and in a partial outage 0.01 where the zone
 * has more than 50 nodes, else none. Where all zones are lost nothing is tainted: it is the network that is gone.
 */
export function evictionsPerSecond(zone: ZoneState, nodes: number, allZonesLost: boolean): number {
	if (allZonesLost) return 0
	if (zone !== "partial") return NORMAL_RATE
	return nodes > LARGE_ZONE ? SECONDARY_RATE : 0
}

/** D12: the time of a zone's next one, given the one before; undefined while the rate is 0. */
export function nextEviction(wanted: Instant, previous: Instant | undefined, perSecond: number): Instant | undefined {
	if (perSecond <= 0) return undefined
	return previous === undefined ? wanted : Math.max(wanted, previous + Math.ceil(1000 / perSecond))
}

const UNHEALTHY_SHARE = 0.55
const LARGE_ZONE = 50
const NORMAL_RATE = 0.1
const SECONDARY_RATE = 0.01
