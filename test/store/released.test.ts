import { describe, expect, test } from "vitest"
import { openLedger } from "../../src/cli/compose/index.ts"
import { commitFiles } from "../../src/git/index.ts"
import type { DaemonSet } from "../../src/kube/index.ts"
import { openStore } from "../../src/store/index.ts"
import { LEDGER } from "../../src/store/migrations.ts"
import { type Rollcall, rollcallOn, rowsOf } from "../builders/rollcall.ts"
import { tamper } from "../builders/tamper.ts"
import { RELEASED, type Unpacked, unpack } from "./released/unpack.ts"

const AGENT = "apps/DaemonSet/default/log-agent"
const ADA = { name: "Ada", email: "ada@example.org" }

test("of every schema before the present one there is a state directory", () => {
	for (let version = 1; version < LEDGER.length; version++) expect(RELEASED).toContain(version)
	expect(RELEASED.length).toBeGreaterThan(0)
})

async function goOn({ repository, state }: Unpacked): Promise<Rollcall> {
	await commitFiles(repository, "main", {
		files: new Map([["more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more, namespace: default }"]]),
		message: "more",
		author: ADA,
		at: Date.UTC(2026, 2, 3),
	})
	const rollcall = rollcallOn({ path: repository }, { state })
	await rollcall.once()
	return rollcall
}

describe.each(RELEASED)("a state directory of schema %i", (version) => {
	test("comes to the newest schema with every entry and input that it held", () => {
		const { state, head, mark, rollout } = unpack(version)
		const store = openStore(state)
		expect([store.head(), store.mark(), [...store.inputs(0)].length]).toEqual([head, mark, mark.journal])
		expect(store.verify(head.hash)).toMatchObject({ sound: true, entries: head.number })
		expect(store.ledger.rollouts({}).map((row) => row.rollout)).toEqual(
			Array.from({ length: rollout }, (_, index) => rollout - index),
		)
		store.close()
	})

	test("goes on: the rollout that was under way ends, the next commit is taken, and nothing recorded changes", async () => {
		const unpacked = unpack(version)
		const rollcall = await goOn(unpacked)
		expect(standing(unpacked)).toEqual(ALL_IS_WELL)
		expect(rowsOf(rollcall.entries, "commit").map(({ verdict }) => verdict)).toEqual(["applied"])
		// Either the inputs lead to where they did, or it is said that they do not.
		const decisions = rowsOf(rollcall.entries, "decision").map(({ rule }) => rule)
		const ended = rowsOf(rollcall.entries, "rollout-ended").map(({ rollout, verdict }) => [rollout, verdict])
		if (decisions.length === 0) expect(ended).toEqual([[unpacked.rollout, "complete"]])
		else expect([decisions, ended[0]]).toEqual([["replay-differs"], [unpacked.rollout, "superseded"]])
	})

	test("goes on where the rules are others: what was under way is superseded, and rolled out anew", async () => {
		const unpacked = unpack(version)
		tamper(unpacked.state, `UPDATE marks SET digest = '${"0".repeat(32)}'`)
		const rollcall = await goOn(unpacked)
		expect(standing(unpacked)).toEqual(ALL_IS_WELL)
		expect(rowsOf(rollcall.entries, "decision").map(({ rule }) => rule)).toEqual(["replay-differs"])
		expect(rowsOf(rollcall.entries, "rollout-ended").map(({ rollout, verdict }) => [rollout, verdict])).toEqual([
			[unpacked.rollout, "superseded"],
			[unpacked.rollout + 1, "complete"],
		])
	})
})

const ALL_IS_WELL = { sound: true, open: 0, isFaithful: true, desired: 20, updated: 20, available: 20 }

function standing({ state, head }: Unpacked): typeof ALL_IS_WELL {
	const ledger = openLedger(state)
	try {
		const { sound } = ledger.state.verify(head.hash)
		const now = ledger.at(Number.POSITIVE_INFINITY)
		const { status } = (now?.recorded.cluster.read(AGENT) ?? {}) as Partial<DaemonSet>
		return {
			sound,
			open: ledger.state.openRollouts().length,
			isFaithful: now?.faithful === true,
			desired: status?.desiredNumberScheduled ?? 0,
			updated: status?.updatedNumberScheduled ?? 0,
			available: status?.numberAvailable ?? 0,
		}
	} finally {
		ledger.close()
	}
}
