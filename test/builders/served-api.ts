import { readFileSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { connect as connectTls, type TLSSocket } from "node:tls"
import { onTestFinished } from "vitest"
import { type ApiParts, type Serving, serveApi } from "../../src/api/index.ts"
import type { Cluster } from "../../src/cluster/index.ts"
import { temporaryDirectory } from "./temporary-directory.ts"

/** What came back over a socket: status 0 where the connection ended without an answer. */
export type Said = {
	readonly status: number
	readonly headers: { readonly [name: string]: string }
	readonly text: string
	// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
	readonly body: any
	/** The connection ended with it. */
	readonly closed: boolean
}

export type ServedApi = {
	readonly serving: Serving
	readonly directory: string
	readonly ca: string
	readonly port: number
	readonly tokens: { readonly write: string; readonly read: string }
	/** What the server itself was told of as bugs. */
	readonly failures: readonly unknown[]
	readonly tls: () => TLSSocket
	readonly tcp: () => Socket
	/** The first answer to these bytes, over a connection of its own. */
	readonly say: (bytes: string | Buffer, socket?: Socket) => Promise<Said>
	/** A request in full, with the token that may write unless `headers` has another. */
	readonly ask: (line: string, headers?: readonly string[], body?: string | Buffer) => Promise<Said>
}

/** The API over a cluster, served on a socket of this machine. */
export async function servedApi(
	cluster: Cluster,
	{ directory = temporaryDirectory(), listen = {}, ...parts }: Partial<ApiParts> & ServeWords = {},
): Promise<ServedApi> {
	const failures: unknown[] = []
	const serving = await serveApi({
		directory,
		listen,
		cluster: () => cluster,
		ask: () => Promise.reject(new Error("nobody writes")),
		wall: () => new Date(),
		monotonic: () => performance.now(),
		failed: (failure) => failures.push(failure),
		...parts,
	})
	onTestFinished(() => serving.close())
	return { ...reached(serving.url, serving.kubeconfig), serving, directory, failures }
}

type ServeWords = Partial<Pick<Parameters<typeof serveApi>[0], "directory" | "listen" | "patience">>

/** A server by its address and its kubeconfig. */
export function reached(url: string, kubeconfig: string): Omit<ServedApi, "serving" | "directory" | "failures"> {
	const config = JSON.parse(readFileSync(kubeconfig, "utf8"))
	const ca = Buffer.from(config.clusters[0].cluster["certificate-authority-data"], "base64").toString()
	const [write, read] = config.users.map(({ user }: { user: { token: string } }) => user.token)
	const port = Number(new URL(url).port)
	const tls = (): TLSSocket => connectTls({ host: "127.0.0.1", port, ca }).on("error", () => {})
	const tcp = (): Socket => connect(port, "127.0.0.1").on("error", () => {})
	const say: ServedApi["say"] = (bytes, socket = tls()) => {
		if (typeof bytes === "string") socket.write(bytes, "latin1")
		else socket.write(bytes)
		return answerOn(socket, bytes.toString().startsWith("HEAD "))
	}
	const ask: ServedApi["ask"] = (line, headers = [], body = "") => {
		const length = Buffer.byteLength(body)
		const given = [
			"Host: localhost",
			...(headers.some((text) => /^authorization:/i.test(text)) ? [] : [`Authorization: Bearer ${write}`]),
			...headers,
			...(length === 0 || headers.some((text) => /^(content-length|transfer-encoding):/i.test(text))
				? []
				: [`Content-Length: ${length}`]),
		]
		const head = `${line} HTTP/1.1\r\n${given.map((text) => `${text}\r\n`).join("")}\r\n`
		return say(Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]))
	}
	return { ca, port, tokens: { write, read }, tls, tcp, say, ask }
}

/** The next answer on a connection, or what came of it to the end of the connection; without a body to HEAD. */
export function answerOn(socket: Socket, isHead = false): Promise<Said> {
	return new Promise((resolve) => {
		const came: Buffer[] = []
		let size = 0
		/** How much there is to come, as far as it was said. */
		let wanted: number | undefined
		const hear = (chunk: Buffer): void => {
			came.push(chunk)
			size += chunk.length
			wanted ??= wantedBy(Buffer.concat(came).toString("latin1"), isHead)
			const tail = wanted === Number.POSITIVE_INFINITY ? Buffer.concat(came.slice(-5)).toString("latin1") : ""
			if (size >= (wanted ?? Number.POSITIVE_INFINITY) || tail.endsWith("\r\n0\r\n\r\n")) done()
		}
		const done = (): void => {
			socket.off("data", hear).off("close", done)
			const said = saidIn(Buffer.concat(came).toString("latin1"))
			// The end follows the answer closely, where it does.
			const isLast = said.headers["connection"] === "close" || said.status === 0
			resolve({ ...said, closed: isLast || socket.destroyed })
			socket.destroy()
		}
		socket.on("data", hear).on("close", done)
	})
}

/** What says that one may go on is no answer yet. */
const GO_ON = /^HTTP\/1.1 100 Continue\r\n\r\n/

/** The length of the whole answer; infinite where it comes in chunks, undefined where its head is not there yet. */
function wantedBy(came: string, isHead: boolean): number | undefined {
	const before = GO_ON.exec(came)?.[0].length ?? 0
	const end = came.indexOf("\r\n\r\n", before)
	if (end < 0) return undefined
	if (isHead) return end + 4
	const length = /^content-length: (\d+)/im.exec(came.slice(before, end))?.[1]
	return length === undefined ? Number.POSITIVE_INFINITY : end + 4 + Number(length)
}

function saidIn(came: string): Omit<Said, "closed"> {
	const text = came.replace(GO_ON, "")
	const end = text.indexOf("\r\n\r\n")
	const [line = "", ...lines] = text.slice(0, end < 0 ? text.length : end).split("\r\n")
	const headers = Object.fromEntries(
		lines.map((each) => [each.split(":")[0]?.toLowerCase() ?? "", each.slice(each.indexOf(":") + 1).trim()]),
	)
	const rest = end < 0 ? "" : text.slice(end + 4)
	const plain = headers["transfer-encoding"] === "chunked" ? withoutChunks(rest) : rest
	const body = Buffer.from(plain, "latin1").toString()
	const isJson = headers["content-type"] === "application/json"
	return { status: Number(line.split(" ")[1] ?? 0), headers, text: body, body: isJson ? parsed(body) : undefined }
}

function withoutChunks(text: string): string {
	let body = ""
	for (let at = 0; ; ) {
		const end = text.indexOf("\r\n", at)
		const size = Number.parseInt(text.slice(at, end), 16)
		if (end < 0 || !(size > 0)) return body
		body += text.slice(end + 2, end + 2 + size)
		at = end + 2 + size + 2
	}
}

/** Undefined where it is no JSON, as what a watch says in lines. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
