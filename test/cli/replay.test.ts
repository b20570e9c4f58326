import { expect, it } from "vitest"
import { openLedger } from "../../src/cli/compose/index.ts"
import { realWorld } from "../../src/cli/real-world.ts"
import type { ReplayOptions } from "../../src/cli/world.ts"
import type { LedgerEntry } from "../../src/history/index.ts"
import { daemonSet, node, nodePool } from "../builders/objects.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const watcher = { event: () => {}, follow: () => {}, progress: () => {} }
const forEver = new AbortController().signal

function optionsFor({ path }: Repository, state: string): ReplayOptions {
	return {
		repository: path,
		state,
		branch: "main",
		paths: [],
		allowLocal: false,
		allowLoopback: false,
		credentials: {},
		seed: "test",
		plain: false,
		strict: false,
		allowDisruption: false,
		settle: false,
	}
}

it("replay lets through what a live run would hold, and writes down that it did", async () => {
	const repo = repository()
	repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [nodePool("workers", 3)] })
	repo.commit("two", { "agent.yaml": null })
	repo.commit("three", { "nodes.yaml": [node("n1")] })
	const state = temporaryDirectory()
	const end = await realWorld.replay(optionsFor(repo, state), watcher, forEver)
	expect(end).toMatchObject({ kind: "done", commits: 3 })
	const rows = openLedger(state).state.ledger.commits()
	expect(rows.map(({ verdict }) => verdict)).toEqual(["applied", "applied", "applied"])
	expect([...exported(state)].filter(({ kind }) => kind === "decision")).toMatchObject([
		{ decision: "allow", rule: "removes-daemonsets", who: "rollcall replay" },
		{ decision: "allow", rule: "removes-nodes", who: "rollcall replay" },
	])
})

function* exported(state: string): Iterable<LedgerEntry> {
	for (const line of openLedger(state).state.export()) {
		const { entry } = JSON.parse(line) as { entry?: LedgerEntry }
		if (entry !== undefined) yield entry
	}
}
