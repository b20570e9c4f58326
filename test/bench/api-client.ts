import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { Agent, request } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundled } from "./bundled.ts"

export type Served = { readonly url: string; readonly ca: string; readonly token: string }

/** What the server's process took so far, and the longest that its event loop stood still since it was asked last. */
export type ServerFigures = { readonly cpuMs: number; readonly blockedMs: number; readonly rssMb: number }

/** A cluster behind the API in a process of its own, and a client that keeps its connections. */
export class ApiBench {
	readonly #server: ChildProcess
	readonly #served: Served
	readonly #agent: Agent
	readonly #folder: string

	static async open(nodes: number, daemonSets: number): Promise<ApiBench> {
		const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"))
		const server = fork(bundled("api-server.ts", folder), [String(nodes), String(daemonSets)])
		const [served] = (await once(server, "message")) as [Served]
		return new ApiBench(server, served, folder)
	}

	private constructor(server: ChildProcess, served: Served, folder: string) {
		this.#server = server
		this.#served = served
		this.#folder = folder
		this.#agent = new Agent({ keepAlive: true, ca: served.ca, servername: "localhost" })
	}

	/** The bytes of the answer; throws where it is not 200. */
	async get(path: string, accept = "application/json"): Promise<Buffer> {
		const chunks: Buffer[] = []
		await this.read(path, accept, (chunk) => chunks.push(chunk))
		return Buffer.concat(chunks)
	}

	async read(path: string, accept: string, take: (chunk: Buffer) => void): Promise<void> {
		const { url, token } = this.#served
		const headers = { authorization: `Bearer ${token}`, accept }
		return new Promise((resolve, reject) => {
			const sent = request(`${url}${path}`, { agent: this.#agent, headers }, (response) => {
				response.on("data", take).on("error", reject)
				response.on("end", () => {
					if (response.statusCode === 200) resolve()
					else reject(new Error(`${path}: ${response.statusCode}`))
				})
			})
			sent.on("error", reject).end()
		})
	}

	async server(): Promise<ServerFigures> {
		this.#server.send("figures")
		const [figures] = (await once(this.#server, "message")) as [ServerFigures]
		return figures
	}

	async close(): Promise<void> {
		this.#agent.destroy()
		this.#server.disconnect()
		await once(this.#server, "exit")
		rmSync(this.#folder, { recursive: true })
	}
}
