import { describe, expect, it } from "vitest"
import {
	demandOf,
	fit as fitOn,
	mayPreempt,
	type NodeFacts,
	needsOf,
	type PriorityRank,
	pinnedMessage,
	podPriority,
	preempt,
	type Room,
} from "../../../src/cluster/scheduler/index.ts"
import type { PodSpec } from "../../../src/kube/index.ts"

// reference/scenarios/priority-preemption: four nodes of 8 cores, three of them filled with 7.5; the daemon wants one.
const CLASSES: readonly PriorityRank[] = [
	{ name: "ref-high", value: 100_000 },
	{ name: "ref-higher", value: 200_000 },
]
const filler: PodSpec = { containers: [{ name: "c", image: "busybox", resources: { requests: { cpu: "7500m" } } }] }

function daemon(node: string): PodSpec {
	const nodeSelectorTerms = [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }]
	return {
		containers: [{ name: "c", image: "nginx:1.27", resources: { requests: { cpu: "1" } } }],
		priorityClassName: "ref-high",
		affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
	}
}

function priorityOf(className: string | undefined): number {
	const found = podPriority(className, CLASSES)
	return "refused" in found ? Number.NaN : found.priority
}

/** What the scheduler does with the daemon's pod of `node`, beside a filler of the given class, if any. */
function schedule(node: string, fillers: readonly (string | undefined)[], leaving = false) {
	const pod = daemon(node)
	const facts: NodeFacts = { name: node, labels: {}, taints: [], unschedulable: false }
	const room: Room = {
		allocatable: demandOf({ containers: [{ name: "all", resources: { requests: { cpu: "8" } } }] }),
		used: demandOf({ containers: fillers.flatMap(() => filler.containers) }),
		podLimit: 110,
		podCount: fillers.length,
	}
	const reasons = fitOn(demandOf(pod), needsOf(pod), facts, room)
	if (reasons.length === 0) return { binds: node }
	const asked = mayPreempt(undefined, leaving)
	if (asked.kind !== "yes") return { waits: pinnedMessage(4, reasons, { kind: asked.kind }) }
	const pods = fillers.map((className) => ({
		id: className ?? "fill",
		priority: priorityOf(className),
		startedAt: 0,
		demand: demandOf(filler),
	}))
	const result = preempt(demandOf(pod), priorityOf(pod.priorityClassName), reasons, room, pods)
	return result.kind === "failed"
		? { waits: pinnedMessage(4, reasons, result) }
		: { victims: result.victims.map(({ id }) => id), waits: pinnedMessage(4, reasons, { kind: "none" }) }
}

describe("the recorded preemption", () => {
	it("[K5] binds on the free node", () => {
		expect(schedule("node-03", [])).toEqual({ binds: "node-03" })
	})

	it("[K11] preempts a filler without priority, and says why it waits", () => {
		expect(schedule("node-00", [undefined])).toEqual({
			victims: ["fill"],
			waits: "0/4 nodes are available: 1 Insufficient cpu, 3 node(s) didn't satisfy plugin(s) [NodeAffinity].",
		})
	})

	it("[K14] waits while its victim is still going", () => {
		expect(schedule("node-01", [undefined], true).waits).toBe(
			"0/4 nodes are available: 1 Insufficient cpu, 3 node(s) didn't satisfy plugin(s) [NodeAffinity NodeResourcesFit]. " +
				"no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.",
		)
	})

	for (const className of ["ref-higher", "ref-high"]) {
		it(`[K11] stays Pending behind a filler of ${className}`, () => {
			expect(schedule("node-02", [className])).toEqual({
				waits:
					"0/4 nodes are available: 1 Insufficient cpu, 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. " +
					"no new claims to deallocate, preemption: 0/4 nodes are available: " +
					"1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
			})
		})
	}
})
