import { describe, expect, it } from "vitest"
import { chooseHost, demandOfList, type Room } from "../../../src/cluster/scheduler/index.ts"

function room(cpu: string, memory: string, usedCpu = "0", usedMemory = "0"): Room {
	return {
		allocatable: demandOfList({ cpu, memory }),
		used: demandOfList({ cpu: usedCpu, memory: usedMemory }),
		podLimit: 110,
		podCount: 0,
	}
}

describe("chooseHost", () => {
	const demand = demandOfList({ cpu: "1", memory: "1Gi" })
	const cases: readonly [string, Record<string, Room>, string | undefined][] = [
		["the larger node", { n1: room("4", "4Gi"), n2: room("8", "8Gi") }, "n2"],
		["the emptier node", { n1: room("4", "4Gi", "2"), n2: room("4", "4Gi") }, "n2"],
		["the first of equals", { n1: room("4", "4Gi"), n2: room("4", "4Gi") }, "n1"],
		["a full node rather than none", { n1: room("0", "0") }, "n1"],
		["nothing where nothing fits", {}, undefined],
	]
	for (const [what, options, want] of cases) {
		it(`[K8] takes ${what}`, () => {
			expect(
				chooseHost(
					demand,
					Object.entries(options).map(([node, space]) => ({ node, room: space })),
				),
			).toBe(want)
		})
	}
})
