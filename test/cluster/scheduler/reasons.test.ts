import { describe, expect, it } from "vitest"
import {
	pinnedMessage,
	podPriority,
	SCHEDULER_EVENTS,
	unschedulableMessage,
} from "../../../src/cluster/scheduler/index.ts"

const SHORT = [{ text: "Insufficient cpu", final: false }]

// The texts are those of the recorded Events: reference/scenarios insufficient-resources and priority-preemption.
describe("pinnedMessage", () => {
	it("[K10] says as recorded that nothing can be preempted", () => {
		expect(pinnedMessage(4, SHORT, { kind: "failed", refused: "No preemption victims found for incoming pod" })).toBe(
			"0/4 nodes are available: 1 Insufficient cpu, 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. " +
				"no new claims to deallocate, preemption: 0/4 nodes are available: " +
				"1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
		)
	})

	it("[K10] says nothing of preemption where victims were found, as recorded", () => {
		expect(pinnedMessage(4, SHORT, { kind: "none" })).toBe(
			"0/4 nodes are available: 1 Insufficient cpu, 3 node(s) didn't satisfy plugin(s) [NodeAffinity].",
		)
	})

	it("[K10] waits for a terminating victim in the recorded words", () => {
		expect(pinnedMessage(4, SHORT, { kind: "waiting" })).toBe(
			"0/4 nodes are available: 1 Insufficient cpu, 3 node(s) didn't satisfy plugin(s) [NodeAffinity NodeResourcesFit]. " +
				"no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.",
		)
	})

	it("[K10] counts the pod's own node with the others where it does not exist or preempting cannot help", () => {
		expect(pinnedMessage(2, undefined, { kind: "failed", refused: "" })).toBe(
			"0/2 nodes are available: 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. " +
				"no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
		)
		const own = pinnedMessage(2, SHORT, { kind: "failed", refused: "Preemption is not helpful for scheduling" })
		expect(own).toContain("preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.")
	})
})

describe("unschedulableMessage", () => {
	it("[K9] sorts the reasons as text, numbers first", () => {
		const counts = new Map([
			["Insufficient memory", 2],
			["Insufficient cpu", 10],
		])
		expect(unschedulableMessage(10, counts, { kind: "not-eligible", why: "never" })).toBe(
			"0/10 nodes are available: 10 Insufficient cpu, 2 Insufficient memory. " +
				"no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.",
		)
	})

	it("[K9] has words for a cluster without nodes", () => {
		expect(unschedulableMessage(0, new Map(), { kind: "none" })).toBe("no nodes available to schedule pods")
	})
})

describe("SCHEDULER_EVENTS", () => {
	it("[K9] are worded as recorded", () => {
		expect(SCHEDULER_EVENTS.scheduled("default/d-qr6qr", "node-00")).toBe(
			"Successfully assigned default/d-qr6qr to node-00",
		)
		expect(SCHEDULER_EVENTS.preempted("fe7ef722-ae61-4ea1-9646-89370ea01b57", "node-00")).toBe(
			"Preempted by pod fe7ef722-ae61-4ea1-9646-89370ea01b57 on node node-00",
		)
	})
})

describe("podPriority", () => {
	const classes = [
		{ name: "high", value: 100, preemptionPolicy: "Never" },
		{ name: "b", value: 7, globalDefault: true },
		{ name: "a", value: 9, globalDefault: true },
	]
	const policy = "PreemptLowerPriority"
	it("[K16] takes the class by name", () => {
		expect(podPriority("high", classes)).toEqual({ priority: 100, preemptionPolicy: "Never", className: "high" })
	})
	it("[K16] takes the lowest global default without a name, and 0 without any", () => {
		expect(podPriority(undefined, classes)).toEqual({ priority: 7, preemptionPolicy: policy, className: "b" })
		expect(podPriority("", [])).toEqual({ priority: 0, preemptionPolicy: policy, className: "" })
	})
	it("[K15] knows the system classes", () => {
		expect(podPriority("system-node-critical", [])).toMatchObject({ priority: 2_000_001_000 })
	})
	it("[K16] refuses an unknown class in the API server's words", () => {
		expect(podPriority("__proto__", classes)).toEqual({ refused: "no PriorityClass with name __proto__ was found" })
	})
})
