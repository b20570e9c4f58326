import { describe, expect, test } from "vitest"
import { openStore } from "../../src/store/index.ts"
import { applyInput, batch, commitEntry, configMap, mark, newestSnapshot, placed } from "../builders/ledger.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

describe("the store as the engine writes it", () => {
	test("a new directory has no mark, no snapshot, no inputs and no state", () => {
		const store = openStore(temporaryDirectory())
		expect([store.mark(), newestSnapshot(store), [...store.inputs(0)], store.rest()]).toEqual([
			undefined,
			undefined,
			[],
			undefined,
		])
		store.close()
	})

	test("inputs come back whole, numbered from 1, after the directory is opened again", () => {
		const directory = temporaryDirectory()
		const first = openStore(directory)
		const inputs = ["a", "b", "c"].map((name) => placed(applyInput(configMap(name))))
		first.commit(batch({ inputs: inputs.slice(0, 2) }))
		first.commit(batch({ inputs: inputs.slice(2), mark: mark(3) }))
		first.close()
		const again = openStore(directory)
		expect([...again.inputs(1)]).toEqual([
			{ number: 2, ...inputs[1] },
			{ number: 3, ...inputs[2] },
		])
		again.close()
	})

	test("an input keeps what an object was before, and members of other writes", () => {
		const store = openStore(temporaryDirectory())
		const input = {
			source: { kind: "client", client: "kubectl" },
			writes: [
				{
					verb: "apply",
					key: "/ConfigMap/default/a",
					manager: "m",
					object: configMap("a", "2"),
					before: configMap("a", "1"),
				},
				{ verb: "delete", key: "/ConfigMap/default/__proto__", propagation: "Orphan" },
				{ verb: "fault", fault: { kind: "node-down", node: "n1" } },
			],
		} as const
		store.commit(batch({ inputs: [placed(input)] }))
		expect([...store.inputs(0)].map((row) => row.input)).toEqual([input])
		store.close()
	})

	test("the newest mark counts", () => {
		const store = openStore(temporaryDirectory())
		for (const sequence of [10, 20, 30]) {
			store.commit(batch({ mark: mark(sequence), entries: [commitEntry(`c${sequence}`)] }))
		}
		expect(store.mark()?.sequence).toBe(30)
		store.close()
	})

	test("the newest state counts, and stays where a batch has none", () => {
		const store = openStore(temporaryDirectory())
		for (const over of [{ rest: "one" }, { rest: "two" }, {}]) store.commit(batch(over))
		expect(store.rest()).toBe("two")
		store.close()
	})

	test("a batch that fails leaves nothing behind", () => {
		const store = openStore(temporaryDirectory())
		store.commit(batch({ entries: [commitEntry()] }))
		const broken = { ...commitEntry(), commit: undefined } as never
		expect(() =>
			store.commit(batch({ inputs: [placed(applyInput(configMap("a")))], entries: [broken], mark: mark(2) })),
		).toThrow()
		expect([[...store.inputs(0)], store.mark()]).toEqual([[], mark(1)])
		store.commit(batch({ mark: mark(3) }))
		expect(store.mark()).toEqual(mark(3))
		store.close()
	})
})
