import type { StringMap } from "../../kube/index.ts"
import {
	evictionsPerSecond,
	NO_EXECUTE_DELAY_MS,
	nextEviction,
	nextLook,
	noExecuteTaints,
	zoneState,
} from "../node-lifecycle/index.ts"
import { Readiness } from "../state/nodes.ts"
import { type Machine, nodeShapeOf } from "../writes/machine.ts"
import { nodeState, reshapeNode } from "../writes/nodes.ts"
import { planTask } from "../writes/objects.ts"
import { PHASE, retaint } from "./node-taints.ts"

const REGION = "topology.kubernetes.io/region"
const ZONE = "topology.kubernetes.io/zone"
/** Nodes with this label do not count when a zone is judged. */
const EXCLUDED = "node.kubernetes.io/exclude-disruption"

/** D12: a lost node waits for the NoExecute taint in the queue of its zone. */
export function awaitExecution(machine: Machine, node: number): void {
	const { zones } = machine.state
	const name = zoneOf(nodeShapeOf(machine, node).labels)
	const zone = zones.get(name) ?? { last: undefined, planned: false, queue: [] }
	zones.set(name, zone)
	if (!zone.queue.includes(node)) zone.queue.push(node)
	plan(machine, name, machine.state.now + NO_EXECUTE_DELAY_MS)
}

/** D11: a node is ready again, or left: zones that stood still are looked at anew. */
export function zonesChanged(machine: Machine): void {
	const { zones, now } = machine.state
	if (zones.size === 0) return
	for (const name of zones.keys()) plan(machine, name, nextLook(now + 1, PHASE) + NO_EXECUTE_DELAY_MS)
}

/** The first node in the zone's queue gets its taint, as the state of all zones allows; the next one's turn is planned. */
export function executeNext(machine: Machine, name: string): void {
	const { state } = machine
	const zone = state.zones.get(name)
	if (zone === undefined) return
	zone.planned = false
	zone.queue = zone.queue.filter((node) => wants(machine, node))
	const [node] = zone.queue
	if (node === undefined) return
	const counts = countZones(machine)
	const allLost = [...counts.values()].every(({ ready, lost }) => zoneState(ready, lost) === "full")
	const { ready, lost } = counts.get(name) ?? { ready: 0, lost: 0 }
	const rate = evictionsPerSecond(zoneState(ready, lost), ready + lost, allLost)
	if (allLost) calm(machine)
	const at = nextEviction(state.now, zone.last, rate)
	// It stands still until a node is ready again.
	if (at === undefined) return
	if (at <= state.now) {
		zone.queue.shift()
		zone.last = state.now
		retaint(machine, node, "NoExecute")
	}
	if (zone.queue.length > 0) plan(machine, name, nextEviction(state.now, zone.last, rate) as number)
}

function plan({ state }: Machine, name: string, at: number): void {
	const zone = state.zones.get(name)
	if (zone === undefined || zone.planned || zone.queue.length === 0) return
	zone.planned = true
	planTask(state, at, { kind: "zone", name })
}

/** D12: where no node at all is heard it is the network that is gone: what was tainted is so no more. */
function calm(machine: Machine): void {
	const { state } = machine
	for (let node = 0; node < state.nodes.rows; node++) {
		if (state.nodes.exists[node] !== 1 || state.nodes.ready[node] !== Readiness.Unknown) continue
		const shape = nodeShapeOf(machine, node)
		const [own] = noExecuteTaints(nodeState(state, node))
		const taints = shape.taints.filter(({ key, effect }) => effect !== "NoExecute" || key !== own?.key)
		if (taints.length === shape.taints.length) continue
		reshapeNode(machine, node, { ...shape, taints })
		awaitExecution(machine, node)
	}
}

/** Still there, still lost, and not tainted. */
function wants(machine: Machine, node: number): boolean {
	const { state } = machine
	if (state.nodes.exists[node] !== 1) return false
	const { taints } = nodeShapeOf(machine, node)
	const [own] = noExecuteTaints(nodeState(state, node))
	return own !== undefined && !taints.some(({ key, effect }) => effect === own.effect && key === own.key)
}

type ZoneCount = { ready: number; lost: number }

function countZones(machine: Machine): ReadonlyMap<string, ZoneCount> {
	const { nodes } = machine.state
	const counts = new Map<string, ZoneCount>()
	for (let node = 0; node < nodes.rows; node++) {
		if (nodes.exists[node] !== 1) continue
		const { labels } = nodeShapeOf(machine, node)
		if (Object.hasOwn(labels, EXCLUDED)) continue
		const name = zoneOf(labels)
		const count = counts.get(name) ?? { ready: 0, lost: 0 }
		counts.set(name, count)
		if (nodes.ready[node] === Readiness.True) count.ready++
		else count.lost++
	}
	return counts
}

function zoneOf(labels: StringMap): string {
	return `${labels[REGION] ?? ""}/${labels[ZONE] ?? ""}`
}
