import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { type Figure, quantile } from "./figure.ts"

const PROGRAM = fileURLToPath(new URL("../../dist/rollcall.js", import.meta.url))
const ROUNDS = 15

/** How long a user waits for an answer, the start of Node.js included. */
export async function* cli(): AsyncIterable<Figure> {
	yield { name: "rollcall --help", value: median(["--help"]), unit: "ms", must: 150 }
}

function median(words: readonly string[]): number {
	const samples = Array.from({ length: ROUNDS }, () => {
		const start = performance.now()
		const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], { encoding: "utf8" })
		if (status !== 0) throw new Error(`rollcall ${words.join(" ")}: ${stderr}`)
		return performance.now() - start
	})
	return quantile(samples, 0.5)
}
