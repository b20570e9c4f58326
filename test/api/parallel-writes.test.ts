import { expect, test } from "vitest"
import { dice, rangeOf } from "../../src/base/index.ts"
import { type WrittenApi, writtenApi } from "../builders/written-api.ts"

const MAPS = "/api/v1/namespaces/default/configmaps"
const MERGE = "application/merge-patch+json"
const CLIENTS = 8
const ROUNDS = 12

const made = (data: object) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "shared" }, data })

async function shared(): Promise<WrittenApi["ask"]> {
	const { ask } = await writtenApi()
	expect((await ask(MAPS, { method: "POST", body: made({ count: "0" }) })).status).toBe(201)
	return ask
}

/** All clients at once, each one step after another. */
async function together(client: (number: number) => Promise<void>): Promise<void> {
	await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)))
}

test("[A10] of clients that count up together none loses what another counted, and each conflict is one", async () => {
	const ask = await shared()
	let conflicts = 0
	const versions = new Set<string>()
	await together(async () => {
		for (let done = 0; done < ROUNDS; ) {
			const { body } = await ask(`${MAPS}/shared`)
			const next = { ...body, data: { count: String(Number(body.data.count) + 1) } }
			const answer = await ask(`${MAPS}/shared`, { method: "PUT", body: next })
			if (answer.status === 200) {
				done++
				expect(versions.has(answer.body.metadata.resourceVersion)).toBe(false)
				versions.add(answer.body.metadata.resourceVersion)
				continue
			}
			expect(answer.body).toMatchObject({ code: 409, reason: "Conflict" })
			const now = (await ask(`${MAPS}/shared`)).body.metadata.resourceVersion
			expect(Number(now)).toBeGreaterThan(Number(body.metadata.resourceVersion))
			conflicts++
		}
	})
	expect((await ask(`${MAPS}/shared`)).body.data.count).toBe(String(CLIENTS * ROUNDS))
	expect(conflicts).toBeGreaterThan(0)
})

test("clients that each write a field of their own, in any way, keep each other's", async () => {
	const ask = await shared()
	await together(async (client) => {
		for (let round = 1; round <= ROUNDS; round++) {
			const [key, value] = [`c${client}`, String(round)]
			const how = rangeOf(dice(client, round), 0, 2)
			const words = [
				{ contentType: MERGE, body: { data: { [key]: value } } },
				{ contentType: "application/json-patch+json", body: [{ op: "add", path: `/data/${key}`, value }] },
				{ contentType: "application/apply-patch+yaml", body: made({ [key]: value }) },
			][how]
			const query = `fieldManager=${key}&force=true`.slice(0, how === 2 ? undefined : -"&force=true".length)
			const { status } = await ask(`${MAPS}/shared?${query}`, { method: "PATCH", ...words })
			expect(status).toBe(200)
		}
	})
	const { body } = await ask(`${MAPS}/shared`)
	const own = Array.from({ length: CLIENTS }, (_, client) => [`c${client}`, String(ROUNDS)])
	expect(body.data).toEqual({ count: "0", ...Object.fromEntries(own) })
})

test("of clients that make the same object at once one makes it, and names that are made up are never taken", async () => {
	const ask = await shared()
	const codes: number[] = []
	const names: string[] = []
	await together(async () => {
		codes.push((await ask(MAPS, { method: "POST", body: { ...made({}), metadata: { name: "one" } } })).status)
		names.push((await ask(MAPS, { method: "POST", body: { metadata: { generateName: "some-" } } })).body.metadata.name)
	})
	expect(codes.sort()).toEqual([201, ...new Array(CLIENTS - 1).fill(409)])
	expect(new Set(names).size).toBe(CLIENTS)
})
