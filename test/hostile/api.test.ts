import type { Socket } from "node:net"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { apiOver } from "../builders/api.ts"
import { apply, cluster, daemonSet, settle } from "../builders/cluster.ts"
import { servedApi } from "../builders/served-api.ts"

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

describe("the server", () => {
	test("lets nobody who says nothing, half of it or nonsense stand in the way of others", async () => {
		const { say, ask, tls, tcp, failures } = await servedApi(running())
		const silent = Array.from({ length: 50 }, tcp)
		const halves = Array.from({ length: 50 }, tls)
		for (const socket of halves) socket.write(`GET /api/v1/pods HTTP/1.1\r\nHost: loc`)
		for (const bytes of ["\0\0\0\0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET\r\n\r\n", "A".repeat(200_000)]) {
			expect((await say(bytes)).status).toBe(400)
		}
		expect((await ask("GET /api/v1/nodes?limit=1")).status).toBe(200)
		for (const socket of [...silent, ...halves]) socket.destroy()
		expect(failures).toEqual([])
	})

	test("answers a client while a thousand others, and a thousand strangers, only keep their connections", async () => {
		const { ask, tls, tcp, tokens, failures } = await servedApi(running())
		const clients = Array.from({ length: 1_000 }, tls)
		const head = `GET /api/v1/nodes?limit=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokens.write}\r\n\r\n`
		await Promise.all(clients.map((socket) => new Promise((answered) => socket.on("data", answered).write(head))))
		const strangers = Array.from({ length: 1_000 }, tcp)
		for (const access of ["write", "read"] as const) {
			const { status } = await ask("GET /api/v1/nodes?limit=1", [`Authorization: Bearer ${tokens[access]}`])
			expect(status).toBe(200)
		}
		for (const socket of [...clients, ...strangers]) socket.destroy()
		expect(failures).toEqual([])
	})

	test("takes no place for requests whose client went before their turn", async () => {
		const { ask, tls, tokens, failures } = await servedApi(running())
		const bytes = ["GET /api/v1/pods?watch=1", "DELETE /api/v1/nodes"].map(
			(line) => `${line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokens.read}\r\n\r\n`,
		)
		const leave = async () => {
			const socket = tls()
			// The watch lasts, and what comes behind it has its turn when nobody is there any more.
			await new Promise((told) => socket.once("data", told).write(bytes.join("")))
			socket.destroy()
		}
		await Promise.all(Array.from({ length: 210 }, leave))
		const { status } = await ask("DELETE /api/v1/nodes", [`Authorization: Bearer ${tokens.read}`])
		expect(status).toBe(403)
		expect(failures).toEqual([])
	})

	test("closes what says nothing, half of something, or something slowly", async () => {
		const { tls, tcp, tokens, ask } = await servedApi(running(), { patience: { headMs: 200, requestMs: 400 } })
		const closed = (socket: Socket, first: string, more = ""): Promise<string> =>
			new Promise((resolve) => {
				let text = ""
				if (first !== "") socket.write(first)
				const saying = setInterval(() => more !== "" && socket.write(more), 50)
				socket.on("data", (chunk) => {
					text += chunk
				})
				socket.on("close", () => {
					clearInterval(saying)
					resolve(text.split("\r\n")[0] ?? "")
				})
			})
		const head = `POST /api/v1/pods HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokens.write}\r\n`
		const late = "HTTP/1.1 408 Request Timeout"
		expect(
			await Promise.all([
				closed(tcp(), ""),
				closed(tls(), ""),
				closed(tls(), head),
				closed(tls(), head, "X-More: x\r\n"),
				closed(tls(), `${head}Content-Length: 1000\r\n\r\n`),
				closed(tls(), `${head}Content-Length: 1000\r\n\r\n`, "x"),
			]),
		).toEqual(["", late, late, late, late, late])
		expect((await ask("GET /api/v1/nodes?limit=1")).status).toBe(200)
	})
})
