import { expect, test } from "vitest"
import { sha256 } from "../../src/base/index.ts"
import { encodeSteps } from "../../src/history/index.ts"
import { openStore, type StateDirectory } from "../../src/store/index.ts"
import { batch, commitEntry, endedEntry, mark, startedEntry } from "../builders/ledger.ts"
import { tamper } from "../builders/tamper.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const BLOCK = encodeSteps(
	[
		{
			node: "n1",
			pod: "a-x",
			fromHash: "",
			toHash: "b",
			stoppedAt: 0,
			goneAt: 0,
			createdAt: 5,
			readyAt: 6,
			availableAt: 7,
			restarts: 0,
			cause: "",
		},
	],
	0,
)

function fill(store: StateDirectory, wall: number): void {
	const steps = { nodes: 1, hash: sha256(BLOCK) }
	store.commit(batch({ entries: [commitEntry("4f2c"), startedEntry(1)], wall }))
	store.commit(
		batch({ entries: [endedEntry(1, { steps })], steps: new Map([[steps.hash, BLOCK]]), mark: mark(2), wall }),
	)
	store.commit(batch({ entries: [commitEntry("5aaa")], mark: mark(3), wall }))
}

function filled(): { directory: string; head: string } {
	const directory = temporaryDirectory()
	const store = openStore(directory)
	fill(store, 1)
	const head = store.head().hash
	store.close()
	return { directory, head }
}

test("an untouched ledger is sound, empty or not, and its head is the newest hash", () => {
	const store = openStore(temporaryDirectory())
	expect(store.verify()).toEqual({ sound: true, entries: 0, head: store.head() })
	fill(store, 1)
	expect(store.verify(store.head().hash)).toEqual({ sound: true, entries: 4, head: store.head() })
	expect([store.head().number, store.ledger.entries(3)[0]?.hash]).toEqual([4, store.head().hash])
	store.close()
})

test.each([
	["changed", "UPDATE entries SET text = replace(text, 'Anna', 'Berta') WHERE number = 1", 1, "was changed"],
	["missing", "DELETE FROM entries WHERE number = 2", 2, "is missing"],
	["first, and missing", "DELETE FROM entries WHERE number = 1", 1, "is missing"],
	[
		"moved",
		"UPDATE entries SET number = 9 WHERE number = 2; UPDATE entries SET number = 2 WHERE number = 4; UPDATE entries SET number = 4 WHERE number = 9",
		2,
		"is out of order: it was written as entry 4",
	],
	["given another hash", "UPDATE entries SET hash = previous WHERE number = 4", 4, "was changed"],
	["robbed of its node steps", "DELETE FROM step_blocks", 3, "has lost its node steps"],
	["given other node steps", "UPDATE step_blocks SET body = x'00'", 3, "has changed node steps"],
	[
		"put before the beginning",
		"INSERT INTO entries SELECT 0, kind, at, wall, text, previous, hash FROM entries WHERE number = 1",
		0,
		"stands before the ledger's beginning",
	],
])("verify names the row that was %s", (_, sql, number, problem) => {
	const { directory } = filled()
	tamper(directory, sql)
	const store = openStore(directory, { readOnly: true })
	expect(store.verify()).toEqual({ sound: false, number, problem })
	store.close()
})

test("a ledger that was cut off at the end is sound by itself, but not for who noted its head", () => {
	const { directory, head } = filled()
	tamper(directory, "DELETE FROM entries WHERE number = 4; DELETE FROM commits WHERE entry = 4")
	const store = openStore(directory, { readOnly: true })
	expect(store.verify()).toMatchObject({ sound: true, entries: 3 })
	expect(store.verify(head)).toEqual({
		sound: false,
		number: 4,
		problem: `is missing: no entry has the hash ${head}`,
	})
	store.close()
})

test("two runs that did the same at other times of day give byte-identical exports", () => {
	const [one, two] = [1, 777_777].map((wall) => {
		const store = openStore(temporaryDirectory())
		fill(store, wall)
		const lines = [...store.export()]
		store.close()
		return lines
	})
	expect(one).toEqual(two)
	expect(one).toHaveLength(5)
	expect(JSON.parse(one?.[3] ?? "")).toMatchObject({
		number: 3,
		entry: { kind: "rollout-ended" },
		block: Buffer.from(BLOCK).toString("base64"),
	})
	expect(one?.join("\n")).not.toContain("wall")
})
