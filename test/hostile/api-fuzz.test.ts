import { expect, test } from "vitest"
import { fuzz } from "../fuzz/fuzz.ts"

/** `npm run fuzz` goes on for longer. */
const MS = 5_000

test(`a rollcall run that is attacked over its socket for ${MS / 1_000} s answers, grows little, and serves its user`, async () => {
	const { attacks, statuses, took, held, wrong } = await fuzz(7, MS, 1_000)
	expect(wrong).toEqual([])
	expect(attacks.size).toBeGreaterThan(8)
	expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404]))
	expect(took.length).toBeGreaterThan(3)
	expect(took.at(-1)).toBeLessThan(15_000)
	const [, , after] = held
	expect(after.files).toBeLessThan(80)
	expect(after.heapMb).toBeLessThan(150)
})
