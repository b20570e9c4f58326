import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openSource } from "../../src/git/index.ts"
import { contradictions } from "../real/contradictions.ts"
import { cloneBundle, firstParents, isThere, replay } from "../real/fleet.ts"
import { compareFiles, compareLedger, secondOpinion, type Verdict } from "../real/second-opinion.ts"
import type { Figure } from "./figure.ts"

const BUNDLES = ["gke-accelerators", "kube-prometheus", "longhorn"]
const FLEET = "gke-5000.yaml"

/** Real histories, replayed on 5,000 nodes and held against the second opinion; they are read where they are. */
export async function* fleets(): AsyncIterable<Figure> {
	for (const name of BUNDLES) {
		if (isThere(name)) yield* held(name)
	}
}

async function* held(name: string): AsyncIterable<Figure> {
	const folder = mkdtempSync(join(tmpdir(), "rollcall-fleet-"))
	try {
		const repository = cloneBundle(name, folder)
		const expected = firstParents(repository)
		const replayed = await replay(repository, FLEET, join(folder, "state"))
		const { commits, rollouts, refused, seconds, state } = replayed
		const missing = expected.filter((commit, index) => commits[index]?.commit.commit !== commit).length
		yield { name: `${name}: first-parent commits`, value: commits.length, unit: "" }
		yield { name: `${name}: commits that are not in the ledger`, value: missing, unit: "", must: 0 }
		yield { name: `${name}: rollouts`, value: rollouts, unit: "" }
		yield { name: `${name}: refused objects`, value: refused, unit: "" }
		yield { name: `${name}: replayed on 5,000 nodes in`, value: seconds, unit: "s" }
		const against = await contradictions(repository, state, commits)
		yield { name: `${name}: objects at odds with their commit`, value: against.length, unit: "", must: 0 }
		const opinion = secondOpinion(name)
		if (opinion === undefined) return
		const source = await openSource({ repository, branch: "main", stateDir: folder })
		const files = await compareFiles(source, opinion)
		await source.close()
		yield* agreement(`${name}: second opinion, by file`, files.verdicts)
		yield* agreement(`${name}: second opinion, by ledger row`, compareLedger(commits, opinion, files.sameMeaning))
	} finally {
		rmSync(folder, { recursive: true, force: true })
	}
}

function* agreement(name: string, verdicts: readonly Verdict[]): Iterable<Figure> {
	const count = (rule: Verdict["rule"]): number => verdicts.filter((verdict) => verdict.rule === rule).length
	const [agrees, disagrees] = [count("agrees"), count("DISAGREES")]
	yield { name: `${name}: agrees`, value: agrees, unit: "" }
	yield { name: `${name}: by a named rule`, value: verdicts.length - agrees - disagrees, unit: "" }
	yield { name: `${name}: disagrees`, value: disagrees, unit: "", must: 0 }
}
