import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { connect as connectTls } from "node:tls"
import * as fc from "fast-check"
import { afterEach, describe, expect, test } from "vitest"
import { type Serving, serveApi } from "../../src/api/index.ts"
import { apiOver } from "../builders/api.ts"
import { apply, cluster, daemonSet, settle } from "../builders/cluster.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

function running() {
	const live = cluster(3)
	apply(live, daemonSet())
	settle(live)
	return live
}

const WORDS = [
	...[
		"api",
		"apis",
		"v1",
		"apps",
		"namespaces",
		"kube-system",
		"pods",
		"nodes",
		"daemonsets",
		"fluentd",
		"status",
		"log",
	],
	...[
		"openapi",
		"v3",
		"metrics.k8s.io",
		"v1beta1",
		"events",
		"exec",
		"coordination.k8s.io",
		"leases",
		"watch",
		"metrics",
	],
	...[
		"..",
		".",
		"",
		"%2e%2e",
		"%2F",
		"%00",
		"%",
		"__proto__",
		"constructor",
		"toString",
		"hasOwnProperty",
		"a".repeat(5_000),
	],
	...["authorization.k8s.io", "selfsubjectaccessreviews", "authentication.k8s.io", "selfsubjectreviews", "\ud800", "é"],
]
const NAMES = [
	"limit",
	"continue",
	"labelSelector",
	"fieldSelector",
	"resourceVersion",
	"resourceVersionMatch",
	"watch",
].concat(
	["timeoutSeconds", "sendInitialEvents", "allowWatchBookmarks", "includeObject", "container", "tailLines", "previous"],
	["fieldManager", "dryRun", "force", "fieldValidation", "pretty", "__proto__"],
)
const VALUES = [
	"",
	"1",
	"0",
	"true",
	"-1",
	"1e9",
	"99999999999999999999",
	"Exact",
	"NotOlderThan",
	"a=b",
	"a in (b,",
	"!",
	"a=b,,c",
	"(((",
].concat([
	"metadata.name=x",
	"spec.nodeName=",
	"a!=b=c",
	"W10",
	"WyJ4IiwxXQ",
	"\0",
	"None",
	"Strict",
	"(".repeat(50_000),
	"a,".repeat(20_000),
])
const BODIES = [
	"",
	"{",
	"[]",
	"null",
	"0",
	'{"kind":"Pod"}',
	'{"metadata":{"name":"x"}}',
	"[".repeat(100_000),
	'{"a":'.repeat(50_000),
	"\0\xff",
].concat([
	'{"__proto__":{"polluted":true}}',
	'{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","namespace":"kube-system"}}',
])
const TYPES = ["application/json", "application/yaml", "text/html", "", "application/vnd.kubernetes.protobuf"].concat([
	"application/merge-patch+json",
	"application/json-patch+json",
	"application/strategic-merge-patch+json",
	"application/apply-patch+yaml",
])
const ACCEPTS = [
	"application/json",
	"*/*",
	"",
	"application/json;as=Table;v=v1;g=meta.k8s.io",
	";;;,,,",
	"text/html,*/*;q=0.1",
]

const anyRequest = fc.record({
	path: fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }).map((parts) => `/${parts.join("/")}`),
	query: fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES)), { maxLength: 4 }),
	method: fc.constantFrom("GET", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"),
	accept: fc.constantFrom(...ACCEPTS),
	contentType: fc.constantFrom(...TYPES),
	body: fc.constantFrom(...BODIES),
})

