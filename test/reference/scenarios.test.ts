import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { afterAll, expect, it } from "vitest"
import { differences } from "./scenarios/compare.ts"
import { FREEDOMS } from "./scenarios/freedoms.ts"
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

it("every freedom that a comparison takes is listed with its reason", () => {
	const folder = fileURLToPath(new URL("scenarios", import.meta.url))
	const texts = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, "utf8"))
	const taken = texts.flatMap((text) =>
		[...text.matchAll(/Freedoms? (`[^.:]*`)/g)].flatMap(([, names = ""]) => names.match(/[a-z-]{4,}/g)),
	)
	expect(taken.length).toBeGreaterThan(10)
	expect(taken.filter((name) => name === null || !Object.hasOwn(FREEDOMS, name))).toEqual([])
})
