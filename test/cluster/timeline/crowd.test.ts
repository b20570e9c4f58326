import { describe, expect, it } from "vitest"
import { countIn, createCrowd } from "../../../src/cluster/timeline/crowd.ts"
import { Due } from "../../../src/cluster/timeline/due.ts"

describe("countIn()", () => {
	const entry = (at: number) => ({ at, kind: Due.Schedule, subject: 7, extra: 0 })

	it("lets any number of entries through, as long as time goes on", () => {
		const crowd = createCrowd()
		for (let at = 0; at < 1_000; at++) for (let each = 0; each < 19; each++) countIn(crowd, entry(at), 20)
		expect(crowd.ran).toBe(19)
	})

	it("fails at the limit of one instant, naming the last entries", () => {
		const crowd = createCrowd()
		for (let each = 0; each < 19; each++) countIn(crowd, entry(0), 20)
		expect(() => countIn(crowd, entry(0), 20)).toThrow(
			/^the timeline stands still: 20 entries at 1970-01-01T00:00:00(\.000)?Z, at last Schedule 7, Schedule 7/,
		)
	})
})
