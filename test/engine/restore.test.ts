import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
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

	test("says so, once, where the replay differs from what was recorded", async () => {
		const repo = threeVersions()
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		tamper(rollcall.state, `UPDATE marks SET digest = '${"0".repeat(32)}'`)
		expect(restored(rollcall.state, (found) => found?.faithful)).toBe(false)
		const again = rollcallOn(repo, { state: rollcall.state })
		await again.once()
		await again.once()
		expect(rowsOf(again.entries, "decision").map(({ decision, rule }) => `${decision}: ${rule}`)).toEqual([
			"restore: replay-differs",
		])
		expect(imageOf(restored(rollcall.state, (found) => found?.recorded))).toBe(image(3))
	})
})
