import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { LedgerEntry } from "../../src/history/index.ts"

type Kind = LedgerEntry["kind"]
type Decision = Extract<LedgerEntry, { kind: "decision" }>["decision"]

/** Whoever adds one is stopped by the types here, and writes it down. */
const KINDS: { readonly [kind in Kind]: true } = {
	commit: true,
	decision: true,
	drift: true,
	forecast: true,
	prune: true,
	revision: true,
	"rollout-ended": true,
	"rollout-started": true,
	"rollout-tail": true,
	write: true,
}
const DECISIONS: { readonly [decision in Decision]: true } = {
	allow: true,
	fleet: true,
	hold: true,
	pause: true,
	request: true,
	restart: true,
	restore: true,
	resume: true,
	"resume-source": true,
	rollback: true,
	"source-state": true,
	suspend: true,
	sync: true,
	write: true,
}

test.each([...Object.keys(KINDS), ...Object.keys(DECISIONS)])("LEDGER.md tells what a %s is", (word) => {
	const text = readFileSync(new URL("../../src/history/LEDGER.md", import.meta.url), "utf8")
	const firsts = text.split("\n").flatMap((line) => (line.startsWith("| `") ? [line.split("|")[1] ?? ""] : []))
	expect(firsts.some((cell) => cell.includes(`\`${word}\``))).toBe(true)
})
