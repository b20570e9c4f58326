import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer, type Server } from "node:https"
import { type AddressInfo, isIP } from "node:net"
import { hostname, networkInterfaces } from "node:os"
import type { Api } from "../api.ts"
import type { Ask, Reply, Stream } from "../ask.ts"
import { badRequest, refused } from "../refused.ts"
import { makeServerIdentity } from "./certificate.ts"
import { accessOf, type Credentials } from "./credentials.ts"

export type Listen = { readonly host: string; readonly port: number }

export type ServerOptions = {
	readonly api: Api
	readonly credentials: Credentials
	readonly listen: Listen
	readonly now: Date
	/** Told of a bug: the request is answered with 500, and all others go on. */
	readonly failed: (failure: unknown) => void
}

export type Listening = {
	/** `https://127.0.0.1:41234`. */
	readonly url: string
	readonly port: number
	close(): Promise<void>
}

/** As the API server has it: 3 MiB. */
const MOST_BODY = 3 * 1024 * 1024
const LOCAL = ["localhost", "127.0.0.1", "::1"]
const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::"])
const MOST_CONNECTIONS = 1_000
/** How long an answer that is under way may still take when the server closes. */
const PARTING_MS = 500

/** Answers until it is closed. Throws where it cannot listen there. */
export async function listen(options: ServerOptions): Promise<Listening> {
	const { credentials, listen, now } = options
	const hosts = new Set([...LOCAL, ...namesOf(listen.host)])
	const { certificate, key } = makeServerIdentity(credentials.authority, [...hosts], now)
	const server = createServer({
		key,
		cert: certificate,
		minVersion: "TLSv1.2",
		// Who opens a connection and says nothing does not keep it.
		handshakeTimeout: 10_000,
		headersTimeout: 15_000,
		requestTimeout: 60_000,
		keepAliveTimeout: 90_000,
		maxHeaderSize: 32 * 1024,
	})
	server.maxConnections = MOST_CONNECTIONS
	server.on("request", (request, response) => {
		handle(request, response, options, hosts).catch((failure) => {
			options.failed(failure)
			if (!response.headersSent) send(response, refused(500, "InternalError", "Internal error occurred"))
			else response.destroy()
		})
	})
	server.on("clientError", (_, socket) => socket.destroy())
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject)
		server.listen(listen.port, listen.host, resolve)
	})
	const { port } = server.address() as AddressInfo
	return { url: `https://${shownHost(listen.host)}:${port}`, port, close: () => close(server) }
}

/** What the server is called by: where it listens everywhere, all that this machine is called. */
function namesOf(host: string): readonly string[] {
	if (!EVERYWHERE.has(host)) return [host.toLowerCase()]
	const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? [])
	return [hostname().toLowerCase(), ...addresses.filter((address) => !address.startsWith("fe80:"))]
}

function shownHost(host: string): string {
	if (EVERYWHERE.has(host)) return "127.0.0.1"
	return isIP(host) === 6 ? `[${host}]` : host
}

async function handle(
	request: IncomingMessage,
	response: ServerResponse,
	{ api, credentials }: ServerOptions,
	hosts: ReadonlySet<string>,
): Promise<void> {
	// A page of another site reaches a server on this machine by a name of its own.
	if (!hosts.has(hostOf(request.headers.host))) {
		return send(response, refused(403, "Forbidden", "the Host header names another server"))
	}
	const { method = "", headers } = request
	const [path = "", search = ""] = splitOnce(request.url ?? "", "?")
	const access = accessOf(credentials, headers.authorization)
	if (access === undefined) {
		const open = method === "GET" ? api.open(path) : undefined
		return send(response, open ?? refused(401, "Unauthorized", "Unauthorized"))
	}
	const body = await bodyOf(request)
	if (body === "too-large") {
		const { headers, ...rest } = refused(
			413,
			"RequestEntityTooLarge",
			`Request entity too large: limit is ${MOST_BODY}`,
		)
		// The rest of the body is nobody's.
		response.on("finish", () => request.destroy())
		return send(response, { ...rest, headers: { ...headers, connection: "close" } })
	}
	if (body === "gone") return
	const ask: Ask = {
		method,
		path,
		query: new URLSearchParams(search),
		accept: headers.accept ?? "",
		contentType: (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "",
		ifNoneMatch: headers["if-none-match"] ?? "",
		userAgent: headers["user-agent"] ?? "",
		body,
		access,
	}
	if (headers["content-encoding"] !== undefined && headers["content-encoding"] !== "identity") {
		return send(response, badRequest(`the body's Content-Encoding "${headers["content-encoding"]}" is not known`))
	}
	send(response, await api.answer(ask))
}

function send(response: ServerResponse, reply: Reply): void {
	if (response.destroyed) return
	const headers = { "cache-control": "no-cache, private", ...reply.headers }
	if ("start" in reply) {
		stream(response, reply, headers)
		return
	}
	const body = Buffer.from(reply.body)
	response.writeHead(reply.status, { ...headers, "content-length": body.length }).end(body)
}

function stream(response: ServerResponse, { status, start }: Stream, headers: Stream["headers"]): void {
	response.writeHead(status, headers)
	response.flushHeaders()
	const { drained, gone } = start({
		write: (text) => response.write(text),
		waiting: () => response.writableLength,
		end: () => response.end(),
		drop: () => response.destroy(),
	})
	response.on("drain", drained).on("close", gone)
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | "too-large" | "gone"> {
	if (Number(request.headers["content-length"] ?? 0) > MOST_BODY) return "too-large"
	const chunks: Buffer[] = []
	let size = 0
	try {
		for await (const chunk of request) {
			size += (chunk as Buffer).length
			if (size > MOST_BODY) return "too-large"
			chunks.push(chunk as Buffer)
		}
	} catch {
		return "gone"
	}
	return Buffer.concat(chunks)
}

/** The name of `name:port`, without the brackets of an address. */
function hostOf(header: string | undefined): string {
	return (header ?? "")
		.replace(/:\d+$/, "")
		.replace(/^\[|\]$/g, "")
		.toLowerCase()
}

function splitOnce(text: string, at: string): readonly string[] {
	const place = text.indexOf(at)
	return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)]
}

async function close(server: Server): Promise<void> {
	const cut = setTimeout(() => server.closeAllConnections(), PARTING_MS)
	await new Promise<void>((resolve) => {
		server.close(() => resolve())
	})
	clearTimeout(cut)
}
