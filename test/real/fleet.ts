import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { openEngine, openLedger } from "../../src/cli/compose/index.ts"
import type { LedgerEntry } from "../../src/history/index.ts"

export const FLEETS = "../shared/fleets"
const forEver = new AbortController().signal

export type CommitEntry = Extract<LedgerEntry, { readonly kind: "commit" }>

export type Replayed = {
	readonly state: string
	readonly seconds: number
	readonly entries: readonly LedgerEntry[]
	readonly commits: readonly CommitEntry[]
	readonly rollouts: number
	readonly refused: number
	readonly digest: string
}

export function bundleOf(name: string): string {
	return join(FLEETS, `${name}.bundle`)
}

export function isThere(name: string): boolean {
	return existsSync(bundleOf(name))
}

/** Other people's history, cloned bare into a folder of ours. */
export function cloneBundle(name: string, folder: string): string {
	const repository = join(folder, name)
	execFileSync("git", ["clone", "--quiet", "--bare", "--branch", "main", bundleOf(name), repository])
	return repository
}

/** First-parent commits, oldest first, as git itself counts them. */
export function firstParents(repository: string): readonly string[] {
	const list = ["-C", repository, "rev-list", "--first-parent", "--reverse", "main"]
	return execFileSync("git", list, { encoding: "utf8" }).trim().split("\n")
}

/** What `rollcall replay` does, without its progress bar. */
export async function replay(repository: string, fleet: string, state: string): Promise<Replayed> {
	const entries: LedgerEntry[] = []
	const start = performance.now()
	const opened = await openEngine(
		{
			repository,
			branch: "main",
			paths: [],
			state,
			fleet: join("examples/fleets", fleet),
			seed: "real",
			speed: "max",
			backfill: 0,
			strict: false,
			plain: false,
			allowedBy: "rollcall replay",
			largestShare: 0.5,
			what: "a test",
		},
		(told) => entries.push(...told.entries),
	)
	const ended = await opened.engine.walk({ settle: false, paced: false }, forEver, () => {})
	opened.engine.stop()
	const digest = opened.engine.recorded?.cluster.digest() ?? ""
	await opened.close()
	if (ended.kind !== "ready") throw new Error(ended.message)
	const commits = entries.filter((entry): entry is CommitEntry => entry.kind === "commit")
	return {
		state,
		seconds: (performance.now() - start) / 1000,
		entries,
		commits,
		rollouts: entries.filter(({ kind }) => kind === "rollout-started").length,
		refused: commits.reduce((sum, { refused }) => sum + refused.length, 0),
		digest,
	}
}

/** The whole ledger in its canonical form. */
export function exported(state: string): string {
	const ledger = openLedger(state)
	try {
		return [...ledger.state.export()].join("\n")
	} finally {
		ledger.close()
	}
}
