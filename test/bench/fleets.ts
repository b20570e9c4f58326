import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { openEngine } from "../../src/cli/compose.ts"
import type { Figure } from "./figure.ts"

const BUNDLES = fileURLToPath(new URL("../../../shared/fleets", import.meta.url))
const FLEET = fileURLToPath(new URL("../../examples/fleets/gke-5000.yaml", import.meta.url))
const forEver = new AbortController().signal

/** Real histories, replayed from their first commit; they are other people's and read where they are. */
export async function* fleets(): AsyncIterable<Figure> {
	for (const name of ["gke-accelerators", "kube-prometheus", "longhorn"]) {
		if (existsSync(join(BUNDLES, `${name}.bundle`))) yield* replay(name)
	}
}

async function* replay(name: string): AsyncIterable<Figure> {
	const folder = mkdtempSync(join(tmpdir(), "rollcall-fleet-"))
	const repository = join(folder, "repository")
	execFileSync("git", ["clone", "--quiet", "--bare", "--branch", "main", join(BUNDLES, `${name}.bundle`), repository])
	let [commits, rollouts, refused] = [0, 0, 0]
	const start = performance.now()
	const opened = await openEngine(
		{
			repository,
			branch: "main",
			paths: [],
			state: join(folder, "state"),
			seed: "bench",
			speed: "max",
			backfill: 0,
			strict: false,
			plain: false,
			allowedBy: "bench",
			largestShare: 0.5,
			fleet: FLEET,
			what: "bench",
		},
		({ entries }) => {
			for (const entry of entries) {
				if (entry.kind === "rollout-started") rollouts++
				if (entry.kind === "commit") refused += entry.refused.length
			}
		},
	)
	await opened.engine.walk({ settle: false, paced: false }, forEver, () => commits++)
	opened.engine.stop()
	await opened.close()
	yield { name: `${name}: first-parent commits`, value: commits, unit: "" }
	yield { name: `${name}: rollouts`, value: rollouts, unit: "" }
	yield { name: `${name}: refused objects`, value: refused, unit: "" }
	yield { name: `${name}: replayed on 5,000 nodes in`, value: (performance.now() - start) / 1_000, unit: "s" }
	rmSync(folder, { recursive: true })
}
