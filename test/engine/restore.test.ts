import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import Libsql from "libsql"
import { describe, expect, test } from "vitest"
import { pruneLedger } from "../../src/cli/compose/index.ts"
import { decodePlain, encodePlain } from "../../src/cluster/state/plain.ts"
import { type RecordedCluster, restore } from "../../src/engine/index.ts"
import type { DaemonSet } from "../../src/kube/index.ts"
import { openStore } from "../../src/store/index.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { rollcallOn, rowsOf } from "../builders/rollcall.ts"
import { tamper } from "../builders/tamper.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const POOL = nodePool("workers", 12)
const AGENT = "apps/DaemonSet/kube-system/agent"
/** Commits of a test repository are a minute apart, and cluster time begins at the first. */
const START = Date.parse("2026-01-01T00:00:00Z")
const at = (minute: number, second = 0): number => START + (minute * 60 + second) * 1000

const image = (version: number): string => `registry.example/agent:${version}`

function threeVersions(): Repository {
	const repo = repository()
	repo.commit("one", { "agent.yaml": [daemonSet({ image: image(1) })], "nodes.yaml": [POOL] })
	for (const version of [2, 3]) repo.commit(`v${version}`, { "agent.yaml": [daemonSet({ image: image(version) })] })
	return repo
}

function restored<T>(state: string, look: (found: ReturnType<typeof restore>) => T, moment?: number): T {
	const store = openStore(state, { readOnly: true })
	try {
		return look(restore(store, moment))
	} finally {
		store.close()
	}
}

function imageOf(recorded: RecordedCluster | undefined): string | undefined {
	const agent = recorded?.cluster.read(AGENT) as DaemonSet | undefined
	return agent?.spec.template.spec.containers[0]?.image
}

function loseSnapshots(state: string): void {
	for (const end of ["", "-wal", "-shm"]) rmSync(join(state, `snapshots.db${end}`), { force: true })
}

describe("restore", () => {
	test.each([
		["a second before the second commit", at(0, 59), image(1)],
		["at the second commit", at(1), image(2)],
		["a second before the third commit", at(1, 59), image(2)],
		["a second after the third commit", at(2, 1), image(3)],
		["in a future that is not recorded", at(99_999), image(3)],
	])("shows the cluster as it was %s, wherever the marks are", async (_when, moment, want) => {
		const rollcall = rollcallOn(threeVersions())
		await rollcall.replay()
		const look = (found: ReturnType<typeof restore>): unknown => [
			imageOf(found?.recorded),
			(found?.recorded.cluster.now() ?? Number.NaN) <= moment,
		]
		expect(restored(rollcall.state, look, moment)).toEqual([want, true])
	})

	test("knows nothing of the time before the first commit", async () => {
		const rollcall = rollcallOn(threeVersions())
		await rollcall.replay()
		expect(restored(rollcall.state, (found) => found, at(0) - 1)).toBeUndefined()
		expect(restored(rollcall.state, (found) => found?.recorded.cluster.now(), at(0))).toBe(at(0))
	})

	test("replays every input to the same digest, though all snapshots are lost", async () => {
		const fleet = join(temporaryDirectory(), "fleet.yaml")
		writeFileSync(fleet, JSON.stringify(nodePool("others", 3)))
		const repo = threeVersions()
		const rollcall = rollcallOn(repo, { fleet })
		await rollcall.once()
		repo.commit("v4", { "agent.yaml": [daemonSet({ image: image(4) })] })
		await rollcall.once()
		loseSnapshots(rollcall.state)
		expect(restored(rollcall.state, (found) => found?.faithful)).toBe(true)
	})

	test.each([
		["a shape that it can read", anotherShape],
		["a format that it knows", anotherFormat],
	])("begins where the record does, where no snapshot is of %s", async (_what, happens) => {
		const rollcall = rollcallOn(threeVersions())
		await rollcall.once()
		happens(rollcall.state)
		const look = (found: ReturnType<typeof restore>): unknown => [found?.faithful, imageOf(found?.recorded)]
		expect(restored(rollcall.state, look)).toEqual([true, image(3)])
	})

	test.each([
		[
			"the replay differs from what was recorded",
			(state: string) => tamper(state, `UPDATE marks SET digest = '${"0".repeat(32)}'`),
		],
		[
			"the beginning was pruned, and what is left is of another shape",
			(state: string) => {
				expect(pruneLedger(state, at(1), false)?.count).toBeGreaterThan(0)
				anotherShape(state)
			},
		],
	])("makes the cluster anew and says so, once, where %s", async (_why, happens) => {
		const repo = threeVersions()
		const rollcall = rollcallOn(repo, { state: temporaryDirectory() })
		await rollcall.replay()
		const { newest, head } = ledgerOf(rollcall.state)
		happens(rollcall.state)
		expect(restored(rollcall.state, (found) => found?.faithful)).toBe(false)
		const again = rollcallOn(repo, { state: rollcall.state })
		await again.once()
		await again.once()
		expect(rowsOf(again.entries, "decision").map(({ decision, rule }) => `${decision}: ${rule}`)).toEqual([
			"restore: replay-differs",
		])
		expect(rowsOf(again.entries, "rollout-started").map(({ rollout, trigger }) => [rollout, trigger])).toEqual([
			[newest + 1, { kind: "engine", rule: "made-anew" }],
		])
		expect(rowsOf(again.entries, "rollout-ended").at(-1)).toMatchObject({
			verdict: "complete",
			nodes: { desired: 12, available: 12 },
		})
		expect(ledgerOf(rollcall.state, head)).toMatchObject({ sound: true })
		const look = (found: ReturnType<typeof restore>): unknown => [found?.faithful, imageOf(found?.recorded)]
		expect(restored(rollcall.state, look)).toEqual([true, image(3)])
		// As after a kill before the first snapshot of the new cluster.
		loseSnapshots(rollcall.state)
		await again.once()
		expect(restored(rollcall.state, look)).toEqual([true, image(3)])
		expect(rowsOf(again.entries, "rollout-started").map(({ rollout }) => rollout)).toEqual([newest + 1, newest + 2])
		expect(ledgerOf(rollcall.state, head)).toMatchObject({ sound: true })
	})
})

/** What the ledger says of itself, and of a head that was noted before. */
function ledgerOf(state: string, head?: string): { newest: number; head: string; sound: boolean } {
	const store = openStore(state, { readOnly: true })
	try {
		const newest = store.ledger.rollouts({ limit: 1 })[0]?.rollout ?? 0
		return { newest, head: store.head().hash, sound: store.verify(head).sound }
	} finally {
		store.close()
	}
}

/** What stands beside the cluster is of another version. */
function anotherFormat(state: string): void {
	for (const [table, file] of [
		["snapshots", "snapshots.db"],
		["origin", "ledger.db"],
	]) {
		tamper(state, `UPDATE ${table} SET rest = json_remove(json_set(rest, '$.format', 0), '$.history.nodes')`, file)
	}
}

/** Leaves the beginning alone, and in a shape that no version has. */
function anotherShape(state: string): void {
	loseSnapshots(state)
	const database = new Libsql(join(state, "ledger.db"))
	const { cluster } = database.prepare("SELECT cluster FROM origin").get([]) as { cluster: ArrayBuffer }
	const { timeline: _, ...other } = decodePlain(new Uint8Array(cluster)) as { readonly timeline: unknown }
	database.prepare("UPDATE origin SET cluster = ?").run([encodePlain(other)])
	database.close()
}
