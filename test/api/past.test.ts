import { describe, expect, test } from "vitest"
import type { NoPast, Past } from "../../src/api/index.ts"
import { apiOver, TABLE } from "../builders/api.ts"
import { apply, cluster, daemonSet } from "../builders/cluster.ts"

const DAEMON_SETS = "apis/apps/v1/daemonsets"

/** An API that knows every past but 9999: in each a DaemonSet of that name. */
function apiWithPasts(bytes = 0) {
	const live = cluster()
	apply(live, daemonSet({ name: "now" }))
	const worked: string[] = []
	const clock = { ms: 0 }
	const past = async (when: string): Promise<Past | NoPast> => {
		worked.push(when)
		if (when === "9999") return { message: `Cannot find "${when}"` }
		const then = cluster()
		apply(then, daemonSet({ name: when }))
		return { cluster: then, bytes, asOf: `moment ${when}` }
	}
	const ask = apiOver(live, clock, { past })
	const names = async (path: string) =>
		(await ask(path)).body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)
	return { ask, names, worked, clock }
}

describe("a past", () => {
	test("answers below /at/WHEN as the cluster of then, beside what runs", async () => {
		const { ask, names } = apiWithPasts()
		expect(await names(`/${DAEMON_SETS}`)).toEqual(["now"])
		expect(await names(`/at/1111/${DAEMON_SETS}`)).toEqual(["1111"])
		expect(await names(`/at/2222/${DAEMON_SETS}`)).toEqual(["2222"])
		expect((await ask(`/at/1111/${DAEMON_SETS}`, { accept: TABLE })).body.rows[0].cells[0]).toBe("1111")
		expect((await ask("/at/1111/version")).body.gitVersion).toBe((await ask("/version")).body.gitVersion)
		expect((await ask("/at/1111")).body.paths).toContain("/apis")
		expect((await ask("/at/1111/apis")).body.kind).toBe("APIGroupList")
		expect((await ask("/at/1111/at/2222/version")).status).toBe(404)
		expect((await ask("/at")).status).toBe(404)
	})

	test("is worked out once, also for those who ask at the same time", async () => {
		const { ask, worked } = apiWithPasts()
		await Promise.all(["api", "apis", DAEMON_SETS].map((path) => ask(`/at/1111/${path}`)))
		await ask(`/at/1111/${DAEMON_SETS}`)
		expect(worked).toEqual(["1111"])
	})

	test.each(["POST", "PUT", "PATCH", "DELETE"])("refuses %s, and says of what moment it is", async (method) => {
		const { ask } = apiWithPasts()
		const place = "/at/1111/apis/apps/v1/namespaces/default/daemonsets"
		const { status, body } = await ask(method === "POST" ? place : `${place}/1111`, { method, body: {} })
		expect([status, body.reason]).toEqual([403, "Forbidden"])
		expect(body.message).toContain("this is the cluster as of moment 1111, which can only be read")
	})

	test("tells who asks whether it may that it may not", async () => {
		const { ask } = apiWithPasts()
		const body = { spec: { resourceAttributes: { verb: "create", resource: "pods" } } }
		const path = "apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
		expect((await ask(`/${path}`, { method: "POST", body })).body.status).toEqual({ allowed: true })
		expect((await ask(`/at/1111/${path}`, { method: "POST", body })).body.status).toEqual({
			allowed: false,
			reason: "this is the cluster as of moment 1111",
		})
	})

	test("sends a watch what was there, and then nothing but bookmarks", async () => {
		const { ask, clock } = apiWithPasts()
		const watching = await ask.watch(`/at/1111/${DAEMON_SETS}?watch=1&allowWatchBookmarks=true`)
		expect(watching.take().map(({ type }) => type)).toEqual(["ADDED", "BOOKMARK"])
		ask.told()
		clock.ms += 61_000
		ask.tick()
		expect(watching.take().map(({ type }) => type)).toEqual(["BOOKMARK"])
		expect(watching.ended()).toBeUndefined()
	})

	test("goes on with a list where it was let go of and worked out again in between", async () => {
		const { ask, worked, clock } = apiWithPasts()
		const first = (await ask("/at/1111/api/v1/namespaces?limit=2")).body
		clock.ms += 600_000
		ask.tick()
		ask.tick()
		const rest = (await ask(`/at/1111/api/v1/namespaces?limit=500&continue=${first.metadata.continue}`)).body
		expect(worked).toEqual(["1111", "1111"])
		const whole = (await ask("/at/1111/api/v1/namespaces")).body
		expect([...first.items, ...rest.items]).toEqual(whole.items)
		expect(rest.items.length).toBeGreaterThan(0)
	})

	test("that nobody can tell is refused in words that kubectl prints, and is asked anew the next time", async () => {
		const { ask, worked } = apiWithPasts()
		for (const path of ["api", DAEMON_SETS]) {
			const { status, text } = await ask(`/at/9999/${path}`)
			expect([status, text]).toEqual([403, 'Cannot find "9999"'])
		}
		expect(worked).toEqual(["9999", "9999"])
	})

	test.each(["HEAD", "30m", "-x", "%2e%2e", "1a2", "yesterday", "1".repeat(65), "__proto__"])(
		"is not named %s: nothing is worked out for that",
		async (when) => {
			const { ask, worked } = apiWithPasts()
			const { status } = await ask(`/at/${when}/${DAEMON_SETS}`)
			expect([403, 404]).toContain(status)
			expect(worked).toEqual([])
		},
	)

	test("makes room for the fourth where it was asked longest ago, unless it is watched", async () => {
		const { ask, names, worked, clock } = apiWithPasts()
		for (const when of ["1111", "2222", "3333"]) {
			clock.ms++
			await names(`/at/${when}/${DAEMON_SETS}`)
		}
		const watching = await ask.watch(`/at/1111/${DAEMON_SETS}?watch=1`)
		clock.ms++
		expect(await names(`/at/4444/${DAEMON_SETS}`)).toEqual(["4444"])
		expect(await names(`/at/1111/${DAEMON_SETS}`)).toEqual(["1111"])
		expect(worked).toEqual(["1111", "2222", "3333", "4444"])
		expect(await names(`/at/2222/${DAEMON_SETS}`)).toEqual(["2222"])
		expect(worked).toEqual(["1111", "2222", "3333", "4444", "2222"])
		expect(watching.ended()).toBeUndefined()
	})

	test("that is large is kept alone, beside those that are watched", async () => {
		const { ask, worked } = apiWithPasts(200 * 1024 * 1024)
		await ask.watch(`/at/1111/${DAEMON_SETS}?watch=1`)
		for (const when of ["2222", "2222", "3333", "1111", "2222"]) await ask(`/at/${when}/${DAEMON_SETS}`)
		expect(worked).toEqual(["1111", "2222", "3333", "2222"])
	})

	test("is refused where all that are kept are watched", async () => {
		const { ask } = apiWithPasts()
		for (const when of ["1111", "2222", "3333"]) await ask.watch(`/at/${when}/${DAEMON_SETS}?watch=1`)
		const { status, text } = await ask(`/at/4444/${DAEMON_SETS}`)
		expect([status, text]).toEqual([403, expect.stringContaining("3 other pasts are watched")])
	})

	test("that nobody asks for five minutes is let go of", async () => {
		const { ask, worked, clock } = apiWithPasts()
		await ask(`/at/1111/${DAEMON_SETS}`)
		for (const ms of [299_000, 2_000]) {
			clock.ms += ms
			ask.tick()
		}
		await ask(`/at/1111/${DAEMON_SETS}`)
		expect(worked).toEqual(["1111", "1111"])
	})
})
