import { describe, expect, test } from "vitest"
import { apiOver, TABLE, type WatchEvent } from "../builders/api.ts"
import { apply, cluster, daemonSet, FLUENTD, pods, remove, send, settle } from "../builders/cluster.ts"

const PODS = "/api/v1/namespaces/kube-system/pods"
const SETS = "/apis/apps/v1/namespaces/kube-system/daemonsets"

function running(nodes = 3, image = "fluentd:1") {
	const live = cluster(nodes)
	apply(live, daemonSet({ image }))
	settle(live)
	const clock = { ms: 0 }
	const ask = apiOver(live, clock)
	/** Rolls out another image, a batch for each instant. */
	const roll = (image: string): void => {
		apply(live, daemonSet({ image }))
		ask.told()
		for (let next = live.nextAt(); next !== undefined && !live.settled(); next = live.nextAt()) {
			live.advance(next)
			ask.told()
		}
	}
	return { live, ask, clock, roll }
}

const nameOf = ({ metadata }: { metadata: { name: string } }) => metadata.name
const versionOf = ({ metadata }: { metadata: { name: string; resourceVersion: string } }) =>
	[metadata.name, metadata.resourceVersion] as const
const typesOf = (events: readonly WatchEvent[]) => events.map(({ type }) => type)

/** What a client holds that began with a list and took every event. */
function held(items: readonly { metadata: { name: string } }[], events: readonly WatchEvent[]): Map<string, unknown> {
	const objects = new Map<string, unknown>(items.map((item) => [item.metadata.name, item]))
	for (const { type, object } of events) {
		if (type === "DELETED") expect(objects.delete(object.metadata.name)).toBe(true)
		else {
			expect([type, object.metadata.name, objects.has(object.metadata.name)]).toEqual([
				type,
				object.metadata.name,
				type === "MODIFIED",
			])
			const { kind: _kind, apiVersion: _version, ...item } = object
			objects.set(object.metadata.name, item)
		}
	}
	return objects
}

