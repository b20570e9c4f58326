import { describe, expect, it } from "vitest"
import {
	lastHeartbeat,
	type NodeState,
	nextLook,
	nodeConditions,
	unknownAt,
} from "../../../src/cluster/node-lifecycle/index.ts"

const START = 1_000_000

function state(more: Partial<NodeState> = {}): NodeState {
	return {
		ready: "ready",
		readySince: START,
		memoryPressure: false,
		memorySince: START,
		diskPressure: false,
		diskSince: START,
		pidPressure: false,
		pidSince: START,
		upSince: START,
		downSince: undefined,
		...more,
	}
}

describe("heartbeats", () => {
	it("[D1] come every 10 s from when the kubelet came up", () => {
		expect([0, 9_999, 10_000, 25_000].map((after) => lastHeartbeat(START, START + after) - START)).toEqual([
			0, 0, 10_000, 20_000,
		])
		expect(lastHeartbeat(START, START - 1)).toBe(START)
	})

	it("[D2] are looked at every 5 s", () => {
		expect([0, 1, 5_000, 5_001].map((from) => nextLook(from, 0))).toEqual([0, 5_000, 5_000, 10_000])
		expect(nextLook(3, 2)).toBe(5_002)
	})

	it("[D3] are missed by the first look after 50 s, 40 to 55 s after the kubelet stopped", () => {
		expect(unknownAt(START, START)).toBe(START + 50_000)
		expect(unknownAt(START + 1, START)).toBe(START + 55_000)
		for (let down = START; down < START + 30_000; down += 777) {
			const after = unknownAt(lastHeartbeat(START, down), START + 1_234) - down
			expect(after).toBeGreaterThan(40_000)
			expect(after).toBeLessThan(55_000)
		}
	})
})

describe("nodeConditions", () => {
	it("[D6] are those of a healthy kubelet, as recorded", () => {
		// reference/kubectl/describe-node.txt
		expect(
			nodeConditions(state(), START + 9_000).map(({ type, status, reason, message }) => [
				type,
				status,
				reason,
				message,
			]),
		).toEqual([
			["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
			["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
			["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
			["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
		])
	})

	it("[D6] are all Unknown once the node is lost", () => {
		const lost = nodeConditions(
			state({ ready: "unknown", readySince: START + 50_000, downSince: START + 3_000 }),
			START + 60_000,
		)
		expect(new Set(lost.map(({ status, reason, message }) => `${status} ${reason} ${message}`))).toEqual(
			new Set(["Unknown NodeStatusUnknown Kubelet stopped posting node status."]),
		)
		expect(lost[3]).toMatchObject({
			lastHeartbeatTime: "1970-01-01T00:16:40Z",
			lastTransitionTime: "1970-01-01T00:17:30Z",
		})
	})

	it("[D6] are none of a node that has never reported", () => {
		expect(nodeConditions(state({ ready: "none" }), START)).toEqual([])
	})

	it("[D6] tell of pressure, with the time of its own change", () => {
		const [memory] = nodeConditions(state({ memoryPressure: true, memorySince: START + 60_000 }), START + 70_000)
		expect(memory).toEqual({
			type: "MemoryPressure",
			status: "True",
			reason: "KubeletHasInsufficientMemory",
			message: "kubelet has insufficient memory available",
			lastHeartbeatTime: "1970-01-01T00:17:40Z",
			lastTransitionTime: "1970-01-01T00:17:40Z",
		})
	})

	it("[D1] have a heartbeat every 5 min, worked out when they are read", () => {
		const [memory] = nodeConditions(state(), START + 650_000)
		expect(memory?.lastHeartbeatTime).toBe("1970-01-01T00:26:40Z")
	})
})
