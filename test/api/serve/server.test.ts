import { X509Certificate } from "node:crypto"
import { once } from "node:events"
import { readFileSync, statSync } from "node:fs"
import type { IncomingMessage } from "node:http"
import { request } from "node:https"
import { connect } from "node:net"
import { join } from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import { type Serving, serveApi } from "../../../src/api/index.ts"
import { apply, cluster, daemonSet } from "../../builders/cluster.ts"
import { temporaryDirectory } from "../../builders/temporary-directory.ts"

const open: Serving[] = []
afterEach(async () => {
	for (const serving of open.splice(0)) await serving.close()
})

async function served(directory = temporaryDirectory(), listen = {}) {
	const live = cluster()
	apply(live, daemonSet())
	const failures: unknown[] = []
	const serving = await serveApi({
		directory,
		listen,
		cluster: () => live,
		ask: () => Promise.reject(new Error("nobody writes")),
		wall: () => new Date(),
		monotonic: () => performance.now(),
		failed: (failure) => failures.push(failure),
	})
	open.push(serving)
	const config = JSON.parse(readFileSync(serving.kubeconfig, "utf8"))
	const ca = Buffer.from(config.clusters[0].cluster["certificate-authority-data"], "base64").toString()
	const [write, read] = config.users.map(({ user }: { user: { token: string } }) => user.token)
	type Words = { token?: string; host?: string; method?: string; body?: Buffer }
	const ask = (path: string, { token = write, host, method = "GET", body }: Words = {}) =>
		new Promise<{ status: number; text: string }>((resolve, reject) => {
			const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(host && { host }) }
			const sent = request(
				`${serving.url}${path}`,
				{ ca, headers, method, agent: false, servername: "localhost" },
				(response) => {
					let text = ""
					response.setEncoding("utf8").on("data", (chunk) => {
						text += chunk
					})
					response.on("end", () => resolve({ status: response.statusCode ?? 0, text }))
				},
			)
			sent.on("error", reject).end(body)
		})
	return { serving, directory, ca, write, read, ask, failures }
}

describe("the server", () => {
	test("answers nobody without a token but to the three open paths", async () => {
		const { ask, read } = await served()
		const statusOf = async (path: string, token: string) => (await ask(path, { token })).status
		for (const path of ["/livez", "/readyz", "/version"]) expect(await statusOf(path, "")).toBe(200)
		for (const path of ["/", "/api", "/apis", "/api/v1/nodes", "/metrics", "/healthz", "/nosuch"]) {
			expect(await statusOf(path, "")).toBe(401)
			expect(await statusOf(path, `${read}x`)).toBe(401)
		}
		expect(await statusOf("/api/v1/nodes", read)).toBe(200)
	})

	test("refuses requests by the name of another server, as a page of the web could send", async () => {
		const { ask } = await served()
		expect((await ask("/version", { host: "evil.example.com" })).status).toBe(403)
		expect((await ask("/version", { host: "localhost:80" })).status).toBe(200)
	})

	test("keeps its authority, tokens and port over restarts, for its owner alone", async () => {
		const first = await served()
		await open.pop()?.close()
		const second = await served(first.directory)
		expect([second.ca, second.write, second.read, second.serving.url]).toEqual([
			first.ca,
			first.write,
			first.read,
			first.serving.url,
		])
		for (const name of ["api.json", "kubeconfig"]) {
			expect(statSync(join(first.directory, name)).mode & 0o777).toBe(0o600)
		}
		const authority = new X509Certificate(first.ca)
		expect([authority.ca, authority.verify(authority.publicKey)]).toEqual([true, true])
	})

	test("takes another port where that of the last time is taken, and says so where one was named", async () => {
		const first = await served()
		const port = Number(new URL(first.serving.url).port)
		const second = await served(first.directory)
		expect(second.serving.url).not.toBe(first.serving.url)
		expect([first.serving.lostPort, second.serving.lostPort]).toEqual([undefined, port])
		await expect(served(temporaryDirectory(), { port })).rejects.toThrow("EADDRINUSE")
	})

	test("asked for any port takes that of the last time, so that copies of the kubeconfig stay good", async () => {
		const first = await served(temporaryDirectory(), { port: 0 })
		await open.pop()?.close()
		expect((await served(first.directory, { port: 0 })).serving.url).toBe(first.serving.url)
	})

	test("that closes ends its watches as answers end, not as connections break", async () => {
		const { serving, ca, read } = await served()
		const headers = { authorization: `Bearer ${read}` }
		const response = await new Promise<IncomingMessage>((resolve) => {
			const url = `${serving.url}/apis/apps/v1/daemonsets?watch=1`
			request(url, { ca, headers, agent: false, servername: "localhost" }, resolve).end()
		})
		await once(response, "data")
		const ended = once(response, "end")
		await open.pop()?.close()
		await ended
		expect(response.complete).toBe(true)
	})

	test("refuses a body above 3 MiB, and what is no HTTP, and goes on", async () => {
		const { ask, serving, failures } = await served()
		const tooLarge = await ask("/api/v1/pods", { method: "POST", body: Buffer.alloc(3 * 1024 * 1024 + 1) }).catch(
			(failure) => ({ status: failure.code }),
		)
		expect([413, "EPIPE", "ECONNRESET"]).toContain(tooLarge.status)
		const socket = connect(Number(new URL(serving.url).port), "127.0.0.1")
		socket.write("GET / HTTP/1.1\r\n\r\n")
		await new Promise((resolve) => socket.on("close", resolve).on("error", resolve).resume())
		expect((await ask("/api/v1/nodes")).status).toBe(200)
		expect(failures).toEqual([])
	})
})
