import fc from "fast-check"
import { describe, it } from "vitest"
import { PROPERTIES } from "./properties.ts"

describe("any story", () => {
	it.each(PROPERTIES)(
		"$title",
		({ make, runs }) => {
			fc.assert(make(7), { numRuns: runs, seed: 20 })
		},
		120_000,
	)
})
