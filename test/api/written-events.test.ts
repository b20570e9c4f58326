import { describe, expect, test } from "vitest"
import { apply, cluster, pool, send } from "../builders/cluster.ts"
import { writtenApi } from "../builders/written-api.ts"

const CORE = "/api/v1/namespaces/default/events"
const OTHER = "/apis/events.k8s.io/v1/namespaces/default/events"
const MERGE = "application/merge-patch+json"
const POD = { kind: "Pod", name: "web", namespace: "default" }
const event = (name: string, more: object = {}) => ({
	apiVersion: "v1",
	kind: "Event",
	metadata: { name, namespace: "default" },
	involvedObject: POD,
	reason: "Tested",
	message: "it works",
	...more,
})

describe("[A15] an Event that a client writes", () => {
	test("is read and listed in both groups, among the cluster's own", async () => {
		const { ask } = await writtenApi()
		expect((await ask(CORE, { method: "POST", body: event("web.1", { count: 2 }) })).status).toBe(201)
		expect((await ask(`${OTHER}/web.1`)).body).toMatchObject({ regarding: POD, note: "it works", deprecatedCount: 2 })
		const later = {
			apiVersion: "events.k8s.io/v1",
			kind: "Event",
			metadata: { name: "web.2" },
			regarding: POD,
			reason: "Tested",
			note: "again",
			eventTime: "2026-01-01T00:00:00.000000Z",
		}
		expect((await ask(OTHER, { method: "POST", body: later })).body).toMatchObject({ note: "again", regarding: POD })
		expect((await ask(`${CORE}/web.2`)).body).toMatchObject({ message: "again", involvedObject: POD })
		const names = (await ask(CORE)).body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)
		expect(names).toEqual([...names].sort())
		expect(names).toEqual(expect.arrayContaining(["web.1", "web.2", expect.stringMatching(/^workers-0\./)]))
	})

	test("is counted up by a patch, and deleted", async () => {
		const { ask } = await writtenApi()
		await ask(CORE, { method: "POST", body: event("web.1", { count: 1 }) })
		const counted = await ask(`${CORE}/web.1`, { method: "PATCH", contentType: MERGE, body: { count: 5 } })
		expect([counted.status, counted.body.count]).toEqual([200, 5])
		const noted = await ask(`${OTHER}/web.1`, { method: "PATCH", contentType: MERGE, body: { note: "more" } })
		expect([noted.status, noted.body.note]).toEqual([200, "more"])
		expect((await ask(`${CORE}/web.1`, { method: "DELETE" })).status).toBe(200)
		expect((await ask(`${CORE}/web.1`)).status).toBe(404)
	})

	test("is where what it is about is", async () => {
		const { ask } = await writtenApi()
		const body = event("web.1", { involvedObject: { ...POD, namespace: "other" } })
		expect((await ask(CORE, { method: "POST", body })).body).toMatchObject({
			code: 422,
			message:
				'Event "web.1" is invalid: involvedObject.namespace: Invalid value: "other": does not match event.namespace',
		})
	})

	test("goes an hour after it was last seen, when another one comes", () => {
		const on = cluster(0)
		const key = (name: string) => `/Event/default/${name}`
		const write = (name: string) => send(on, { verb: "create", key: key(name), object: event(name) as never })
		write("old")
		on.advance(on.now() + 3_000_000)
		write("young")
		on.advance(on.now() + 1_000_000)
		write("new")
		expect(["old", "young", "new"].map((name) => on.read(key(name)) !== undefined)).toEqual([false, true, true])
	})
})

test("[A15] the cluster's own Events are nobody's to change", () => {
	const on = cluster(0)
	apply(on, pool({ replicas: 1 }))
	on.advance(on.now() + 1_000)
	const [own] = [...on.list({ group: "", kind: "Event" })]
	if (own === undefined) throw new Error("a node that joins is told")
	const key = `/Event/${own.metadata.namespace}/${own.metadata.name}`
	for (const write of [
		{ verb: "delete", key },
		{ verb: "update", key, object: { ...own, reason: "Other" } },
	] as const) {
		expect(send(on, write)).toMatchObject({ accepted: false, refusal: { reason: "Forbidden" } })
	}
	expect(on.read(key)).toEqual(own)
})
