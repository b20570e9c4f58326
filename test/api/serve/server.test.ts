import { X509Certificate } from "node:crypto"
import { once } from "node:events"
import { statSync } from "node:fs"
import type { IncomingMessage } from "node:http"
import { request } from "node:https"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { apply, cluster, daemonSet } from "../../builders/cluster.ts"
import { servedApi } from "../../builders/served-api.ts"
import { temporaryDirectory } from "../../builders/temporary-directory.ts"

function served(directory = temporaryDirectory(), listen = {}) {
	const live = cluster()
	apply(live, daemonSet())
	return servedApi(live, { directory, listen })
}

describe("the server", () => {
	test("answers nobody without a token but to the three open paths", async () => {
		const { ask, tokens } = await served()
		const statusOf = async (path: string, token: string) =>
			(await ask(`GET ${path}`, [`Authorization: Bearer ${token}`])).status
		for (const path of ["/livez", "/readyz", "/version"]) expect(await statusOf(path, "")).toBe(200)
		for (const path of ["/", "/api", "/apis", "/api/v1/nodes", "/metrics", "/healthz", "/nosuch"]) {
			expect(await statusOf(path, "")).toBe(401)
			expect(await statusOf(path, `${tokens.read}x`)).toBe(401)
		}
		expect(await statusOf("/api/v1/nodes", tokens.read)).toBe(200)
	})

	test.each([
		["HTTP/1.1", "evil.example.com", 403],
		["HTTP/1.1", "localhost.evil.example.com", 403],
		["HTTP/1.1", "localhost:80", 200],
		["HTTP/1.1", "LOCALHOST", 200],
		["HTTP/1.1", "[::1]:443", 200],
		["HTTP/1.1", undefined, 400],
		["HTTP/1.0", undefined, 200],
		["HTTP/1.0", "evil.example.com", 403],
	])("over %s, by the Host %s, answers %d: a page of the web could name another", async (version, host, status) => {
		const { say } = await served()
		const header = host === undefined ? "" : `Host: ${host}\r\n`
		expect((await say(`GET /version ${version}\r\n${header}\r\n`)).status).toBe(status)
	})

	test("keeps its authority, tokens and port over restarts, for its owner alone", async () => {
		const first = await served()
		await first.serving.close()
		const second = await served(first.directory)
		expect([second.ca, second.tokens, second.serving.url]).toEqual([first.ca, first.tokens, first.serving.url])
		for (const name of ["api.json", "kubeconfig"]) {
			expect(statSync(join(first.directory, name)).mode & 0o777).toBe(0o600)
		}
		const authority = new X509Certificate(first.ca)
		expect([authority.ca, authority.verify(authority.publicKey)]).toEqual([true, true])
	})

	test("takes another port where that of the last time is taken, and says so where one was named", async () => {
		const first = await served()
		const second = await served(first.directory)
		expect(second.serving.url).not.toBe(first.serving.url)
		expect([first.serving.lostPort, second.serving.lostPort]).toEqual([undefined, first.port])
		await expect(served(temporaryDirectory(), { port: first.port })).rejects.toThrow("EADDRINUSE")
	})

	test("asked for any port takes that of the last time, so that copies of the kubeconfig stay good", async () => {
		const first = await served(temporaryDirectory(), { port: 0 })
		await first.serving.close()
		expect((await served(first.directory, { port: 0 })).serving.url).toBe(first.serving.url)
	})

	test("that closes ends its watches as answers end, not as connections break", async () => {
		const { serving, ca, tokens } = await served()
		const headers = { authorization: `Bearer ${tokens.read}` }
		const response = await new Promise<IncomingMessage>((resolve) => {
			const url = `${serving.url}/apis/apps/v1/daemonsets?watch=1`
			request(url, { ca, headers, agent: false, servername: "localhost" }, resolve).end()
		})
		await once(response, "data")
		const ended = once(response, "end")
		await serving.close()
		await ended
		expect(response.complete).toBe(true)
	})

	test("tells who speaks no TLS so, in the words of Go's server", async () => {
		const { say, tcp, ask } = await served()
		const said = await say("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n", tcp())
		expect([said.status, said.text]).toEqual([400, "Client sent an HTTP request to an HTTPS server.\n"])
		expect((await ask("GET /version")).status).toBe(200)
	})

	test("answers requests that come at once one after the other, and no more than it can hold", async () => {
		const { tls, tokens } = await served()
		const get = `GET /livez HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokens.read}\r\n\r\n`
		const answersTo = async (count: number): Promise<number> => {
			const socket = tls()
			let text = ""
			socket.on("data", (chunk) => {
				text += chunk
				if (text.split("\r\n\r\nok").length > count) socket.end()
			})
			socket.write(get.repeat(count))
			await new Promise((closed) => socket.on("close", closed))
			return text.split("\r\n\r\nok").length - 1
		}
		expect(await answersTo(50)).toBe(50)
		expect(await answersTo(100)).toBeLessThan(100)
	})

	test("has 200 writes at once wait for their bodies, and the next one come again; who reads does not wait", async () => {
		const { tls, ask, tokens } = await served()
		const begun = `POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokens.read}\r\nContent-Length: 9\r\n`
		const writers = Array.from({ length: 200 }, tls)
		// The server says that it waits.
		await Promise.all(
			writers.map(
				(socket) => new Promise((told) => socket.once("data", told).write(`${begun}Expect: 100-continue\r\n\r\n`)),
			),
		)
		const as = (access: "read" | "write") => [`Authorization: Bearer ${tokens[access]}`]
		const refused = await ask("POST /api/v1/namespaces", as("read"), "{}")
		expect(refused.body).toMatchObject({ reason: "TooManyRequests", code: 429, details: { retryAfterSeconds: 1 } })
		expect(refused.headers["retry-after"]).toBe("1")
		expect((await ask("GET /api/v1/nodes", as("read"))).status).toBe(200)
		expect((await ask("POST /api/v1/namespaces", as("write"), "{")).status).toBe(400)
		for (const socket of writers) socket.destroy()
	})
})
