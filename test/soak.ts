import { parseArgs } from "node:util"
import fc from "fast-check"
import { PROPERTIES } from "./cluster/oracle/properties.ts"

/**
 * `npm run soak -- --minutes N [--seed S] [--only TEXT]`: the properties of the oracle on ever new stories, for so long.
 * Prints the seed of a failure and its smallest case, and exits 1; the same `--seed` finds it again.
 */
const { values } = parseArgs({
	options: {
		minutes: { type: "string", default: "1" },
		seed: { type: "string" },
		only: { type: "string", default: "" },
	},
})
const end = Date.now() + Number(values.minutes) * 60_000
const properties = PROPERTIES.filter(({ title }) => title.includes(values.only))
const RUNS = 20
let seed = values.seed === undefined ? Date.now() % 0x7fff_ffff : Number(values.seed)
const runs = new Map<string, number>()
let failed = false

while (!failed && properties.length > 0 && Date.now() < end) {
	for (const { title, make } of properties) {
		const details = await fc.check(make(4 + (seed % 17)), { numRuns: RUNS, seed })
		runs.set(title, (runs.get(title) ?? 0) + details.numRuns)
		if (!details.failed) continue
		failed = true
		console.log(
			`failed: ${title}\nseed ${seed}, path ${details.counterexamplePath}, shrunk ${details.numShrinks} times`,
		)
		console.log(JSON.stringify(details.counterexample))
		console.log(details.errorInstance instanceof Error ? details.errorInstance.stack : String(details.errorInstance))
		break
	}
	seed++
}
for (const [title, count] of runs) console.log(`${count} runs: ${title}`)
process.exitCode = failed || properties.length === 0 ? 1 : 0
