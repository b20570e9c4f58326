import { describe, expect, test } from "vitest"
import { rowsOf } from "../builders/rollcall.ts"
import { writtenApi } from "../builders/written-api.ts"

const MAPS = "/api/v1/namespaces/default/configmaps"
const map = (name: string, data: object = {}) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data })
const MERGE = "application/merge-patch+json"

async function written() {
	const { ask, rollcall } = await writtenApi()
	const rows = () =>
		rowsOf(rollcall.entries, "decision").map(
			({ message, refused }) => `${message}${refused ? `: ${refused.reason}` : ""}`,
		)
	return { ask, rows }
}

describe("the ledger of writes through the API", () => {
	test("has what changes something, and nothing of what changes nothing", async () => {
		const { ask, rows } = await written()
		await ask(MAPS, { method: "POST", body: map("a") })
		for (const value of ["1", "1", "1", "2"]) {
			const answer = await ask(`${MAPS}/a`, { method: "PATCH", contentType: MERGE, body: { data: { value } } })
			expect(answer.status).toBe(200)
		}
		expect(rows()).toEqual([
			"create of ConfigMap default/a by kubectl",
			"patch of ConfigMap default/a by kubectl",
			"patch of ConfigMap default/a by kubectl",
		])
	})

	test("has a refusal once, however often the client tries", async () => {
		const { ask, rows } = await written()
		for (let times = 0; times < 20; times++) {
			expect((await ask(MAPS, { method: "POST", body: map("no name") })).status).toBe(422)
			expect((await ask(MAPS, { method: "POST", body: map("c") })).status).toBe(201)
			expect((await ask(`${MAPS}/c`, { method: "DELETE" })).status).toBe(200)
			expect((await ask(`${MAPS}/c`, { method: "DELETE" })).status).toBe(404)
		}
		expect(rows().filter((row) => row.endsWith("Invalid"))).toEqual([
			"create of ConfigMap default/no name by kubectl: Invalid",
		])
		expect(rows().filter((row) => row.endsWith("NotFound"))).toHaveLength(1)
	})

	test("has a thousand refusals at most, of a client that finds ever other ones", async () => {
		const { ask, rows } = await written()
		for (let n = 0; n < 1_100; n++) await ask(`${MAPS}/none-${n}`, { method: "DELETE" })
		expect(rows()).toHaveLength(1_000)
		await ask(MAPS, { method: "POST", body: map("a") })
		expect(rows()).toHaveLength(1_001)
	})
})
