import { describe, expect, test } from "vitest"
import { apiOver, TABLE } from "../builders/api.ts"
import { apply, cluster, daemonSet, settle } from "../builders/cluster.ts"

function running(nodes = 3) {
	const live = cluster(nodes)
	apply(live, daemonSet())
	settle(live)
	return live
}

const PODS = "/api/v1/namespaces/kube-system/pods"
const namesIn = (body: { items: { metadata: { name: string } }[] }) => body.items.map(({ metadata }) => metadata.name)

describe("a list", () => {
	test("comes in pages of one moment, whatever happens in between", async () => {
		const live = running(5)
		const ask = apiOver(live)
		const whole = (await ask(PODS)).body
		const first = (await ask(`${PODS}?limit=2`)).body
		apply(live, daemonSet({ image: "fluentd:2" }))
		settle(live)
		const second = (await ask(`${PODS}?limit=2&continue=${first.metadata.continue}`)).body
		const third = (await ask(`${PODS}?limit=2&continue=${second.metadata.continue}`)).body
		expect([first, second, third].flatMap(namesIn)).toEqual(namesIn(whole))
		expect(second.metadata.resourceVersion).toBe(whole.metadata.resourceVersion)
		expect(third.metadata.continue).toBeUndefined()
		expect((await ask(`${PODS}?limit=2&continue=${first.metadata.continue}`)).body).toEqual(second)
	})

	test("that goes on too late says so, and can be gone on with as the cluster is then", async () => {
		const clock = { ms: 0 }
		const live = running(5)
		const ask = apiOver(live, clock)
		const first = (await ask(`${PODS}?limit=2`)).body
		apply(live, daemonSet({ image: "fluentd:2" }))
		settle(live)
		clock.ms = 3_600_000
		const late = (await ask(`${PODS}?limit=2&continue=${first.metadata.continue}`)).body
		expect(late).toMatchObject({ code: 410, reason: "Expired" })
		expect(late.message).toContain("use the continue token in this response to retrieve the remainder of the results")
		const rest = (await ask(`${PODS}?continue=${late.metadata.continue}`)).body
		const last = first.items[1].metadata.name
		expect(namesIn(rest)).toEqual(namesIn((await ask(PODS)).body).filter((name: string) => name > last))
		expect(rest.metadata.resourceVersion).toBe(String(live.version()))
	})

	test("tells how many are left, and ends with its last object", async () => {
		const ask = apiOver(running(6))
		const first = (await ask(`${PODS}?limit=4`)).body
		expect(first.metadata.remainingItemCount).toBe(2)
		const second = (await ask(`${PODS}?limit=2&continue=${first.metadata.continue}`)).body
		expect(namesIn(second)).toHaveLength(2)
		expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion })
		const selected = (await ask(`${PODS}?limit=4&labelSelector=app%3Dfluentd`)).body
		expect(Object.keys(selected.metadata)).toEqual(["resourceVersion", "continue"])
		expect((await ask(`${PODS}?limit=6`)).body.metadata.continue).toBeUndefined()
	})

	test.each([
		["/api/v1/nodes", undefined],
		["/apis/coordination.k8s.io/v1/leases", undefined],
		["/api/v1/namespaces", undefined],
		["/api/v1/events", undefined],
		["/apis/events.k8s.io/v1/events", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"],
		["/api/v1/pods", TABLE],
		["/apis/scheduling.k8s.io/v1/priorityclasses", TABLE],
	])("of %s is the same in pages and whole", async (path, accept) => {
		const ask = apiOver(running(5))
		const words = accept === undefined ? {} : { accept }
		const { metadata, ...whole } = (await ask(path, words)).body
		for (const limit of [1, 3]) {
			const entries: unknown[] = []
			let token = ""
			do {
				const { body } = await ask(`${path}?limit=${limit}&continue=${token}`, words)
				const { metadata: meta, items, rows, ...around } = body
				entries.push(...(items ?? rows))
				expect({ ...around, ...(items ? { items: whole.items } : { rows: whole.rows }) }).toEqual(whole)
				expect(meta.resourceVersion).toBe(metadata.resourceVersion)
				token = meta.continue ?? ""
			} while (token !== "")
			expect(entries).toEqual(whole.items ?? whole.rows)
		}
	})

	test("of more than is read in one go comes from one moment, in pieces, as fast as it is read", async () => {
		const live = running(700)
		const ask = apiOver(live)
		const want = [...live.list({ group: "", kind: "Pod" })].map(({ kind: _, apiVersion: __, ...pod }) => pod)
		const slow = await ask.watch("/api/v1/pods")
		slow.stall()
		apply(live, daemonSet({ image: "fluentd:2" }))
		settle(live)
		while (slow.ended() === undefined) {
			slow.read()
			await new Promise(setImmediate)
		}
		const [{ items, metadata }] = slow.take() as unknown as [{ items: object[]; metadata: object }]
		expect(items).toEqual(want)
		expect(metadata).not.toHaveProperty("continue")
		expect((await ask("/api/v1/pods?limit=600")).body.metadata.remainingItemCount).toBe(100)
		const selected = (await ask("/api/v1/pods?fieldSelector=status.phase%3DRunning&limit=600")).body
		expect([selected.items.length, typeof selected.metadata.continue]).toEqual([600, "string"])
	})

	test.each([
		["labelSelector=app%3Dfluentd", 3],
		["labelSelector=app!%3Dfluentd", 0],
		["fieldSelector=spec.nodeName%3Dn-1", 1],
		["fieldSelector=status.phase!%3DRunning", 0],
		["fieldSelector=metadata.namespace%3Dkube-system,status.phase%3DRunning", 3],
	])("selects by %s", async (query, count) => {
		const live = running()
		const names = [...live.list({ group: "", kind: "Node" })].map(({ metadata }) => metadata.name)
		const { body } = await apiOver(live)(`/api/v1/pods?${query.replace("n-1", names[1] ?? "")}`)
		expect(body.items).toHaveLength(count)
	})

	test.each([
		["labelSelector=a%3D%3D%3Db", 400],
		["fieldSelector=spec.image%3Dx", 400],
		["fieldSelector=nonsense", 400],
		["limit=-1", 400],
		["limit=many", 400],
		["resourceVersion=x", 400],
		["continue=nonsense", 400],
		[`continue=${Buffer.from('{"v":"meta.k8s.io/v1","rv":0,"start":"a/b"}').toString("base64url")}`, 400],
		[`continue=${Buffer.from('{"v":"v0","rv":1,"start":"a/b"}').toString("base64url")}`, 400],
		[`continue=${Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":""}').toString("base64url")}`, 400],
		[`continue=${Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":"a/b"}').toString("base64url")}`, 410],
		[
			`resourceVersion=5&continue=${Buffer.from('{"v":"meta.k8s.io/v1","rv":-1,"start":"a/b"}').toString("base64url")}`,
			400,
		],
		["resourceVersionMatch=Exact", 422],
		["resourceVersion=1&resourceVersionMatch=Nearly", 422],
		["resourceVersion=0&resourceVersionMatch=Exact", 422],
		["sendInitialEvents=true", 422],
		["resourceVersion=1&resourceVersionMatch=Exact", 410],
		["resourceVersion=1&limit=2", 410],
		["resourceVersion=1&limit=2&resourceVersionMatch=NotOlderThan", 200],
		["resourceVersion=1", 200],
		["resourceVersion=999999999", 504],
		["resourceVersion=0", 200],
	])("with %s is answered with %i", async (query, status) => {
		expect((await apiOver(running())(`/api/v1/pods?${query}`)).status).toBe(status)
	})

	test.each([
		["Table", "v1"],
		["Table", "v1beta1"],
		["PartialObjectMetadata", "v1"],
		["PartialObjectMetadata", "v1beta1"],
	])("comes as %s of the version of meta.k8s.io that is wished for: %s", async (as, version) => {
		const ask = apiOver(running())
		const accept = `application/json;as=${as};v=${version};g=meta.k8s.io,application/json`
		const said = { kind: as, apiVersion: `meta.k8s.io/${version}` }
		const name = (await ask(PODS)).body.items[0].metadata.name
		for (const path of [`${PODS}?limit=1`, PODS, `${PODS}/${name}`]) {
			const { apiVersion, kind, rows } = (await ask(path, { accept })).body
			expect([kind.replace(/List$/, ""), apiVersion]).toEqual([as, said.apiVersion])
			if (as === "Table") expect(rows[0].object.apiVersion).toBe(said.apiVersion)
		}
		const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
		const events = (await ask.watch(`${PODS}?${query}`, { accept })).take()
		expect(events.map(({ type, object }) => [type, object.kind, object.apiVersion])).toEqual(
			["ADDED", "ADDED", "ADDED", "BOOKMARK"].map((type) => [type, said.kind, said.apiVersion]),
		)
	})

	test("of a version that meta.k8s.io never had is what is wished for next", async () => {
		const accept = "application/json;as=Table;v=v2;g=meta.k8s.io,application/json"
		expect((await apiOver(running())(PODS, { accept })).body.kind).toBe("PodList")
	})

	test("is a Table with the server's columns where that is wished for", async () => {
		const { body } = await apiOver(running())("/apis/apps/v1/daemonsets", { accept: TABLE })
		expect(body.kind).toBe("Table")
		expect(body.columnDefinitions.map(({ name }: { name: string }) => name).slice(0, 6)).toEqual([
			"Name",
			"Desired",
			"Current",
			"Ready",
			"Up-to-date",
			"Available",
		])
		expect(body.rows[0].cells.slice(0, 6)).toEqual(["fluentd", 3, 3, 3, 3, 3])
		expect(body.rows[0].object).toMatchObject({ kind: "PartialObjectMetadata", metadata: { name: "fluentd" } })
	})

	test("of Events is the same in both of their groups", async () => {
		const ask = apiOver(running())
		const core = (await ask("/api/v1/events")).body
		const other = (await ask("/apis/events.k8s.io/v1/events")).body
		expect(namesIn(other)).toEqual(namesIn(core))
		expect(other.items[0].note).toBe(core.items[0].message)
		const [rows, others] = await Promise.all(
			["/api/v1/events", "/apis/events.k8s.io/v1/events"].map(
				async (path) => (await ask(path, { accept: TABLE })).body.rows,
			),
		)
		const cells = (all: { cells: unknown[] }[]) => all.map((row) => row.cells)
		expect(cells(others)).toEqual(cells(rows))
		const { name, namespace } = core.items[0].metadata
		expect((await ask(`/api/v1/namespaces/${namespace}/events/${name}`)).body.metadata.name).toBe(name)
		expect((await ask(`/api/v1/namespaces/elsewhere/events/${name}`)).status).toBe(404)
	})
})