describe("a watch", () => {
	test.each([
		["", "all pods"],
		["&labelSelector=app%3Dfluentd", "by label"],
		["&fieldSelector=status.phase%3DRunning", "by a field that changes"],
	])("that goes on from a list%s gives what a list gives in the end: %s", async (query) => {
		const { ask, roll } = running()
		const { body } = await ask(`${PODS}?x=y${query}`)
		const watch = await ask.watch(`${PODS}?watch=true&resourceVersion=${body.metadata.resourceVersion}${query}`)
		roll("fluentd:2")
		roll("fluentd:3")
		const after = (await ask(`${PODS}?x=y${query}`)).body
		const now = new Map(after.items.map((item: { metadata: { name: string } }) => [item.metadata.name, item]))
		expect(held(body.items, watch.take())).toEqual(now)
	})

	test("that comes late gets each object once, as it is now", async () => {
		const { ask, roll } = running()
		const { body } = await ask(PODS)
		roll("fluentd:2")
		const watch = await ask.watch(`${PODS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`)
		const events = watch.take()
		expect(typesOf(events).sort()).toEqual(["ADDED", "ADDED", "ADDED", "DELETED", "DELETED", "DELETED"])
		expect(held(body.items, events).size).toBe(3)
	})

	test("that is cut off after any event misses nothing, going on from there", async () => {
		const { ask, roll, live } = running(12)
		const { body } = await ask(PODS)
		const from = (version: string) => ask.watch(`${PODS}?watch=true&resourceVersion=${version}`)
		const watch = await from(body.metadata.resourceVersion)
		roll("fluentd:2")
		for (const { metadata } of pods(live)) {
			send(live, { verb: "delete", key: `/Pod/kube-system/${metadata.name}`, gracePeriodSeconds: 0 })
		}
		live.advance(live.now() + 60_000)
		ask.told()
		const events = watch.take()
		const now = (await ask(PODS)).body.items.map(nameOf).sort()
		for (let cut = 1; cut <= events.length; cut++) {
			const version = events[cut - 1]?.object.metadata.resourceVersion
			const names = new Set<string>(body.items.map(nameOf))
			for (const { type, object } of [...events.slice(0, cut), ...(await from(version)).take()]) {
				if (type === "DELETED") names.delete(object.metadata.name)
				else names.add(object.metadata.name)
			}
			expect([cut, ...[...names].sort()]).toEqual([cut, ...now])
		}
	})

	test("without a version begins with what is there, and ends that with a bookmark where it is asked to", async () => {
		const { ask } = running()
		const items = (await ask(PODS)).body.items as object[]
		expect((await ask.watch(`${PODS}?watch=true`)).take()).toEqual(
			items.map((item) => ({ type: "ADDED", object: { apiVersion: "v1", kind: "Pod", ...item } })),
		)
		const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
		const events = (await ask.watch(`${PODS}?watch=1&${query}`)).take()
		expect(typesOf(events)).toEqual(["ADDED", "ADDED", "ADDED", "BOOKMARK"])
		expect(events[3]?.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" })
	})

	test("of one DaemonSet tells its statuses, and at last that it is gone", async () => {
		const { ask, live, roll } = running()
		await ask(`${SETS}/fluentd`)
		const watch = await ask.watch(
			`${SETS}?watch=1&resourceVersion=${live.version()}&fieldSelector=metadata.name%3Dfluentd`,
		)
		roll("fluentd:2")
		const statuses = watch.take().map(({ object }) => object.status.updatedNumberScheduled ?? 0)
		expect([statuses[0], statuses.at(-1)]).toEqual([3, 3])
		expect(statuses).toContain(1)
		remove(live, FLUENTD)
		settle(live)
		ask.told()
		const events = watch.take()
		expect(events.at(-1)).toMatchObject({ type: "DELETED", object: { metadata: { name: "fluentd" } } })
		expect(Number(events.at(-1)?.object.metadata.resourceVersion)).toBe(live.version())
	})

	test("of nodes tells a label that another hand set", async () => {
		const { ask, live } = running()
		const { body } = await ask("/api/v1/nodes")
		const watch = await ask.watch(`/api/v1/nodes?watch=1&resourceVersion=${body.metadata.resourceVersion}`)
		const node = live.read(`/Node//${body.items[1].metadata.name}`)
		if (node === undefined) throw new Error("no node")
		const object = { ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, rack: "r1" } } }
		send(live, { verb: "update", key: `/Node//${node.metadata.name}`, object })
		ask.told()
		expect(watch.take()).toMatchObject([{ type: "MODIFIED", object: { metadata: { labels: { rack: "r1" } } } }])
	})

	test("of Events tells each that is new or counted up", async () => {
		const { ask, roll } = running()
		const { body } = await ask("/api/v1/events")
		const watch = await ask.watch(`/api/v1/events?watch=1&resourceVersion=${body.metadata.resourceVersion}`)
		roll("fluentd:2")
		const after = (await ask("/api/v1/events")).body
		const named = (list: { items: { metadata: { name: string }; count: number }[] }) =>
			new Map(list.items.map(({ metadata, count }) => [metadata.name, count]))
		const seen = named(body)
		for (const { object } of watch.take()) seen.set(object.metadata.name, object.count)
		expect(seen).toEqual(named(after))
	})

	test("of Events tells of those that expired", async () => {
		const { ask, live, roll } = running()
		const { body } = await ask("/api/v1/events")
		const watch = await ask.watch(`/api/v1/events?watch=1&resourceVersion=${body.metadata.resourceVersion}`)
		roll("fluentd:2")
		const events = watch.take()
		for (const hours of [1, 1, 0, 0, 0]) {
			live.advance(live.now() + hours * 3_700_000)
			roll(`fluentd:${live.now()}`)
			events.push(...watch.take())
		}
		const after = (await ask("/api/v1/events")).body
		const known = new Map<string, string>(body.items.map(versionOf))
		for (const { type, object } of events) {
			if (type === "DELETED") expect(known.delete(nameOf(object))).toBe(true)
			else known.set(nameOf(object), object.metadata.resourceVersion)
		}
		expect([...known].sort()).toEqual(after.items.map(versionOf).sort())
		expect(events.find(({ type }) => type === "DELETED")?.object).toMatchObject({
			kind: "Event",
			reason: expect.any(String),
		})
	})

	test("as Tables tells the columns once, and of pods that go what they were", async () => {
		const { ask, live, roll } = running()
		await ask(PODS)
		const url = `${PODS}?watch=1&resourceVersion=${live.version()}`
		const watch = await ask.watch(url, { accept: TABLE })
		roll("fluentd:2")
		const events = watch.take()
		expect(events[0]?.object.columnDefinitions).toHaveLength(9)
		expect(events.slice(1).every(({ object }) => object.columnDefinitions === null)).toBe(true)
		const gone = events.filter(({ type }) => type === "DELETED").map(({ object }) => object.rows[0].cells[2])
		expect(gone).toEqual(["Terminating", "Terminating", "Terminating"])
	})

	test("from a version that nobody knows any more is told to list anew, and nothing else", async () => {
		const { ask, roll } = running()
		await ask(PODS)
		for (const version of [1, 999_999_999]) {
			const watch = await ask.watch(`${PODS}?watch=1&resourceVersion=${version}`)
			expect(watch.take()).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }])
			expect(watch.ended()).toBe("end")
			roll(`fluentd:${version}`)
			expect(watch.take()).toEqual([])
		}
	})

	test("that is not read holds nothing back, gets the rest later, and is dropped when it stays so", async () => {
		const { ask, clock, roll } = running(100)
		const { body } = await ask(PODS)
		const watch = await ask.watch(`${PODS}?watch=1&resourceVersion=${body.metadata.resourceVersion}`)
		watch.stall()
		for (let turn = 2; turn < 6; turn++) roll(`fluentd:${turn}`)
		expect(watch.most()).toBeLessThan(512 * 1024)
		watch.read()
		expect(held(body.items, watch.take()).size).toBe(100)
		watch.stall()
		roll("fluentd:7")
		clock.ms += 61_000
		ask.tick()
		expect(watch.ended()).toBe("drop")
	})

	test("whose time is over is told nothing more, and is dropped when it does not even read to its end", async () => {
		const { ask, clock, live, roll } = running(100)
		await ask(PODS)
		const watch = await ask.watch(`${PODS}?watch=1&resourceVersion=${live.version()}&timeoutSeconds=10`)
		watch.stall()
		roll("fluentd:2")
		clock.ms = 10_000
		ask.tick()
		expect(watch.ended()).toBe("end")
		watch.take()
		roll("fluentd:3")
		expect(watch.take()).toEqual([])
		clock.ms = 80_000
		ask.tick()
		expect(watch.ended()).toBe("drop")
	})

	test("ends when its time is over, and hears a bookmark a minute", async () => {
		const { ask, live, clock } = running()
		await ask(PODS)
		const watch = await ask.watch(
			`${PODS}?watch=1&resourceVersion=${live.version()}&allowWatchBookmarks=true&timeoutSeconds=100`,
		)
		clock.ms = 61_000
		ask.tick()
		expect(watch.take()).toMatchObject([
			{ type: "BOOKMARK", object: { kind: "Pod", metadata: { resourceVersion: String(live.version()) } } },
		])
		expect(watch.ended()).toBeUndefined()
		clock.ms = 100_000
		ask.tick()
		expect(watch.ended()).toBe("end")
	})

	test("tells a pod that was forced away within one batch", async () => {
		const { ask, live } = running()
		const { body } = await ask(PODS)
		const query = "labelSelector=app%3Dfluentd"
		const watch = await ask.watch(`${PODS}?watch=1&resourceVersion=${body.metadata.resourceVersion}&${query}`)
		const name = pods(live)[0]?.metadata.name ?? ""
		send(live, { verb: "delete", key: `/Pod/kube-system/${name}`, gracePeriodSeconds: 0 })
		live.advance(live.now() + 60_000)
		ask.told()
		const events = watch.take().filter(({ type }) => type === "DELETED")
		expect(events).toMatchObject([{ object: { metadata: { name, labels: { app: "fluentd" } } } }])
	})

	test("is asked for by the paths of old clients as well, also of one object", async () => {
		const { ask, live } = running()
		const [pod] = pods(live)
		const paths = ["/api/v1/watch/pods", `/api/v1/watch/namespaces/kube-system/pods/${pod?.metadata.name}`]
		const told = await Promise.all(paths.map(async (path) => (await ask.watch(path)).take().length))
		expect(told).toEqual([3, 1])
		expect((await ask("/apis/apps/v1/watch/daemonsets", { method: "DELETE" })).status).toBe(405)
		expect((await ask("/api/v1/watch/nodes/pool-1/status")).status).toBe(404)
	})

	test("of what is left of a selection ends with DELETED, as the object was and with the version of what it is", async () => {
		const { ask, live } = running()
		const { body } = await ask(PODS)
		const [pod] = pods(live)
		if (pod === undefined) throw new Error("no pod")
		const key = `/Pod/kube-system/${pod.metadata.name}`
		send(live, { verb: "update", key, object: { ...pod, metadata: { ...pod.metadata, labels: { app: "debug" } } } })
		ask.told([key])
		const from = `watch=1&resourceVersion=${body.metadata.resourceVersion}`
		const [left] = (await ask.watch(`${PODS}?${from}&labelSelector=app%3Dfluentd`)).take()
		expect(left).toMatchObject({
			type: "DELETED",
			object: { metadata: { name: pod.metadata.name, labels: { app: "fluentd" } } },
		})
		const [entered] = (await ask.watch(`${PODS}?${from}&labelSelector=app%3Ddebug`)).take()
		expect(entered).toMatchObject({ type: "ADDED", object: { metadata: { labels: { app: "debug" } } } })
		expect(left?.object.metadata.resourceVersion).toBe(entered?.object.metadata.resourceVersion)
	})

	test("of a namespace, a selection or one object hears of nothing else", async () => {
		const { ask, live, roll } = running()
		await ask(PODS)
		const from = `watch=1&resourceVersion=${live.version()}`
		const elsewhere = await ask.watch(`/api/v1/namespaces/default/pods?${from}`)
		const onOne = await ask.watch(`/api/v1/pods?${from}&fieldSelector=spec.nodeName%3Dpool-1`)
		roll("fluentd:2")
		expect(elsewhere.take()).toEqual([])
		expect(new Set(onOne.take().map(({ object }) => object.spec.nodeName))).toEqual(new Set(["pool-1"]))
	})

	test("as PartialObjectMetadata tells metadata alone", async () => {
		const { ask } = running(1)
		const accept = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
		const [event] = (await ask.watch(`${PODS}?watch=1`, { accept })).take()
		expect(Object.keys(event?.object).sort()).toEqual(["apiVersion", "kind", "metadata"])
	})

	test("of leases tells of nodes that come and go", async () => {
		const { ask, live } = running()
		const path = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
		const watch = await ask.watch(`${path}?watch=1`)
		expect(typesOf(watch.take())).toEqual(["ADDED", "ADDED", "ADDED"])
		remove(live, "/Node//pool-2")
		ask.told()
		expect(watch.take()).toMatchObject([{ type: "DELETED", object: { metadata: { name: "pool-2" } } }])
	})

	test("of namespaces has those that every cluster has, and tells of others", async () => {
		const { ask, live } = running()
		const watch = await ask.watch("/api/v1/namespaces?watch=1")
		const names = watch.take().map(({ object }) => object.metadata.name)
		expect(names).toEqual(["default", "kube-node-lease", "kube-public", "kube-system"])
		apply(live, { apiVersion: "v1", kind: "Namespace", metadata: { name: "logging" } })
		ask.told()
		expect(watch.take()).toMatchObject([{ type: "ADDED", object: { metadata: { name: "logging" } } }])
	})

	test("that begins with more than a few objects is told of one moment, however slowly it reads, and then of the rest", async () => {
		const { ask, live, roll } = running(300)
		const { body } = await ask(PODS)
		const watch = await ask.watch(`${PODS}?watch=1`, { stalled: true })
		roll("fluentd:2")
		expect(watch.most()).toBeLessThan(512 * 1024)
		watch.read()
		const events = watch.take()
		const first = events.slice(0, 300).map(({ object }) => nameOf(object))
		expect(first).toEqual(body.items.map(nameOf))
		expect([...held([], events).keys()].sort()).toEqual(pods(live).map(nameOf))
	})

	test.each([
		["timeoutSeconds=-1", 400],
		["labelSelector=a%3D%3D%3Db", 400],
		["resourceVersion=x", 400],
		["sendInitialEvents=true", 422],
		["resourceVersionMatch=NotOlderThan", 422],
		["resourceVersionMatch=Exact&sendInitialEvents=false", 422],
	])("with %s is refused", async (query, status) => {
		expect((await running().ask(`${PODS}?watch=1&${query}`)).status).toBe(status)
	})
})
