import { describe, expect, test } from "vitest"
import { apiOver } from "../builders/api.ts"
import { apply, behavior, cluster, daemonSet, pods } from "../builders/cluster.ts"

function running(spec = {}) {
	const live = cluster(2)
	apply(live, behavior(spec))
	apply(
		live,
		daemonSet({ image: "fluentd:1", container: { resources: { requests: { cpu: "100m", memory: "200Mi" } } } }),
	)
	live.advance(live.now() + 120_000)
	const name = pods(live)[0]?.metadata.name ?? ""
	return { live, ask: apiOver(live), pod: `/api/v1/namespaces/kube-system/pods/${name}` }
}

describe("the log of a pod", () => {
	test("says when the simulated container started", async () => {
		const { ask, pod } = running()
		const { status, text } = await ask(`${pod}/log?timestamps=true`)
		expect([status, text]).toEqual([200, expect.stringMatching(/^2026-01-01T\S+Z agent: started fluentd:1\n$/)])
		expect((await ask(`${pod}/log?tailLines=0`)).text).toBe("")
	})

	test("of one that crashes says how each known run ended, the last one alone with --previous", async () => {
		const { ask, pod } = running({ failures: [{ kind: "CrashLoop", after: "5s", exitCode: 3 }] })
		expect((await ask(`${pod}/log`)).text).toMatch(/started fluentd:1\nagent: ended: Error, exit code 3\n/)
		expect((await ask(`${pod}/log?previous=true`)).text.match(/ended/g)).toHaveLength(1)
	})

	test.each([
		["?container=nosuch", 400],
		["?previous=true", 400],
		["?tailLines=x", 400],
	])("with %s is refused", async (query, status) => {
		const { ask, pod } = running()
		expect((await ask(`${pod}/log${query}`)).status).toBe(status)
	})
})

test.each(["exec", "attach", "portforward"])("%s is refused: nothing runs in a simulated pod", async (part) => {
	const { ask, pod } = running()
	for (const [method, access] of [
		["GET", "write"],
		["POST", "write"],
		["POST", "read"],
	] as const) {
		const { body } = await ask(`${pod}/${part}?command=sh`, { method, access })
		expect(body).toMatchObject({ code: 403, message: expect.stringContaining("no process runs in it") })
	}
})

describe("metrics.k8s.io", () => {
	test("says that everybody uses what they request", async () => {
		const { ask } = running()
		const { items } = (await ask("/apis/metrics.k8s.io/v1beta1/pods")).body
		expect(items).toHaveLength(2)
		expect(items[0].containers).toEqual([{ name: "agent", usage: { cpu: "100m", memory: "200Mi" } }])
		const nodes = (await ask("/apis/metrics.k8s.io/v1beta1/nodes")).body.items
		expect(nodes.map(({ usage }: { usage: unknown }) => usage)).toEqual([
			{ cpu: "100m", memory: "200Mi" },
			{ cpu: "100m", memory: "200Mi" },
		])
	})
})

describe("who asks what they may do", () => {
	const REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
	const asks = (verb: string) => ({ spec: { resourceAttributes: { verb, resource: "pods" } } })

	test.each([
		["write", "delete", true],
		["read", "delete", false],
		["read", "list", true],
	] as const)("with the %s token, and may they %s: %s", async (access, verb, allowed) => {
		const { body } = await running().ask(REVIEW, { method: "POST", access, body: asks(verb) })
		expect(body.status.allowed).toBe(allowed)
	})

	const deep = `{"spec":${'{"a":'.repeat(100_000)}1${"}".repeat(100_001)}`
	test.each(["", "[]", "{", "null", deep, "k8s\0\x12\xff\xff\xff"])(
		"in words that nobody reads is refused: %#",
		async (body) => {
			const { ask } = running()
			for (const contentType of ["application/json", "application/vnd.kubernetes.protobuf"]) {
				expect((await ask(REVIEW, { method: "POST", body, contentType })).status).toBe(400)
			}
		},
	)
})