describe("one object", () => {
	test("is given whole, as a Table of one row, or as its metadata", async () => {
		const ask = apiOver(running())
		const path = "/apis/apps/v1/namespaces/kube-system/daemonsets/fluentd"
		expect((await ask(path)).body).toMatchObject({ kind: "DaemonSet", status: { numberReady: 3 } })
		expect((await ask(path, { accept: TABLE })).body.rows).toHaveLength(1)
		const accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
		expect(Object.keys((await ask(path, { accept })).body)).toEqual(["kind", "apiVersion", "metadata"])
	})

	test("that is not there is named as the server names it", async () => {
		const { body } = await apiOver(running())("/apis/apps/v1/namespaces/kube-system/daemonsets/nosuch")
		expect(body).toEqual({
			kind: "Status",
			apiVersion: "v1",
			metadata: {},
			status: "Failure",
			message: 'daemonsets.apps "nosuch" not found',
			reason: "NotFound",
			details: { name: "nosuch", group: "apps", kind: "daemonsets" },
			code: 404,
		})
	})
})

describe("a path", () => {
	test.each([
		["/api/v1/namespaces/kube-system/pods/../../nodes", 404],
		["/api/v1/namespaces/kube-system/pods/..%2f..%2fnodes", 404],
		["/api/v1/namespaces//pods", 404],
		["/api/v1/%", 404],
		["/api/v1/pods/x", 404],
		["/apis/apps/v2/daemonsets", 404],
		["/apis/nosuch/v1/things", 404],
		["/apis/apps/v1/namespaces/kube-system/daemonsets/fluentd/scale", 404],
		["/api/v1/namespaces/kube-system/pods/x/log/y", 404],
		["/__proto__/v1/constructor", 404],
		["/apis/__proto__/constructor/toString", 404],
	])("%s is answered with %i", async (path, status) => {
		expect((await apiOver(running())(path)).status).toBe(status)
	})

	test("takes no method and no wish that nobody knows", async () => {
		const ask = apiOver(running())
		expect((await ask("/api/v1/pods", { method: "BREW" })).body).toMatchObject({
			code: 405,
			reason: "MethodNotAllowed",
		})
		expect((await ask("/api/v1/pods", { accept: "text/html" })).body).toMatchObject({ code: 406 })
		expect((await ask("/api/v1/namespaces/x/pods/y", { method: "DELETE", access: "read" })).body).toMatchObject({
			code: 403,
			reason: "Forbidden",
		})
	})

	test("has nothing behind it before the first commit is read, but discovery", async () => {
		const ask = apiOver(undefined)
		expect((await ask("/api/v1/pods")).body).toMatchObject({ code: 503, details: { retryAfterSeconds: 1 } })
		expect((await ask("/readyz")).status).toBe(503)
		expect((await ask("/api/v1")).body.resources.length).toBeGreaterThan(10)
	})
})

