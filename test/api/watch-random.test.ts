import { describe, expect, test } from "vitest"
import type { Cluster } from "../../src/cluster/index.ts"
import { apiOver, type Watched } from "../builders/api.ts"
import { apply, behavior, cluster, daemonSet, pods, send } from "../builders/cluster.ts"

const PODS = "/api/v1/namespaces/kube-system/pods"
const QUERIES = [
	"",
	"labelSelector=app%3Dfluentd",
	"labelSelector=debug",
	"labelSelector=!debug",
	"fieldSelector=status.phase%3DRunning",
	"fieldSelector=status.phase!%3DRunning",
	"fieldSelector=spec.nodeName%3Dpool-1",
	"fieldSelector=metadata.name%3Dno-such-pod",
]

type Named = { readonly metadata: { readonly name: string; readonly resourceVersion: string } }
/** A client that is cut off, comes back, and does not always read. */
type Client = {
	query: string
	objects: Map<string, Named>
	version: string
	watch: Watched | undefined
	exact: boolean
}

type Random = (below: number) => number

function numbers(seed: number): Random {
	let state = seed
	return (below) => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
		return Math.floor((state / 2_147_483_648) * below)
	}
}

function take(client: Client, most: number): void {
	for (const { type, object } of client.watch?.take().slice(0, most) ?? []) {
		const { name, resourceVersion } = object.metadata
		if (client.exact) expect([client.query, type]).toEqual([client.query, expectedType(type, client.objects.has(name))])
		if (type === "DELETED") client.objects.delete(name)
		else client.objects.set(name, object)
		expect(Number(resourceVersion)).toBeGreaterThan(Number(client.version))
		client.version = resourceVersion
	}
}

function expectedType(type: string, isKnown: boolean): string {
	if (type === "DELETED") return isKnown ? "DELETED" : "nothing"
	return isKnown ? "MODIFIED" : "ADDED"
}

/** What may happen in the cluster between two batches. Returns what was written by hand. */
function happen(live: Cluster, random: Random, turn: number): string {
	const pod = pods(live)[random(Math.max(1, pods(live).length))]
	const key = `/Pod/kube-system/${pod?.metadata.name}`
	const what = random(8)
	if (what === 0) apply(live, daemonSet({ image: `fluentd:${turn}` }))
	else if (what === 1) send(live, { verb: "delete", key, gracePeriodSeconds: random(2) * 30 })
	else if (pod !== undefined && what === 2) {
		const { debug, ...others }: { [name: string]: string } = { ...pod.metadata.labels }
		const labels = { ...others, ...(debug === undefined ? { debug: String(turn) } : {}) }
		send(live, { verb: "update", key, object: { ...pod, metadata: { ...pod.metadata, labels } } })
	}
	live.advance(live.now() + random(15_000))
	return key
}

function versions(objects: ReadonlyMap<string, Named>): string[] {
	return [...objects].map(([name, { metadata }]) => `${name} ${metadata.resourceVersion}`).sort()
}

type Go = (client: Client) => Promise<Watched>

async function act(client: Client, random: Random, goOn: Go): Promise<void> {
	if (client.exact) {
		if (random(3) > 0) take(client, Number.POSITIVE_INFINITY)
		return
	}
	const what = random(6)
	if (what === 0) client.watch?.stall()
	else if (what === 1) client.watch?.read()
	else if (what === 2) {
		take(client, random(6))
		client.watch?.gone()
		client.watch = undefined
	}
	if (client.watch === undefined && random(3) === 0) client.watch = await goOn(client)
}

describe("watches of pods that come, go, fail and change their labels", () => {
	test.each([1, 2, 3, 4, 5, 6])("end with what a list has, whatever happened to the client (%i)", async (seed) => {
		const random = numbers(seed)
		const live = cluster(6)
		apply(live, behavior({ failures: [{ kind: "CrashLoop", share: 0.5, after: "20s", exitCode: 1 }] }))
		apply(live, daemonSet({ image: "fluentd:0" }))
		const ask = apiOver(live)
		const listed = async (query: string) => {
			const { metadata, items } = (await ask(`${PODS}?${query}`)).body
			const named = items.map((item: Named) => [item.metadata.name, item] as const)
			return { version: metadata.resourceVersion, objects: new Map<string, Named>(named) }
		}
		const goOn: Go = ({ query, version }) => ask.watch(`${PODS}?watch=1&resourceVersion=${version}&${query}`)
		const clients: Client[] = []
		for (const query of QUERIES) {
			for (const exact of [true, false, false]) {
				const client: Client = { query, exact, ...(await listed(query)), watch: undefined }
				clients.push({ ...client, watch: await goOn(client) })
			}
		}
		const written: string[] = []
		for (let turn = 0; turn < 120; turn++) {
			written.push(happen(live, random, turn))
			if (random(3) > 0) ask.told(written.splice(0))
			for (const client of clients) await act(client, random, goOn)
		}
		ask.told(written)
		for (const client of clients) {
			client.watch ??= await goOn(client)
			client.watch.read()
			take(client, Number.POSITIVE_INFINITY)
			const { objects } = await listed(client.query)
			expect([client.query, client.exact, ...versions(client.objects)]).toEqual([
				client.query,
				client.exact,
				...versions(objects),
			])
		}
	})
})
