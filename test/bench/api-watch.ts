import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { connect, type TLSSocket } from "node:tls"
import type { Served } from "./api-client.ts"
import type { Batches, RolloutFigures } from "./api-watch-server.ts"
import { bundled } from "./bundled.ts"
import { type Figure, quantile } from "./figure.ts"

const NODES = 5_000
const WATCHERS = 100
const FOR_MS = 8_000
const PODS = "/api/v1/pods?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan"

/** How fast a change reaches those who watch, over TLS sockets: the clients in this process, the engine in another. */
export async function* watching(): AsyncIterable<Figure> {
	yield* atPace("1", "at cluster time", { median: 50 })
	yield* atPace("50", "at 50 times cluster time", { median: 50, deliveries: 200_000 })
	yield* atPace("max", "flat out", {})
	yield* unread()
}

type Must = { readonly median?: number; readonly deliveries?: number }

async function* atPace(speed: string, name: string, must: Must): AsyncIterable<Figure> {
	const server = await Server.open(speed)
	const watchers = await Promise.all(Array.from({ length: WATCHERS }, () => Watcher.open(server.served)))
	await server.figures()
	server.roll()
	await sleep(1_000)
	const before = await server.figures()
	const start = performance.now()
	const first = sum(watchers.map(({ deliveries }) => deliveries))
	const batches = [...before.batches]
	while (performance.now() - start < FOR_MS) {
		await sleep(250)
		const { batches: more, settled } = await server.figures()
		batches.push(...more)
		if (settled) server.roll()
	}
	const seconds = (performance.now() - start) / 1_000
	const deliveries = sum(watchers.map(({ deliveries }) => deliveries)) - first
	const bytes = sum(watchers.map(({ bytes }) => bytes))
	const after = await server.figures()
	batches.push(...after.batches)
	const samples = watchers.flatMap(({ receipts }) => latencies(receipts, batches))
	const size = { nodes: NODES, pods: NODES }
	const what = `${NODES.toLocaleString("en")}-node rollout ${name}, ${WATCHERS} watchers`
	const median = must.median === undefined ? {} : { must: must.median }
	const least = must.deliveries === undefined ? {} : { must: must.deliveries, least: true }
	yield { name: `${what}: change to receipt, median`, value: quantile(samples, 0.5), unit: "ms", ...median, ...size }
	yield { name: `${what}: 99th percentile`, value: quantile(samples, 0.99), unit: "ms", ...size }
	yield { name: `${what}: deliveries`, value: deliveries / seconds, unit: "/s", ...least, ...size }
	yield { name: `${what}: an event`, value: bytes / sum(watchers.map(({ deliveries }) => deliveries)), unit: "B" }
	yield {
		name: `${what}: the server's CPU`,
		value: ((after.cpuMs - before.cpuMs) * 1_000) / deliveries,
		unit: "µs each",
		...size,
	}
	for (const watcher of watchers) watcher.close()
	await server.close()
}

/** Clients that take nothing while rollout follows rollout: what they cost at first, and what they come to cost. */
async function* unread(): AsyncIterable<Figure> {
	const server = await Server.open("max")
	const reader = await Watcher.open(server.served)
	const memory = [await server.afterRollouts(8)]
	const path = "/api/v1/pods?watch=true"
	const clients = await Promise.all(Array.from({ length: WATCHERS }, () => Watcher.open(server.served, path)))
	for (const client of clients) client.pause()
	memory.push(await server.afterRollouts(3), await server.afterRollouts(6))
	for (const watcher of [...clients, reader]) watcher.close()
	await server.close()
	const [without = 0, early = 0, late = 0] = memory
	const what = `${WATCHERS} clients that never read`
	yield { name: `${what}: memory after 3 rollouts`, value: early - without, unit: "MB", nodes: NODES, pods: NODES }
	yield { name: `${what}: 6 rollouts later, more by`, value: late - early, unit: "MB", nodes: NODES, pods: NODES }
}

/** When what came was received, and the newest version in it. */
type Receipt = readonly [ms: number, version: number]

/** From when a version was durable until it was received. */
function latencies(receipts: readonly Receipt[], batches: Batches): number[] {
	let place = 0
	return receipts.flatMap(([ms, version]) => {
		while (place < batches.length && (batches[place]?.[1] ?? 0) < version) place++
		const batch = batches[place]
		return batch === undefined || place === 0 ? [] : [ms - batch[0]]
	})
}

class Server {
	readonly #process: ChildProcess
	readonly #folder: string
	readonly served: Served

	static async open(speed: string): Promise<Server> {
		// Where the packages are found that no bundle has in it.
		mkdirSync("dist", { recursive: true })
		const folder = mkdtempSync(join("dist", "bench-"))
		const server = fork(bundled("api-watch-server.ts", folder), [String(NODES), speed], { execArgv: ["--expose-gc"] })
		const [served] = (await once(server, "message")) as [Served]
		return new Server(server, served, folder)
	}

	private constructor(server: ChildProcess, served: Served, folder: string) {
		this.#process = server
		this.served = served
		this.#folder = folder
	}

	roll(): void {
		this.#process.send("roll")
	}

	/** Since it was asked last. */
	async figures(): Promise<RolloutFigures> {
		this.#process.send("figures")
		const [figures] = (await once(this.#process, "message")) as [RolloutFigures]
		return figures
	}

	/** What is in use then, in MB. */
	async afterRollouts(count: number): Promise<number> {
		for (let turn = 0; turn < count; turn++) {
			this.roll()
			for (let settled = false; !settled; settled = (await this.figures()).settled) await sleep(500)
		}
		return (await this.figures()).usedMb
	}

	async close(): Promise<void> {
		this.#process.disconnect()
		await once(this.#process, "exit")
		rmSync(this.#folder, { recursive: true })
	}
}

/** A client that looks into what comes only as far as it must: lines, and the newest version. */
class Watcher {
	readonly #socket: TLSSocket
	readonly receipts: Receipt[] = []
	deliveries = 0
	bytes = 0

	static async open({ url, ca, token }: Served, path = PODS): Promise<Watcher> {
		const { port, host } = new URL(url)
		const socket = connect({ port: Number(port), host: "127.0.0.1", servername: "localhost", ca })
		await once(socket, "secureConnect")
		socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`)
		const [head] = (await once(socket, "data")) as [Buffer]
		if (!head.toString("latin1").startsWith("HTTP/1.1 200")) throw new Error(head.toString())
		return new Watcher(socket)
	}

	private constructor(socket: TLSSocket) {
		this.#socket = socket
		socket.on("data", (chunk) => this.#take(chunk)).on("error", () => {})
	}

	#take(chunk: Buffer): void {
		this.bytes += chunk.length
		for (let at = chunk.indexOf("}}\n"); at >= 0; at = chunk.indexOf("}}\n", at + 3)) this.deliveries++
		const at = chunk.lastIndexOf('"resourceVersion":"')
		if (at >= 0) {
			const version = Number.parseInt(chunk.toString("latin1", at + 19, at + 39), 10)
			// A number that the chunk ends in may be half of one.
			if (at + 39 < chunk.length) this.receipts.push([Number(process.hrtime.bigint()) / 1e6, version])
		}
	}

	pause(): void {
		this.#socket.pause()
	}

	close(): void {
		this.#socket.destroy()
	}
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0)
}
