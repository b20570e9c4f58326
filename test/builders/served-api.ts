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

type ServeWords = { readonly directory?: string; readonly listen?: { readonly host?: string; readonly port?: number } }

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

/** The next answer on a connection: to its Content-Length, or to the end of the connection; without a body to HEAD. */
export function answerOn(socket: Socket, isHead = false): Promise<Said> {
	return new Promise((resolve) => {
		let text = ""
		const look = (): void => {
			// What says that one may go on is no answer yet.
			const [head = "", ...rest] = text.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, "").split("\r\n\r\n")
			const length = /^content-length: (\d+)/im.exec(head)?.[1]
			const body = rest.join("\r\n\r\n")
			if (length !== undefined && rest.length > 0 && (isHead || body.length >= Number(length))) done()
		}
		const hear = (chunk: Buffer): void => {
			text += chunk.toString("latin1")
			look()
		}
		const done = (): void => {
			socket.off("data", hear).off("close", done)
			const said = saidIn(text.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, ""))
			// The end follows the answer closely, where it does.
			const isLast = said.headers["connection"] === "close" || said.status === 0
			resolve({ ...said, closed: isLast || socket.destroyed })
			socket.destroy()
		}
		socket.on("data", hear).on("close", done)
	})
}

function saidIn(text: string): Omit<Said, "closed"> {
	const [head = "", ...rest] = text.split("\r\n\r\n")
	const [line = "", ...lines] = head.split("\r\n")
	const headers = Object.fromEntries(
		lines.map((each) => [each.split(":")[0]?.toLowerCase() ?? "", each.slice(each.indexOf(":") + 1).trim()]),
	)
	const body = Buffer.from(rest.join("\r\n\r\n"), "latin1").toString()
	const isJson = headers["content-type"] === "application/json" && body !== ""
	return { status: Number(line.split(" ")[1] ?? 0), headers, text: body, body: isJson ? JSON.parse(body) : undefined }
}
