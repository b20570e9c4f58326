import type { IncomingMessage, ServerResponse } from "node:http"
import type { Api } from "../api.ts"
import { type Answer, plain, type Stream } from "../ask.ts"
import { refused } from "../refused.ts"
import type { Connection, Connections } from "./connections.ts"
import { accessOf, type Credentials } from "./credentials.ts"
import type { InFlight } from "./in-flight.ts"

export type Handling = {
	readonly api: Api
	readonly credentials: Credentials
	/** What the server is called. */
	readonly hosts: ReadonlySet<string>
	readonly connections: Connections
	readonly inFlight: InFlight
	/** Told of a bug: the request is answered with 500 or cut off, and all others go on. */
	readonly failed: (failure: unknown) => void
}

/** As the API server has it: 3 MiB. */
const MOST_BODY = 3 * 1024 * 1024
/** A body that nobody wants is still read so far, or for so long: who sends it would not see the answer otherwise. */
const SHORT_BODY = 64 * 1024
const LINGER_MS = 1_000

/** Answers a request, or leaves it where the client has gone. Throws only by a bug. */
export async function handle(
	request: IncomingMessage,
	response: ServerResponse,
	connection: Connection,
	handling: Handling,
): Promise<void> {
	const target = targetOf(request)
	if (typeof target === "string") return send(request, response, plain(`400 Bad Request: ${target}`, 400))
	const { host, path, search } = target
	const { api, credentials, hosts, connections, inFlight } = handling
	// A page of another site reaches a server on this machine by a name of its own.
	if (host !== undefined && !hosts.has(nameOf(host))) {
		return send(request, response, refused(403, "Forbidden", "the Host header names another server"))
	}
	const { method = "", headers } = request
	const access = accessOf(credentials, headers.authorization)
	if (access === undefined) {
		const open = method === "GET" || method === "HEAD" ? api.open(path) : undefined
		return send(request, response, open ?? refused(401, "Unauthorized", "Unauthorized"))
	}
	const leave = connections.greet(connection, access) ? inFlight.enter(access, method) : undefined
	if (leave === undefined) return send(request, response, tooMany())
	response.on("close", leave)
	const encoding = headers["content-encoding"] ?? "identity"
	if (encoding !== "identity") return send(request, response, unknownEncoding(encoding))
	const body = await bodyOf(request, response)
	if (body === "gone") return
	if (body === "too-large") return send(request, response, tooLarge())
	const reply = await api.answer({
		method,
		path,
		query: new URLSearchParams(search),
		accept: headers.accept ?? "",
		contentType: (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "",
		ifNoneMatch: headers["if-none-match"] ?? "",
		userAgent: headers["user-agent"] ?? "",
		body,
		access,
		accessBy: (token) => accessOf(credentials, `Bearer ${token}`),
	})
	if (!("start" in reply)) return send(request, response, reply)
	if (reply.lasts) leave()
	stream(response, reply, handling.failed)
}

/** What a bug comes to for the one who met it. */
export function sendFailure(request: IncomingMessage, response: ServerResponse): void {
	if (response.headersSent) response.destroy()
	else send(request, response, refused(500, "InternalError", "Internal error occurred"))
}

type Target = { readonly host: string | undefined; readonly path: string; readonly search: string }

/** What the request line and the Host header name; or what is wrong with them. HTTP/1.0 asks for no Host. */
function targetOf({ url = "", headers, rawHeaders }: IncomingMessage): Target | string {
	if (rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === "host").length > 1) {
		return "too many Host headers"
	}
	// The host of `GET https://host/path` counts, not that of the header.
	const absolute = /^https?:\/\/(?<host>[^/?#]*)(?<rest>.*)$/i.exec(url)?.groups
	const local = absolute === undefined ? url : `${absolute["rest"]?.startsWith("/") ? "" : "/"}${absolute["rest"]}`
	const place = local.indexOf("?")
	const path = place < 0 ? local : local.slice(0, place)
	if (!path.startsWith("/") || /%(?![0-9a-f]{2})/i.test(path)) return "the request target is no path"
	return { host: absolute?.["host"] ?? headers.host, path, search: place < 0 ? "" : local.slice(place + 1) }
}

/** The name of `name:port`, without the brackets of an address. */
function nameOf(host: string): string {
	return host
		.replace(/:\d+$/, "")
		.replace(/^\[|\]$/g, "")
		.toLowerCase()
}

function tooMany(): Answer {
	return refused(429, "TooManyRequests", "Too many requests, please try again later.", { retryAfterSeconds: 1 })
}

function tooLarge(): Answer {
	return refused(413, "RequestEntityTooLarge", `Request entity too large: limit is ${MOST_BODY}`)
}

function unknownEncoding(encoding: string): Answer {
	const { headers, ...rest } = refused(
		415,
		"UnsupportedMediaType",
		`the body of the request is encoded as ${JSON.stringify(encoding)}; only identity is accepted`,
	)
	return { ...rest, headers: { ...headers, "accept-encoding": "identity" } }
}

function bodyOf(request: IncomingMessage, response: ServerResponse): Promise<Uint8Array | "too-large" | "gone"> {
	if (Number(request.headers["content-length"] ?? 0) > MOST_BODY) return Promise.resolve("too-large")
	if (request.headers.expect !== undefined) response.writeContinue()
	return new Promise((resolve) => {
		let chunks: Buffer[] = []
		let size = 0
		request.on("data", (chunk: Buffer) => {
			size += chunk.length
			if (size <= MOST_BODY) chunks.push(chunk)
			else {
				chunks = []
				resolve("too-large")
			}
		})
		request.on("end", () => resolve(Buffer.concat(chunks)))
		request.on("error", () => resolve("gone")).on("close", () => resolve("gone"))
	})
}

function send(request: IncomingMessage, response: ServerResponse, reply: Answer): void {
	if (response.destroyed) return
	const body = Buffer.from(reply.body)
	const whole = { ...CACHE, ...reply.headers, "content-length": body.length }
	if (isReadSoon(request)) {
		response.writeHead(reply.status, whole).end(body)
		return
	}
	response.writeHead(reply.status, { ...whole, connection: "close" }).write(body)
	const end = (): void => void response.end()
	const waiting = setTimeout(end, LINGER_MS)
	request.on("close", end).resume()
	response.on("close", () => clearTimeout(waiting))
}

const CACHE = { "cache-control": "no-cache, private" }

/** Whether all of the body is here, or not much of it is to come. */
function isReadSoon({ complete, headers }: IncomingMessage): boolean {
	if (complete) return true
	return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) <= SHORT_BODY
}

function stream(response: ServerResponse, { status, headers, start }: Stream, failed: Handling["failed"]): void {
	if (response.destroyed) return
	// Nothing may happen for long.
	response.socket?.setTimeout(0)
	response.writeHead(status, { ...CACHE, ...headers })
	response.flushHeaders()
	const { drained, gone } = start({
		write: (text) => response.write(text),
		waiting: () => response.writableLength,
		end: () => response.end(),
		drop: () => response.destroy(),
		failed: (failure) => {
			failed(failure)
			response.destroy()
		},
	})
	response.on("drain", drained).on("close", gone)
}
