import { rmSync } from "node:fs"
import { parseArgs } from "node:util"
import { buildVictim } from "./build.ts"
import type { Life } from "./life.ts"
import { story } from "./story.ts"

/**
 * `npm run crash -- --rounds N [--seed S] [--minutes M]`: Rollcall under load is killed N times, and each time what it
 * left is held against all that must hold. Prints the seed of a story that fails, and exits 1. A seed repeats what is
 * done and where the kill is counted to; what the machine does in between is its own.
 */
const { values } = parseArgs({
	options: { rounds: { type: "string", default: "25" }, seed: { type: "string" }, minutes: { type: "string" } },
})
const rounds = Number(values.rounds)
const end = values.minutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + Number(values.minutes) * 60_000
const ROUNDS_A_STORY = 8
const started = Date.now()
const ends = new Map<string, number>()
let seed = values.seed === undefined ? Date.now() % 0x7fff_ffff : Number(values.seed)
let done = 0
let undos = 0

const victim = await buildVictim()
try {
	while (done < rounds && Date.now() < end) {
		await story(victim, seed, Math.min(ROUNDS_A_STORY, rounds - done), tell)
		seed++
	}
} catch (problem) {
	console.log(`failed after ${done} rounds`)
	console.log(problem)
	process.exitCode = 1
} finally {
	rmSync(victim)
}
const seconds = Math.round((Date.now() - started) / 1000)
console.log(`${done} rounds in ${seconds} s, ${undos} undos written; killed`)
for (const [where, count] of [...ends].sort(([, a], [, b]) => b - a))
	console.log(`${String(count).padStart(6)}  ${where}`)

function tell({ end: where, undone }: Life): void {
	done++
	undos += undone.length
	ends.set(where, (ends.get(where) ?? 0) + 1)
	if (done % 50 === 0) console.log(`${done} rounds, ${Math.round((Date.now() - started) / 1000)} s`)
}
