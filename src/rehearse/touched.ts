import { byCodeUnit } from "../base/index.ts"
import type { NodeStep } from "../history/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { RolloutForecast, Stage, TouchedPlace } from "./contract.ts"
import { type LabelsOf, placesOf } from "./places.ts"

type Touched = Pick<RolloutForecast, "restarts" | "gains" | "losses" | "places">

/** How many nodes restart, gain and lose a pod, and where. `isSurging`: whoever gets a pod has an old one that goes later. */
export function touched(steps: readonly NodeStep[], isSurging: boolean, labelsOf: LabelsOf): Touched {
	const nodes = { restarts: [] as string[], gains: [] as string[], losses: [] as string[] }
	for (const { node, stoppedAt, createdAt } of steps) {
		if (createdAt === 0) {
			if (stoppedAt !== 0) nodes.losses.push(node)
		} else nodes[stoppedAt === 0 && !isSurging ? "gains" : "restarts"].push(node)
	}
	const places = new Map<string, TouchedPlace>()
	for (const [deed, names] of Object.entries(nodes)) {
		for (const { pool, zone, nodes: count } of placesOf(names, labelsOf)) {
			const key = JSON.stringify([pool, zone])
			places.set(key, { pool, zone, restarts: 0, gains: 0, losses: 0, ...places.get(key), [deed]: count })
		}
	}
	return {
		restarts: nodes.restarts.length,
		gains: nodes.gains.length,
		losses: nodes.losses.length,
		places: [...places.values()].sort((a, b) => byCodeUnit(a.pool, b.pool) || byCodeUnit(a.zone, b.zone)),
	}
}

/** The nodes that a DaemonSet is not for, by reason, and where they are. */
export function leftOutOf(cluster: Stage["cluster"], daemonSet: ObjectKey): RolloutForecast["leftOut"] {
	const groups = cluster.standing(daemonSet)?.leftOut ?? []
	const nodes = groups.length === 0 ? undefined : cluster.leftOutNodes(daemonSet)
	return groups.map((group) => ({
		...group,
		places: placesOf(nodes?.get(group.reason) ?? [], (node) => cluster.labelsOf(node)),
	}))
}
