import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { openStore } from "../../src/store/index.ts"
import { thinned } from "../../src/store/snapshots.ts"
import { batch, commitEntry, mark, newestSnapshot, START } from "../builders/ledger.ts"
import { tamper } from "../builders/tamper.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const MINUTE = 60_000

function bytes(length: number, seed: number): Uint8Array {
	return Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 255)
}

test("a snapshot of several chunks comes back byte for byte", () => {
	const directory = temporaryDirectory()
	const store = openStore(directory)
	store.commit(batch({ mark: mark(5) }))
	const snapshot = { mark: mark(5), cluster: bytes((9 << 20) + 17, 1), rest: '{"a":1}' }
	store.saveSnapshot(snapshot)
	store.close()
	const again = openStore(directory)
	const loaded = newestSnapshot(again)
	expect(loaded && { ...loaded, cluster: Buffer.compare(loaded.cluster, snapshot.cluster) }).toEqual({
		...snapshot,
		cluster: 0,
	})
	again.close()
})

test("the newest snapshot counts, or the newest before an instant, but none that the ledger has not reached", () => {
	const store = openStore(temporaryDirectory())
	store.commit(batch({ mark: mark(20) }))
	for (const sequence of [5, 10, 25]) {
		store.saveSnapshot({ mark: mark(sequence), cluster: bytes(9, sequence), rest: "" })
	}
	expect([undefined, START + 9, START + 4].map((at) => newestSnapshot(store, at)?.mark.sequence)).toEqual([
		10,
		5,
		undefined,
	])
	store.close()
})

test("a snapshot of what was never recorded is gone at the next start, and does not come back", () => {
	const directory = temporaryDirectory()
	const killed = openStore(directory)
	killed.saveSnapshot({ mark: mark(1, { journal: 1 }), cluster: bytes(9, 1), rest: "killed before its first batch" })
	killed.close()
	const stopped = openStore(directory)
	stopped.commit(batch({ mark: mark(5) }))
	for (const sequence of [5, 25]) stopped.saveSnapshot({ mark: mark(sequence), cluster: bytes(9, sequence), rest: "" })
	stopped.close()
	const later = openStore(directory)
	later.commit(batch({ mark: mark(30) }))
	expect([newestSnapshot(later)?.mark.sequence, newestSnapshot(later, START)]).toEqual([5, undefined])
	later.close()
})

test.each([
	["a changed chunk", "UPDATE chunks SET body = zeroblob(9) WHERE snapshot = 2"],
	["a chunk too few", "DELETE FROM chunks WHERE snapshot = 2"],
	["a chunk too long", "UPDATE chunks SET body = zeroblob(10) WHERE snapshot = 2"],
])("a snapshot with %s is passed over for the one before", (_, sql) => {
	const directory = temporaryDirectory()
	const store = openStore(directory)
	store.commit(batch({ mark: mark(5) }))
	for (const sequence of [3, 5]) store.saveSnapshot({ mark: mark(sequence), cluster: bytes(9, sequence), rest: "" })
	tamper(directory, sql, "snapshots.db")
	expect(newestSnapshot(store)?.mark.sequence).toBe(3)
	store.close()
})

test("a damaged snapshots file is put aside, and the ledger goes on", () => {
	const directory = temporaryDirectory()
	const store = openStore(directory)
	store.commit(batch({ mark: mark(5) }))
	store.saveSnapshot({ mark: mark(5), cluster: bytes(9, 1), rest: "" })
	store.close()
	writeFileSync(join(directory, "snapshots.db"), "not a database ".repeat(1000))
	const again = openStore(directory)
	expect([newestSnapshot(again), again.mark()]).toEqual([undefined, mark(5)])
	again.close()
})

test("the state before the first input outlives the loss of all snapshots", () => {
	const directory = temporaryDirectory()
	const first = openStore(directory)
	first.saveSnapshot({ mark: mark(0), cluster: bytes(5, 1), rest: "killed before anything was recorded" })
	first.saveSnapshot({ mark: mark(0), cluster: bytes(7, 2), rest: "origin" })
	first.commit(batch({ mark: mark(5, { journal: 1 }) }))
	first.saveSnapshot({ mark: mark(5, { journal: 1 }), cluster: bytes(9, 3), rest: "later" })
	first.close()
	rmSync(join(directory, "snapshots.db"))
	const again = openStore(directory)
	expect(newestSnapshot(again)).toEqual({ mark: mark(0), cluster: bytes(7, 2), rest: "origin" })
	again.close()
})

test("thinned keeps the newest three, and one older snapshot per doubling of age", () => {
	const snapshots = Array.from({ length: 64 }, (_, age) => ({ id: 64 - age, at: START - age * MINUTE }))
	const gone = new Set(thinned(snapshots, START))
	const ages = snapshots.filter(({ id }) => !gone.has(id)).map(({ at }) => (START - at) / MINUTE)
	expect(ages).toEqual([0, 1, 2, 4, 8, 17, 34, 63])
})

test("snapshots taken every minute for a day stay few, and reach back to the first hours", () => {
	let kept: { id: number; at: number }[] = []
	for (let minute = 1; minute <= 1440; minute++) {
		kept = [{ id: minute, at: START + minute * MINUTE }, ...kept]
		const gone = new Set(thinned(kept, START + minute * MINUTE))
		kept = kept.filter(({ id }) => !gone.has(id))
	}
	expect(kept.length).toBeLessThan(16)
	expect(kept.at(-1)?.id).toBeLessThan(700)
})

test("marks stay few however many batches there were, the newest ones whole, and old ones still stand far back", () => {
	const store = openStore(temporaryDirectory())
	for (let minute = 1; minute <= 2000; minute++) {
		const at = START + minute * MINUTE
		store.commit(batch({ mark: mark(minute, { at }), entries: [commitEntry(`c${minute}`)] }))
		if (minute % 100 === 0) store.saveSnapshot({ mark: mark(minute, { at }), cluster: bytes(10, 1), rest: "" })
	}
	const found = Array.from({ length: 2000 }, (_, index) => store.mark(START + (index + 1) * MINUTE)?.sequence)
	const kept = new Set(found)
	expect(kept.size).toBeLessThan(180)
	expect(found.slice(-64)).toEqual(Array.from({ length: 64 }, (_, index) => 1937 + index))
	expect([...kept].some((sequence) => sequence !== undefined && sequence < 1000)).toBe(true)
	store.close()
})
