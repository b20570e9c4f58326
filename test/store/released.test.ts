import { describe, expect, test } from "vitest"
import { openStore } from "../../src/store/index.ts"
import { LEDGER } from "../../src/store/migrations.ts"
import { RELEASED, unpack } from "./released/unpack.ts"

test("of every schema before the present one there is a state directory", () => {
	for (let version = 1; version < LEDGER.length; version++) expect(RELEASED).toContain(version)
	expect(RELEASED.length).toBeGreaterThan(0)
})

describe.each(RELEASED)("a state directory of schema %i", (version) => {
	test("comes to the newest schema with every entry and input that it held", () => {
		const { state, head, mark, rollout } = unpack(version)
		const store = openStore(state)
		expect([store.head(), store.mark(), [...store.inputs(0)].length]).toEqual([head, mark, mark.journal])
		expect(store.verify(head.hash)).toMatchObject({ sound: true, entries: head.number })
		expect(store.ledger.rollouts({}).map((row) => row.rollout)).toEqual(
			Array.from({ length: rollout }, (_, index) => rollout - index),
		)
		store.close()
	})
})
