import { cpus } from "node:os"
import { api } from "./api.ts"
import { cli } from "./cli.ts"
import { cluster } from "./cluster.ts"
import { engine } from "./engine.ts"
import { type Figure, isReached, type Suite } from "./figure.ts"
import { fleets } from "./fleets.ts"
import { plan } from "./plan.ts"

/** `npm run bench [-- SUITE…] [--json] [--digest]`: prints what was reached beside what must be reached, and what the events came to. */
const SUITES: ReadonlyMap<string, Suite> = new Map([
	["cluster", cluster],
	["engine", engine],
	["api", api],
	["cli", cli],
	["plan", plan],
	["fleets", fleets],
])

const words = process.argv.slice(2)
const json = words.includes("--json")
const digests = words.includes("--digest")
const wanted = words.filter((word) => !word.startsWith("--"))
const machine = `${cpus()[0]?.model ?? "unknown"} × ${cpus().length}, Node ${process.version}`
const figures: Figure[] = []
for (const [name, suite] of SUITES) {
	if (wanted.length > 0 && !wanted.includes(name)) continue
	for await (const figure of suite()) {
		const { digest, ...measured } = figure
		figures.push(digests ? figure : measured)
		if (!json) console.log(lineOf(figure))
	}
}
if (json) console.log(JSON.stringify({ machine, figures }, null, "\t"))
else console.log(`\n${machine}`)

function lineOf(figure: Figure): string {
	const { name, value, unit, must, least, digest } = figure
	const reached = `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`
	const bound = least === true ? "must: at least" : "must:"
	const wants = must === undefined ? "" : `${bound} ${must} ${unit}${isReached(figure) ? "" : "   MISSED"}`
	const came = digests && digest !== undefined ? `   ${digest}` : ""
	return `${name.padEnd(64)}${reached.padStart(12)}   ${wants}${came}`.trimEnd()
}