describe("discovery", () => {
	const crd = (version: string) => ({
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: { name: "widgets.example.com" },
		spec: {
			group: "example.com",
			scope: "Namespaced",
			names: { kind: "Widget", plural: "widgets", singular: "widget", shortNames: ["wd"] },
			versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
		},
	})

	test("tells the kinds that CustomResourceDefinitions bring, and serves their objects", async () => {
		const live = running()
		apply(live, crd("v1"))
		apply(live, {
			apiVersion: "example.com/v1",
			kind: "Widget",
			metadata: { name: "w", namespace: "kube-system" },
		})
		const ask = apiOver(live)
		expect((await ask("/apis/example.com/v1")).body.resources).toMatchObject([{ name: "widgets", shortNames: ["wd"] }])
		expect(namesIn((await ask("/apis/example.com/v1/namespaces/kube-system/widgets")).body)).toEqual(["w"])
	})

	test("says the same in one answer and in many", async () => {
		const ask = apiOver(running())
		const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
		const { items } = JSON.parse((await ask("/apis", { accept })).text)
		const groups = (await ask("/apis")).body.groups
		expect(items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(
			groups.map(({ name }: { name: string }) => name),
		)
		const apps = (await ask("/apis/apps/v1")).body.resources
		expect(apps.map(({ name }: { name: string }) => name)).toContain("daemonsets/status")
		const daemonSets = items
			.find((item: { metadata: { name: string } }) => item.metadata.name === "apps")
			.versions[0].resources.find(({ resource }: { resource: string }) => resource === "daemonsets")
		expect(daemonSets).toMatchObject({ shortNames: ["ds"], categories: ["all"], scope: "Namespaced" })
	})
})
