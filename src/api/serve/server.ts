import { constants } from "node:crypto"
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from "node:http"
import { type AddressInfo, createServer, isIP, type Server, type Socket } from "node:net"
import { hostname, networkInterfaces } from "node:os"
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls"
import type { Api } from "../api.ts"
import { makeServerIdentity } from "./certificate.ts"
import { type Connection, Connections } from "./connections.ts"
import type { Credentials } from "./credentials.ts"
import { type Handling, handle, sendFailure } from "./handle.ts"
import { InFlight } from "./in-flight.ts"
import { HTTPS_ONLY, NO_TUNNEL, sayAndClose, wordsOf } from "./no-http.ts"

export type Listen = { readonly host: string; readonly port: number }

export type ServerOptions = {
	readonly api: Api
	readonly credentials: Credentials
	readonly listen: Listen
	readonly now: Date
	readonly patience?: Patience
	/** Told of a bug: the request is answered with 500, and all others go on. */
	readonly failed: (failure: unknown) => void
}

/** Who opens a connection and says nothing, or half of something, does not keep it. */
export type Patience = {
	/** How long what comes before a request's body may take. */
	readonly headMs: number
	/** How long all of it may take. */
	readonly requestMs: number
}

export type Listening = {
	/** `https://127.0.0.1:41234`. */
	readonly url: string
	readonly port: number
	close(): Promise<void>
}

const LOCAL = ["localhost", "127.0.0.1", "::1"]
const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::"])
const PATIENCE: Patience = { headMs: 15_000, requestMs: 60_000 }
const HTTP = {
	keepAliveTimeout: 90_000,
	// A selector may name a thousand objects.
	maxHeaderSize: 128 * 1024,
} as const
/** An answer that is taken no further for so long is let go of. */
const STUCK_MS = 60_000
/** Half-open connections are found out by the operating system. */
const TCP = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 } as const
const TLS_HANDSHAKE = 0x16
/** How long an answer that is under way may still take when the server closes. */
const PARTING_MS = 500
/** Requests on one connection that came before the answer to the first; nobody needs so many. */
const MOST_WAITING = 64

/** Answers until it is closed. Throws where it cannot listen there. */
export async function listen(options: ServerOptions): Promise<Listening> {
	const { api, credentials, listen, now, patience = PATIENCE, failed } = options
	const hosts = new Set([...LOCAL, ...namesOf(listen.host)])
	const { certificate, key } = makeServerIdentity(credentials.authority, [...hosts], now)
	const secureOptions = constants.SSL_OP_NO_RENEGOTIATION
	const context = createSecureContext({ key, cert: certificate, minVersion: "TLSv1.2", secureOptions })
	const connections = new Connections()
	const known = new WeakMap<object, Connection>()
	const http = httpServer({ api, credentials, hosts, connections, inFlight: new InFlight(), failed }, known, patience)
	const server = createServer(TCP, (socket) => {
		const connection = connections.add(socket)
		socket.setTimeout(patience.headMs)
		beginTls(socket, context, (secure) => {
			known.set(secure, connection)
			http.emit("connection", secure)
		})
	})
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject).listen(listen.port, listen.host, resolve)
	})
	server.on("error", failed)
	const { port } = server.address() as AddressInfo
	return {
		url: `https://${shownHost(listen.host)}:${port}`,
		port,
		close: () => close(server, http, connections),
	}
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

function httpServer(
	handling: Handling,
	known: WeakMap<object, Connection>,
	{ headMs, requestMs }: Patience,
): HttpServer {
	const http = createHttpServer({
		...HTTP,
		headersTimeout: headMs,
		requestTimeout: requestMs,
		connectionsCheckingInterval: Math.min(headMs, 1_000),
	})
	http.timeout = STUCK_MS
	const answer: RequestListener = (request, response) => {
		const connection = known.get(request.socket)
		if (connection === undefined || connection.requests >= MOST_WAITING) {
			request.socket.destroy()
			return
		}
		connection.requests++
		const answered = new Promise<void>((resolve) => {
			response.on("close", () => {
				connection.requests--
				resolve()
			})
		})
		// One after the other, as their answers leave.
		connection.turn = connection.turn.then(() => {
			// The client went while this waited: nothing is ever told of the answer.
			if (request.socket.destroyed) return
			connection.response = response
			handle(request, response, connection, handling).catch((failure) => {
				handling.failed(failure)
				sendFailure(request, response)
			})
			return answered
		})
	}
	http.on("request", answer).on("checkContinue", answer)
	http.on("checkExpectation", (_, response) => {
		response.writeHead(417, { "content-length": 0, connection: "close" }).end()
	})
	http.on("connect", (_, socket) => sayAndClose(socket, NO_TUNNEL))
	http.on("clientError", (problem: NodeJS.ErrnoException, socket) => {
		// The rest of what was refused comes in as well.
		if (socket.writableEnded) return
		const words = isUnanswered(known.get(socket)) ? wordsOf(problem.code ?? "") : undefined
		if (words === undefined) socket.destroy()
		else sayAndClose(socket, words)
	})
	// Only from then on does it look for those who let it wait.
	http.emit("listening")
	return http
}

/** Nothing of an answer has left yet that another text would run into. */
function isUnanswered(connection: Connection | undefined): boolean {
	if (connection === undefined || connection.requests > 1) return false
	return connection.requests === 0 || connection.response?.headersSent !== true
}

/** The connection as TLS has it, as soon as the client begins with that. */
function beginTls(socket: Socket, secureContext: SecureContext, begin: (secure: TLSSocket) => void): void {
	const leave = (): void => void socket.destroy()
	socket.on("error", leave).once("end", leave).once("timeout", leave)
	socket.once("data", (first: Buffer) => {
		socket.pause().off("end", leave).setTimeout(0).off("timeout", leave)
		if (first[0] !== TLS_HANDSHAKE) {
			sayAndClose(socket, HTTPS_ONLY)
			return
		}
		socket.unshift(first)
		const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ["http/1.1"] })
		begin(secure.on("error", leave))
	})
}

async function close(server: Server, http: HttpServer, connections: Connections): Promise<void> {
	const cut = setTimeout(() => connections.close(), PARTING_MS)
	await new Promise<void>((resolve) => {
		server.close(() => resolve())
		http.close()
	})
	clearTimeout(cut)
}
