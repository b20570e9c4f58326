import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { openStore } from "../../src/store/index.ts"
import { batch, commitEntry, endedEntry, mark, startedEntry } from "../builders/ledger.ts"
import { type Figure, quantile } from "./figure.ts"

const PROGRAM = fileURLToPath(new URL("../../dist/rollcall.js", import.meta.url))
const ROUNDS = 15
const ROLLOUTS = 10_000

/** How long a user waits for an answer, the start of Node.js included. */
export async function* cli(): AsyncIterable<Figure> {
	yield { name: "rollcall --help", value: median(["--help"]), unit: "ms", must: 150 }
	const state = mkdtempSync(join(tmpdir(), "rollcall-bench-"))
	fillLedger(state)
	yield { name: "history over 10,000 rollouts", value: median(["history", "--state", state]), unit: "ms", must: 300 }
	rmSync(state, { recursive: true })
}

function fillLedger(directory: string): void {
	const store = openStore(directory)
	for (let rollout = 1; rollout <= ROLLOUTS; rollout += 100) {
		const entries = Array.from({ length: 100 }, (_, index) => rollout + index).flatMap((number) => [
			commitEntry(number.toString(16).padStart(40, "0")),
			startedEntry(number),
			endedEntry(number),
		])
		store.commit(batch({ entries, mark: mark(rollout) }))
	}
	store.close()
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
