import { describe, expect, test } from "vitest"
import { openLedger, openReading } from "../../src/cli/compose.ts"
import { type Planned, planCommit } from "../../src/engine/index.ts"
import { behavior, daemonSet, pool } from "../builders/cluster.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn } from "../builders/rollcall.ts"

const SETTINGS = { backfill: 500, strict: false, largestShare: 0.5, secretKey: "key" }

/** A fleet of three zones on which fluentd runs, and a commit that changes its image. */
async function changed(): Promise<{ from: Repository; rollcall: Rollcall; commit: string }> {
	const from = repository()
	const rollcall = rollcallOn(from)
	const nodes = pool({ replicas: 12, zones: ["a", "b", "c"] })
	from.commit("fluentd", { "fleet.yaml": [nodes, behavior()], "fluentd.yaml": [fluentd("fluentd:v1")] })
	await rollcall.once()
	return { from, rollcall, commit: from.commit("fluentd v2", { "fluentd.yaml": [fluentd("fluentd:v2")] }) }
}

function fluentd(image: string) {
	return daemonSet({ image, spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 3 } } } })
}

async function planned(from: Repository, rollcall: Rollcall, commit: string): Promise<Planned> {
	const ledger = openLedger(rollcall.state)
	const opened = await openReading({ ...SETTINGS, repository: from.path, branch: "main", state: rollcall.state })
	try {
		const recorded = ledger.recorded()
		if (recorded === undefined) throw new Error("nothing is recorded")
		const parts = { source: opened.source, cache: opened.cache, settings: SETTINGS }
		return await planCommit(parts, { recorded, rest: ledger.state.rest() }, await opened.source.commit(commit))
	} finally {
		await opened.close()
		ledger.close()
	}
}

describe("planning a commit", () => {
	test("foretells the digest that the run then has", async () => {
		const { from, rollcall, commit } = await changed()
		const { verdict, rehearsed } = await planned(from, rollcall, commit)
		expect(verdict).toBe("applied")
		await rollcall.once()
		const ledger = openLedger(rollcall.state)
		expect(rehearsed.digest).toBe(ledger.state.mark()?.digest)
		ledger.close()
	})

	test("says which nodes restart in which order, and how many are down at once, in all and by zone", async () => {
		const { from, rollcall, commit } = await changed()
		const { rehearsed } = await planned(from, rollcall, commit)
		const [rollout] = rehearsed.rollouts
		expect(rollout).toMatchObject({ verdict: "complete", desired: 12, restarts: 12, gains: 0, losses: 0 })
		expect(rollout?.down).toMatchObject({ atStart: 0, most: 3, atEnd: 0 })
		const byZone = [...(rollout?.down.mostByZone ?? [])]
		expect(byZone.map(([zone]) => zone).sort()).toEqual(["a", "b", "c"])
		expect(byZone.every(([, most]) => most >= 1 && most <= 3)).toBe(true)
		const beginnings = rollout?.order.map(({ stoppedAt }) => stoppedAt) ?? []
		expect(beginnings).toEqual([...beginnings].sort((a, b) => a - b))
		expect(new Set(rollout?.order.map(({ node }) => node)).size).toBe(12)
	})

	test("changes nothing that is recorded", async () => {
		const { from, rollcall, commit } = await changed()
		const before = rollcall.exported()
		await planned(from, rollcall, commit)
		expect(rollcall.exported()).toBe(before)
	})
})
