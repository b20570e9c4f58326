import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openSource } from "../../src/git/index.ts"
import { digestOf, planOn } from "../builders/forecast.ts"
import { rollcallOn } from "../builders/rollcall.ts"
import { contradictions } from "./contradictions.ts"
import { cloneBundle, exported, firstParents, isThere, type Replayed, replay } from "./fleet.ts"
import { compareFiles, compareLedger, secondOpinion, tally } from "./second-opinion.ts"

const SMALLEST = "gke-accelerators"
const there = isThere(SMALLEST)

describe.skipIf(!there)(`the real history ${SMALLEST}${there ? "" : " (skipped: no ../shared)"}`, () => {
	let folder = ""
	let repository = ""
	let first: Replayed
	let second: Replayed

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "rollcall-fleet-"))
		repository = cloneBundle(SMALLEST, folder)
		first = await replay(repository, "eks-500.yaml", join(folder, "first"))
		second = await replay(repository, "eks-500.yaml", join(folder, "second"))
	})
	afterAll(() => rmSync(folder, { recursive: true, force: true }))

	it("has every first-parent commit in its ledger, once and in order", () => {
		expect(first.commits.map(({ commit }) => commit.commit)).toEqual(firstParents(repository))
		expect(first.commits.length).toBe(262)
	})

	it("says of every refused object where it stands and why", () => {
		const refused = first.commits.flatMap((entry) => entry.refused)
		expect(refused.length).toBeGreaterThan(100)
		const vague = refused.filter(({ path, line, message }) => path === "" || line < 1 || message.length < 20)
		expect(vague).toEqual([])
	})

	it("gives the same ledger, byte for byte, when it is replayed again", () => {
		expect(first.rollouts).toBeGreaterThan(100)
		expect(second.digest).toBe(first.digest)
		expect(exported(second.state) === exported(first.state)).toBe(true)
	})

	it("reads the DaemonSets of every file as the second opinion does, or by a named rule", async () => {
		const source = await openSource({ repository, branch: "main", stateDir: folder })
		const opinion = secondOpinion(SMALLEST) ?? new Map()
		const { verdicts, sameMeaning } = await compareFiles(source, opinion)
		await source.close()
		expect(verdicts.filter(({ rule }) => rule === "DISAGREES")).toEqual([])
		expect(tally(verdicts)).toEqual({ agrees: 295, refused: 6, unreadable: 1 })
		const rows = compareLedger(first.commits, opinion, sameMeaning)
		expect(rows.filter(({ rule }) => rule === "DISAGREES")).toEqual([])
		expect(tally(rows)).toEqual({ agrees: 195, "same-meaning": 1, refused: 27, "several-places": 5, unreadable: 2 })
	})

	it("does of each commit what was planned of it, digest for digest", async () => {
		const rollcall = rollcallOn({ path: repository }, { fleet: "examples/fleets/eks-500.yaml", allowedBy: "a test" })
		const commits = firstParents(repository)
		let moved = 0
		for (let index = 0; index < commits.length; index += 12) {
			const commit = commits[index] as string
			execFileSync("git", ["-C", repository, "update-ref", "refs/heads/main", commit])
			const planned = index === 0 ? undefined : await planOn(repository, rollcall, commit)
			await rollcall.once()
			moved += planned?.rehearsed.rollouts.length ?? 0
			expect([commit, planned?.rehearsed.digest]).toEqual([commit, planned && digestOf(rollcall)])
		}
		expect(moved).toBeGreaterThan(20)
		execFileSync("git", ["-C", repository, "update-ref", "refs/heads/main", commits.at(-1) as string])
	})

	it("never has an object live that the commit does not describe, nor the other way round", async () => {
		expect(await contradictions(repository, first.state, first.commits)).toEqual([])
	})
})