describe("who asks about others", () => {
	const AUTHORIZATION = "/apis/authorization.k8s.io/v1"
	const TOKENS = "/apis/authentication.k8s.io/v1/tokenreviews"
	const asked = (url: string, spec: object, access: "read" | "write" = "write") =>
		running().ask(url, { method: "POST", access, body: { spec } })

	test.each([
		[
			"write",
			{ authenticated: true, user: { username: "rollcall", groups: ["system:masters", "system:authenticated"] } },
		],
		["read", { authenticated: true, user: { username: "rollcall-read-only", groups: ["system:authenticated"] } }],
		["another", { user: {}, error: "invalid bearer token" }],
	])("is told whose the token is: %s", async (token, status) => {
		expect((await asked(TOKENS, { token })).body).toMatchObject({ kind: "TokenReview", spec: { token }, status })
	})

	test.each([
		["rollcall", "delete", true],
		["rollcall-read-only", "delete", false],
		["rollcall-read-only", "watch", true],
		["system:admin", "list", false],
	])("is told whether %s may %s: %s", async (user, verb, allowed) => {
		const spec = { user, resourceAttributes: { verb, resource: "pods", namespace: "default" } }
		for (const path of ["subjectaccessreviews", "namespaces/default/localsubjectaccessreviews"]) {
			const { status, body } = await asked(`${AUTHORIZATION}/${path}`, spec)
			expect([status, body.spec, body.status.allowed]).toEqual([201, spec, allowed])
		}
	})

	test.each([
		[TOKENS, {}, "token is required for TokenReview in authentication"],
		[`${AUTHORIZATION}/localsubjectaccessreviews`, {}, "namespace is required on this type"],
		[
			`${AUTHORIZATION}/namespaces/default/localsubjectaccessreviews`,
			{ user: "rollcall", resourceAttributes: { verb: "get", resource: "pods", namespace: "other" } },
			"spec.resourceAttributes.namespace must match namespace: default",
		],
	])("at %s of %j is refused: %s", async (url, spec, message) => {
		expect((await asked(url, spec)).body).toMatchObject({ code: 400, message })
	})

	test("does so with the token that may write", async () => {
		expect((await asked(TOKENS, { token: "write" }, "read")).status).toBe(403)
	})
})

describe("OpenAPI", () => {
	test("has a document for each group and version, which says how lists merge", async () => {
		const { ask } = running()
		const { paths } = JSON.parse((await ask("/openapi/v3")).text)
		const { serverRelativeURL } = paths["apis/apps/v1"]
		const reply = await ask(serverRelativeURL)
		const { components, paths: own } = reply.body
		const { properties } = components.schemas["io.k8s.api.core.v1.PodSpec"]
		expect(properties.containers).toMatchObject({ "x-kubernetes-patch-merge-key": "name", type: "array" })
		const { patch } = own["/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}"]
		expect(patch.parameters.map(({ name }: { name: string }) => name)).toContain("fieldValidation")
		expect(Object.keys(patch.requestBody.content)).toContain("application/strategic-merge-patch+json")
	})

	test.each(["/api", "/apis", "/openapi/v2", "/openapi/v3", "/openapi/v3/apis/apps/v1"])(
		"%s is sent once to who keeps it",
		async (path) => {
			const { ask } = running()
			const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
			const first = await ask(path, { accept })
			const again = await ask(path, { accept, ifNoneMatch: first.headers["etag"] ?? "" })
			expect([first.status, first.text === "", again.status, again.text]).toEqual([200, false, 304, ""])
		},
	)

	test("names nothing that it does not describe, in version 2 as in version 3", async () => {
		const { ask } = running()
		const { paths } = JSON.parse((await ask("/openapi/v3")).text)
		for (const path of [...Object.keys(paths).map((path) => `/openapi/v3/${path}`), "/openapi/v2"]) {
			const { text, body } = await ask(path)
			const known = new Set(Object.keys(body.components?.schemas ?? body.definitions))
			const named = [...text.matchAll(/"#\/(?:components\/schemas|definitions)\/([^"]+)"/g)].map(([, name]) => name)
			expect([path, named.filter((name) => !known.has(name ?? ""))]).toEqual([path, []])
		}
	})
})

test("/metrics says for Prometheus what was asked, and how DaemonSets stand", async () => {
	const { ask } = running()
	await ask("/api/v1/nodes")
	await ask("/api/v1/nosuch")
	await ask("/api/v1/nodes", { method: "BREW" })
	const lines = (await ask("/metrics")).text.split("\n")
	expect(lines).toEqual(
		expect.arrayContaining([
			"# TYPE rollcall_api_requests_total counter",
			'rollcall_api_requests_total{method="GET",code="200"} 1',
			'rollcall_api_requests_total{method="GET",code="404"} 1',
			'rollcall_api_requests_total{method="other",code="405"} 1',
			'rollcall_daemonset_available{namespace="kube-system",daemonset="fluentd"} 2',
		]),
	)
	expect(lines.filter((line) => !/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [\d.]+|)$/.test(line))).toEqual([])
})