describe("the API, asked anything", () => {
	test("answers below 500, in JSON that says so, and stays as it is", async () => {
		const live = running()
		const before = live.digest()
		const ask = apiOver(live)
		await fc.assert(
			fc.asyncProperty(anyRequest, async ({ path, query, ...words }) => {
				const search = new URLSearchParams(query).toString()
				// The token that may only read: writes have tests of their own.
				const reply = await ask(`${path}?${search}`, { ...words, access: "read" })
				expect(reply.status).toBeLessThan(500)
				if (reply.status >= 400) expect(reply.body).toMatchObject({ kind: "Status", code: reply.status })
			}),
			{ numRuns: 3_000 },
		)
		expect(live.digest()).toBe(before)
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
	})

	test("reads long selectors and tokens without thinking long", async () => {
		const ask = apiOver(running())
		const started = process.cpuUsage()
		for (const value of VALUES.filter(({ length }) => length > 1_000)) {
			for (const name of ["labelSelector", "fieldSelector", "continue"]) {
				expect((await ask(`/api/v1/pods?${name}=${encodeURIComponent(value)}`)).status).toBeLessThan(500)
			}
		}
		expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000)
	})
})

const open: Serving[] = []
afterEach(async () => {
	for (const serving of open.splice(0)) await serving.close()
})

describe("the server", () => {
	async function served() {
		const live = running()
		const failures: unknown[] = []
		const serving = await serveApi({
			directory: temporaryDirectory(),
			cluster: () => live,
			described: () => undefined,
			ask: () => Promise.reject(new Error("nobody writes")),
			wall: () => new Date(),
			monotonic: () => performance.now(),
			failed: (failure) => failures.push(failure),
		})
		open.push(serving)
		const config = JSON.parse(readFileSync(serving.kubeconfig, "utf8"))
		const ca = Buffer.from(config.clusters[0].cluster["certificate-authority-data"], "base64").toString()
		const { port } = new URL(serving.url)
		const tls = () => connectTls({ host: "127.0.0.1", port: Number(port), ca }).on("error", () => {})
		/** What comes back for these bytes, to the end of the connection, or until something came. */
		const say = (bytes: string): Promise<string> =>
			new Promise((resolve) => {
				const socket = tls()
				let text = ""
				socket.on("data", (chunk) => {
					text += chunk
					socket.destroy()
				})
				socket.on("close", () => resolve(text))
				socket.write(bytes, "latin1")
			})
		const token: string = config.users[0].user.token
		return { say, tls, token, failures, port: Number(port) }
	}
	const get = (path: string, token: string, more = "") =>
		`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${more}\r\n`

	test("lets nobody who says nothing, half of it or nonsense stand in the way of others", async () => {
		const { say, tls, token, failures, port } = await served()
		const silent = Array.from({ length: 50 }, () => connect(port, "127.0.0.1").on("error", () => {}))
		const halves = Array.from({ length: 50 }, () => tls())
		for (const socket of halves) socket.write(`GET /api/v1/pods HTTP/1.1\r\nHost: loc`)
		for (const bytes of [
			"\0\0\0\0",
			"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
			"GET\r\n\r\n",
			`${"A".repeat(100_000)}\r\n\r\n`,
		]) {
			expect(await say(bytes)).not.toMatch(/^HTTP\/1.1 (2|5)/)
		}
		expect(await say(get("/api/v1/nodes?limit=1", token))).toMatch(/^HTTP\/1.1 200/)
		for (const socket of [...silent, ...halves]) socket.destroy()
		expect(failures).toEqual([])
	})

	test.each([
		["two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n", /^(HTTP\/1.1 4|$)/],
		["a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", /^(HTTP\/1.1 4|$)/],
		["a header of 64 KiB", `X: ${"x".repeat(65_536)}\r\n`, /^(HTTP\/1.1 4|$)/],
		["another token beside", "X-Forwarded-Host: evil.example\r\n", /^HTTP\/1.1 200/],
		["an upgrade", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n", /^HTTP\/1.1 200/],
	])("answers a request with %s as it should", async (_, headers, answer) => {
		const { say, token, failures } = await served()
		expect(await say(get("/api/v1/nodes?limit=1", token, headers))).toMatch(answer)
		expect(await say(get("/api/v1/nodes?limit=1", token))).toMatch(/^HTTP\/1.1 200/)
		expect(failures).toEqual([])
	})
})
