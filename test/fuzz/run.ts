import { parseArgs } from "node:util"
import { fuzz } from "./fuzz.ts"

/** A copy of the cluster is kept for a minute, for the next page of a list. */
const QUIET_MS = 75_000

/**
 * `npm run fuzz -- [--minutes N] [--seed S]`: a `rollcall run` is attacked over its socket while someone works with it.
 * Prints what was asked and what came of it, and exits 1 if anything should not have been.
 */
const { values } = parseArgs({ options: { minutes: { type: "string", default: "1" }, seed: { type: "string" } } })
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
const { attacks, statuses, took, held, wrong } = await fuzz(seed, Number(values.minutes) * 60_000, QUIET_MS)

const list = (counts: ReadonlyMap<string | number, number>): string =>
	[...counts]
		.sort(([, a], [, b]) => b - a)
		.map(([what, count]) => `${String(count).padStart(8)}  ${what}`)
		.join("\n")
console.log(`seed ${seed}\n${list(attacks)}\nanswers (0: closed without one)\n${list(statuses)}`)
const share = (part: number): string => `${Math.round(took[Math.floor(took.length * part)] ?? 0)} ms`
console.log(
	`the user beside it: ${took.length} requests, median ${share(0.5)}, 99 % ${share(0.99)}, longest ${share(1 - 1e-9)}`,
)
for (const [index, when] of ["warm", "at the end", "after"].entries()) {
	const { heapMb, rssMb, files } = held[index] as (typeof held)[number]
	console.log(`${when}: ${heapMb} MiB in use, ${rssMb} MiB in all, ${files} files`)
}
for (const problem of wrong) console.log(`wrong: ${problem}`)
process.exitCode = wrong.length === 0 ? 0 : 1
