import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Fact, PodFact } from "../../src/cluster/index.ts"
import {
	causesOf,
	createHistory,
	fold,
	forkHistory,
	type History,
	loadHistory,
	openRollouts,
	saveHistory,
	settle,
	unsealedSteps,
} from "../../src/history/index.ts"
import { factsOf, liveDaemonSet, readerOf } from "../builders/facts.ts"
import { daemonSetKey } from "../builders/ledger.ts"

const AGENT = daemonSetKey("agent")

const STEPS: readonly PodFact["step"][] = [
	"created",
	"pulling",
	"started",
	"ready",
	"available",
	"unready",
	"failing",
	"terminating",
	"gone",
]

type Spell = { readonly kind: number; readonly node: number; readonly step: number; readonly old: boolean }

/** Facts in no sensible order: whatever comes, history takes it. */
function factsFrom(spells: readonly Spell[]): readonly Fact[] {
	const make = factsOf()
	let revision = 1
	return spells.map(({ kind, node, step, old }, second) => {
		const name = `n${node}`
		if (second === 0 || kind === 0) return make.revision(second, ++revision, `h${revision % 3}`)
		if (kind === 1) return make.status(second, 4, step % 5, (step + 1) % 5)
		if (kind === 2) return make.node(second, old ? "unknown" : "ready", name)
		return make.pod(second, STEPS[step] ?? "gone", name, `h${(revision + (old ? 2 : 0)) % 3}`)
	})
}

function told(history: History, facts: readonly Fact[]): unknown {
	const live = liveDaemonSet()
	const folded = fold(history, readerOf(facts), live)
	const stuck = settle(history, (facts.at(-1)?.at ?? 0) + 1)
	const unsealed = unsealedSteps(history, AGENT)
	return {
		entries: [...folded.entries, ...stuck.entries],
		blocks: [...folded.steps.keys(), ...stuck.steps.keys()],
		open: openRollouts(history),
		causes: causesOf(history, AGENT),
		unsealed: unsealed && [...unsealed.steps],
	}
}

const spells = fc.array(fc.record({ kind: fc.nat(12), node: fc.nat(40), step: fc.nat(8), old: fc.boolean() }), {
	minLength: 1,
	maxLength: 120,
})

describe("a saved history", () => {
	test("goes on exactly as the one it was saved from, wherever it is cut, and so does a copy", () => {
		fc.assert(
			fc.property(spells, fc.nat(120), (given, cut) => {
				const facts = factsFrom(given)
				const one = createHistory()
				told(one, facts.slice(0, cut))
				const saved = JSON.parse(JSON.stringify(saveHistory(one)))
				const rest = facts.slice(cut)
				const want = told(loadHistory(saved), rest)
				expect(told(forkHistory(one), rest)).toEqual(want)
				expect(told(one, rest)).toEqual(want)
			}),
			{ numRuns: 150 },
		)
	})

	test("never counts more nodes down than there are, nor fewer than none", () => {
		fc.assert(
			fc.property(spells, (given) => {
				const history = createHistory()
				for (const fact of factsFrom(given)) {
					fold(history, readerOf([fact]), liveDaemonSet())
					const down = causesOf(history, AGENT).reduce((sum, { nodes }) => sum + nodes, 0)
					const [open] = openRollouts(history)
					if (open) expect(open.unavailable).toBe(down)
				}
			}),
			{ numRuns: 60 },
		)
	})
})
