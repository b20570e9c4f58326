import { afterAll, expect, it } from "vitest"
import { differences } from "./scenarios/compare.ts"
import { play } from "./scenarios/play.ts"
import { readScenarios } from "./scenarios/recording.ts"

const scenarios = readScenarios()
const failed = new Set<string>()

afterAll(() => {
	process.stdout.write(`scenarios: ${scenarios.length - failed.size} passed, ${failed.size} failed\n`)
})

it.skipIf(scenarios.length > 0)("skipped: there are no scenarios in REFERENCE_DATA", () => {})

for (const recording of scenarios) {
	it(`[N1] to [N14] ${recording.name} goes as on the real control plane`, () => {
		const differs = differences(recording, play(recording))
		if (differs.length > 0) {
			failed.add(recording.name)
			process.stdout.write(
				`${recording.name}: ${differs.length} differ\n${differs.map((one) => `   ${one}\n`).join("")}`,
			)
		}
		expect(differs).toEqual([])
	})
}
