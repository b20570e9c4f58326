import { spawn } from "node:child_process"
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { onTestFinished } from "vitest"

export type TestServer = {
	/** `http://127.0.0.1:PORT` */
	readonly url: string
	readonly requests: { readonly path: string; readonly authorization: string | undefined }[]
}

/** A server on this machine that answers as told; it is gone when the test is over. */
export async function httpServer(answer: RequestListener): Promise<TestServer> {
	const requests: { path: string; authorization: string | undefined }[] = []
	const server = createServer((request, response) => {
		requests.push({ path: request.url ?? "", authorization: request.headers.authorization })
		answer(request, response)
	})
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
	onTestFinished(() => {
		server.closeAllConnections()
		server.close()
	})
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** git's own smart HTTP over the repositories in a folder: anybody may fetch, and push. */
export function gitServer(root: string): Promise<TestServer> {
	return httpServer((request, response) => backend(root, request, response))
}

/** Slowly where `chunkMs` is given, as a network is: 512 KiB at a time. */
export function backend(root: string, request: IncomingMessage, response: ServerResponse, chunkMs = 0): void {
	const url = new URL(request.url ?? "/", "http://localhost")
	const child = spawn("git", ["http-backend"], {
		env: {
			PATH: process.env["PATH"] ?? "",
			GIT_CONFIG_NOSYSTEM: "1",
			GIT_CONFIG_COUNT: "2",
			GIT_CONFIG_KEY_0: "safe.directory",
			GIT_CONFIG_VALUE_0: "*",
			GIT_CONFIG_KEY_1: "http.receivepack",
			GIT_CONFIG_VALUE_1: "true",
			GIT_PROJECT_ROOT: root,
			GIT_HTTP_EXPORT_ALL: "1",
			PATH_INFO: url.pathname,
			QUERY_STRING: url.search.slice(1),
			REQUEST_METHOD: request.method ?? "GET",
			REMOTE_USER: "grace",
			REMOTE_ADDR: "127.0.0.1",
			CONTENT_TYPE: request.headers["content-type"] ?? "",
			HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
			GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
		},
		stdio: ["pipe", "pipe", "ignore"],
	})
	request.pipe(child.stdin)
	child.stdin.on("error", () => {})
	const chunks: Buffer[] = []
	child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
	child.on("close", () => {
		const all = Buffer.concat(chunks)
		const split = all.indexOf("\r\n\r\n")
		const headers = all.toString("latin1", 0, Math.max(0, split)).split("\r\n")
		for (const header of headers) {
			const colon = header.indexOf(":")
			if (header.startsWith("Status:")) response.statusCode = Number.parseInt(header.slice(7), 10)
			else if (colon > 0) response.setHeader(header.slice(0, colon), header.slice(colon + 1).trim())
		}
		send(all.subarray(split + 4), response, chunkMs)
	})
}

function send(bytes: Buffer, response: ServerResponse, chunkMs: number): void {
	if (chunkMs === 0 || bytes.length === 0) {
		response.end(bytes)
		return
	}
	response.write(bytes.subarray(0, 512 * 1024))
	setTimeout(() => send(bytes.subarray(512 * 1024), response, chunkMs), chunkMs)
}
