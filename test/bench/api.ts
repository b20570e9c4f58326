import { ApiBench } from "./api-client.ts"
import { watching } from "./api-watch.ts"
import type { Figure } from "./figure.ts"

const NODES = 5_000
const DAEMONSETS = 30
const PODS = NODES * DAEMONSETS
const GETS = 10_000
const AT_ONCE = 10

/** How fast the API reads, over a TLS socket: one client in this process, the server in another. */
export async function* api(): AsyncIterable<Figure> {
	const bench = await ApiBench.open(NODES, DAEMONSETS)
	yield* pages(bench)
	yield* oneObject(bench)
	await bench.close()
	yield* watching()
}

async function* pages(bench: ApiBench): AsyncIterable<Figure> {
	await allPages(bench)
	const before = await bench.server()
	const start = performance.now()
	const { pods, bytes } = await allPages(bench)
	const seconds = (performance.now() - start) / 1_000
	const { cpuMs, blockedMs, rssMb } = await bench.server()
	if (pods !== PODS) throw new Error(`${pods} pods in all pages, not ${PODS}`)
	const name = "150,000 pods in pages of 500"
	yield { name, value: pods / seconds, unit: "pods/s", must: 100_000, least: true, pods, rss: rssMb }
	yield { name: `${name}: megabytes`, value: bytes / 1e6, unit: "MB", pods }
	yield { name: `${name}: the server's CPU`, value: ((cpuMs - before.cpuMs) * 1_000) / pods, unit: "µs/pod", pods }
	yield { name: `${name}: others wait at most`, value: blockedMs, unit: "ms", must: 50, pods }
}

/** Without reading items: what a client does with them is its own affair. */
async function allPages(bench: ApiBench): Promise<{ readonly pods: number; readonly bytes: number }> {
	let [pods, bytes, token] = [0, 0, ""]
	do {
		const body = await bench.get(`/api/v1/pods?limit=500${token === "" ? "" : `&continue=${token}`}`)
		pods += itemsIn(body)
		bytes += body.length
		const head = body.toString("latin1", 0, body.indexOf('"items"'))
		token = /"continue":"([^"]*)"/.exec(head)?.[1] ?? ""
	} while (token !== "")
	return { pods, bytes }
}

async function* oneObject(bench: ApiBench): AsyncIterable<Figure> {
	const page = JSON.parse((await bench.get("/api/v1/pods?limit=500")).toString())
	const paths = page.items.map(
		({ metadata: { namespace, name } }: { metadata: { namespace: string; name: string } }) =>
			`/api/v1/namespaces/${namespace}/pods/${name}`,
	)
	const before = await bench.server()
	const start = performance.now()
	let asked = 0
	const client = async () => {
		while (asked < GETS) await bench.get(paths[asked++ % paths.length])
	}
	await Promise.all(Array.from({ length: AT_ONCE }, client))
	const seconds = (performance.now() - start) / 1_000
	const { cpuMs } = await bench.server()
	const name = "get of one pod, ten connections"
	yield { name, value: GETS / seconds, unit: "/s", must: 5_000, least: true, pods: PODS }
	yield {
		name: `${name}: the server's CPU`,
		value: ((cpuMs - before.cpuMs) * 1_000) / GETS,
		unit: "µs each",
		pods: PODS,
	}
}

/** Each has one, whatever it is shown as. */
function itemsIn(body: Buffer): number {
	let count = 0
	for (let at = body.indexOf('"creationTimestamp"'); at >= 0; at = body.indexOf('"creationTimestamp"', at + 1)) count++
	return count
}
