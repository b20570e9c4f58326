import { TABLE } from "../builders/api.ts"
import { ApiBench } from "./api-client.ts"
import { watching } from "./api-watch.ts"
import { type Figure, quantile } from "./figure.ts"

const NODES = 5_000
const DAEMONSETS = 30
const PODS = NODES * DAEMONSETS
const GETS = 10_000
const AT_ONCE = 10

/** How fast the API reads, over a TLS socket: one client in this process, the server in another. */
export async function* api(): AsyncIterable<Figure> {
	const bench = await ApiBench.open(NODES, DAEMONSETS)
	yield* pages(bench)
	yield* listed(bench, "150,000 pods in one list", undefined, () => wholeList(bench))
	yield* selections(bench)
	yield* oneObject(bench)
	await bench.close()
	yield* watching()
}

async function* pages(bench: ApiBench): AsyncIterable<Figure> {
	for (const [name, accept, must] of [
		["150,000 pods in pages of 500", "application/json", 100_000],
		["150,000 pods as Tables of 500 rows", TABLE, undefined],
	] as const) {
		yield* listed(bench, name, must, () => allPages(bench, accept))
	}
}

/** A few times first, so that nothing is measured that the compiler does only once; the median of as many more. */
async function* listed(
	bench: ApiBench,
	name: string,
	must: number | undefined,
	list: () => Promise<number>,
): AsyncIterable<Figure> {
	for (let time = 0; time < TIMES; time++) await list()
	const before = await bench.server()
	const rates: number[] = []
	for (let time = 0; time < TIMES; time++) {
		const start = performance.now()
		const pods = await list()
		if (pods !== PODS) throw new Error(`${name}: ${pods} pods, not ${PODS}`)
		rates.push((pods * 1_000) / (performance.now() - start))
	}
	const { cpuMs, blockedMs, rssMb } = await bench.server()
	const cpu = ((cpuMs - before.cpuMs) * 1_000) / (PODS * TIMES)
	const bound = must === undefined ? {} : { must, least: true }
	yield { name, value: quantile(rates, 0.5), unit: "pods/s", ...bound, pods: PODS, rss: rssMb }
	yield { name: `${name}: the server's CPU`, value: cpu, unit: "µs/pod", pods: PODS }
	yield { name: `${name}: others wait at most`, value: blockedMs, unit: "ms", must: 50, pods: PODS }
}
const TIMES = 3

/** Without reading items: what a client does with them is its own affair. */
async function allPages(bench: ApiBench, accept: string): Promise<number> {
	let [pods, token] = [0, ""]
	do {
		const body = await bench.get(`/api/v1/pods?limit=500${token === "" ? "" : `&continue=${token}`}`, accept)
		pods += itemsIn(body)
		token = /"continue":"([^"]*)"/.exec(body.toString("latin1", Math.max(0, body.length - 1_000)))?.[1] ?? ""
	} while (token !== "")
	return pods
}

/** What an informer asks for first. */
async function wholeList(bench: ApiBench): Promise<number> {
	let pods = 0
	let rest = Buffer.alloc(0)
	await bench.read("/api/v1/pods?resourceVersion=0", "application/json", (chunk) => {
		const seen = Buffer.concat([rest, chunk])
		pods += itemsIn(seen)
		rest = seen.subarray(1 - MARK.length)
	})
	return pods
}

/** What `kubectl get pods -l` and `kubectl describe node` ask for. */
async function* selections(bench: ApiBench): AsyncIterable<Figure> {
	const { items } = JSON.parse((await bench.get("/api/v1/pods?limit=1")).toString())
	const [{ metadata, spec }] = items
	const label = `labelSelector=app.kubernetes.io%2Fname%3D${metadata.labels["app.kubernetes.io/name"]}`
	for (const [name, query, count, must] of [
		["pods of a label", label, NODES, undefined],
		["pods of a label that none has", "labelSelector=app%3Dnone", 0, 50],
		["pods of a node", `fieldSelector=spec.nodeName%3D${spec.nodeName}`, DAEMONSETS, 5],
	] as const) {
		const read = async () => {
			const found = itemsIn(await bench.get(`/api/v1/pods?${query}`))
			if (found !== count) throw new Error(`${name}: ${found} pods, not ${count}`)
		}
		for (let time = 0; time < SELECTIONS; time++) await read()
		const before = await bench.server()
		for (let time = 0; time < SELECTIONS; time++) await read()
		const { cpuMs } = await bench.server()
		const bound = must === undefined ? {} : { must }
		const value = (cpuMs - before.cpuMs) / SELECTIONS
		yield { name: `${name}, ${count} of 150,000: the server's CPU`, value, unit: "ms", ...bound, pods: PODS }
	}
}
const SELECTIONS = 10

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
const MARK = '"creationTimestamp"'

function itemsIn(body: Buffer): number {
	let count = 0
	for (let at = body.indexOf(MARK); at >= 0; at = body.indexOf(MARK, at + 1)) count++
	return count
}
