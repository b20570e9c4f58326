import type { Demand } from "./demand.ts"
import type { Room } from "./fit.ts"

/**
 * K8: of the nodes that fit, the one with the largest share of CPU and memory left (least allocated), in whole
 * percent as the real score is; then the first given. Daemon pods have one node and are not asked.
 */
export function chooseHost<Node>(
	demand: Demand,
	options: Iterable<{ readonly node: Node; readonly room: Room }>,
): Node | undefined {
	let best: Node | undefined
	let most = -1
	for (const { node, room } of options) {
		const { allocatable, used } = room
		const cpu = share(allocatable.cpuMilli, used.cpuMilli + Math.max(demand.cpuMilli, LEAST_CPU_MILLI))
		const memory = share(allocatable.memoryBytes, used.memoryBytes + Math.max(demand.memoryBytes, LEAST_MEMORY))
		const score = Math.floor((cpu + memory) / 2)
		if (score > most) {
			most = score
			best = node
		}
	}
	return best
}

// The score, unlike the fit, counts a pod without requests as this much.
const LEAST_CPU_MILLI = 100
const LEAST_MEMORY = 200 * 1024 * 1024

function share(limit: number, taken: number): number {
	return limit === 0 || taken > limit ? 0 : Math.floor(((limit - taken) * 100) / limit)
}
