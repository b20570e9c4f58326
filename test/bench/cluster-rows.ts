import { compilePlacement, placeShape } from "../../src/cluster/daemonset/placement.ts"
import { loadCluster } from "../../src/cluster/index.ts"
import type { DaemonSet, KubeObject, PodTemplate } from "../../src/kube/index.ts"
import { behavior, pool } from "../builders/cluster.ts"
import { type Figure, quantile } from "./figure.ts"
import { agent, Fleet, memoryMb, timed } from "./fleet.ts"

/** The rows of the table; every one runs the cluster with its Events and its history, the client limit lifted. */
export const ROWS: ReadonlyMap<string, () => Figure[]> = new Map([
	["1,000 nodes", () => small(1_000, 20, 20)],
	["5,000 nodes", () => small(5_000, 50, 80)],
	["5,000 nodes, one at a time", oneAtATime],
	["130,000 nodes", largest],
	["1,000,000 nodes", million],
	["placement", placement],
])

function small(nodes: number, mustCreate: number, mustChange: number): Figure[] {
	const rounds = Array.from({ length: 15 }, () => rollout(nodes, "10%")).slice(5)
	const [created, changed] = (["created", "changed"] as const).map((part) =>
		quantile(
			rounds.map((times) => times[part]),
			0.5,
		),
	)
	const size = { unit: "ms", nodes, pods: nodes, digest: digestOf(rounds) }
	const name = nodes.toLocaleString("en")
	return [
		{ name: `${name} nodes: created → all ready`, value: created as number, must: mustCreate, ...size },
		{ name: `${name} nodes: image change at 10 % → done`, value: changed as number, must: mustChange, ...size },
	]
}

function oneAtATime(): Figure[] {
	const rounds = Array.from({ length: 7 }, () => rollout(5_000, 1)).slice(2)
	const value = quantile(
		rounds.map(({ changed }) => changed),
		0.5,
	)
	const size = { unit: "ms", nodes: 5_000, pods: 5_000, digest: digestOf(rounds) }
	return [{ name: "5,000 nodes: image change at 1 → done", value, must: 300, ...size }]
}

/** In milliseconds, and what the events came to. */
type Rollout = { readonly created: number; readonly changed: number; readonly digest: string }

/** The digest that all rounds have; that they differ is a fault of the cluster. */
function digestOf(rounds: readonly Rollout[]): string {
	const [digest = "", ...others] = new Set(rounds.map((round) => round.digest))
	if (others.length > 0) throw new Error(`the same rollout came to ${digest} and to ${others.join(", ")}`)
	return digest
}

function rollout(nodes: number, maxUnavailable: number | string): Rollout {
	const fleet = new Fleet()
	fleet.write(pool({ replicas: nodes }))
	fleet.run(1_000)
	const created = timed(() => fleet.roll("agent", "agent:1", maxUnavailable))
	const changed = timed(() => fleet.roll("agent", "agent:2", maxUnavailable))
	return { created, changed, digest: fleet.recorded.cluster.digest() }
}

function largest(): Figure[] {
	const fleet = new Fleet()
	const names = Array.from({ length: 10 }, (_, index) => `agent-${index}`)
	const size = { nodes: 130_000, pods: 1_300_000 }
	const created = timed(() => {
		for (let index = 0; index < 10; index++) fleet.write(pool({ name: `pool-${index}`, replicas: 13_000 }))
		for (const name of names) fleet.write(agent(name, "agent:1", "10%"))
		fleet.settle()
		for (const name of names) fleet.check(name)
	})
	const rss = memoryMb()
	const changed = timed(() => fleet.roll("agent-0", "agent:2", "10%"))
	const digest = fleet.recorded.cluster.digest()
	return [
		{
			name: "130,000 nodes × 10: manifests → 1.3 million ready",
			value: created / 1_000,
			unit: "s",
			must: 8,
			...size,
			rss,
		},
		{ name: "130,000 nodes × 10: memory then", value: rss, unit: "MB", must: 1_500, ...size },
		{
			name: "130,000 nodes × 10: image change of one at 10 %",
			value: changed / 1_000,
			unit: "s",
			must: 1,
			...size,
			digest,
		},
		...smallChanges(fleet).map((figure) => ({ ...figure, unit: "µs", must: 100, ...size })),
		...copies(),
	]
}

/** What one change costs in the largest fleet; each is done many times, for a clock to see it. */
function smallChanges(fleet: Fleet): { readonly name: string; readonly value: number }[] {
	const times = 200
	const each = (name: string, act: () => void) => ({ name, value: (timed(act) * 1_000) / times })
	const labels = { metadata: { labels: { tier: "one" } } }
	fleet.write(behavior({ failures: [{ kind: "CrashLoop", after: "10s", exitCode: 1 }] }, "crashing"))
	const lonely = agent("lonely", "lonely:1", 1)
	fleet.write({ ...lonely, spec: { ...lonely.spec, ...only(lonely, "pool-0-0") } } as KubeObject)
	fleet.run(60_000)
	const change = (index: number): KubeObject =>
		({
			apiVersion: "v1",
			kind: "Node",
			...labels,
			metadata: { ...labels.metadata, name: `pool-0-${index}` },
		}) as KubeObject
	const join = (index: number): KubeObject =>
		({ apiVersion: "v1", kind: "Node", metadata: { name: `new-${index}` } }) as KubeObject
	return [
		each("one pod crashing, until it runs again", () => fleet.run(times * 310_000)),
		each("one node label changing", () => {
			for (let index = 0; index < times; index++) fleet.write(change(index))
		}),
		each("one node joining", () => {
			for (let index = 0; index < times; index++) fleet.write(join(index))
		}),
	]
}

function only({ spec }: DaemonSet, node: string): { readonly template: PodTemplate } {
	return { template: { ...spec.template, spec: { ...spec.template.spec, nodeName: node } } }
}

function copies(): Figure[] {
	const fleet = new Fleet()
	fleet.write(pool({ replicas: 130_000 }))
	fleet.run(1_000)
	fleet.roll("agent", "agent:1", "10%")
	const size = { unit: "ms", nodes: 130_000, pods: 130_000 }
	const fork = quantile(
		Array.from({ length: 5 }, () => timed(() => fleet.recorded.cluster.fork())),
		0.5,
	)
	let bytes: Uint8Array = new Uint8Array()
	const save = timed(() => {
		bytes = fleet.recorded.cluster.save()
	})
	const load = timed(() => loadCluster(bytes))
	return [
		{ name: "130,000 pods: fork", value: fork, must: 100, ...size },
		{ name: "130,000 pods: save", value: save, ...size },
		{ name: "130,000 pods: saved", value: bytes.length / 1e6, ...size, unit: "MB" },
		{ name: "130,000 pods: load", value: load, ...size },
	]
}

function million(): Figure[] {
	const few = pace(10_000)
	const many = pace(1_000_000)
	const size = { nodes: 1_000_000, pods: 1_000_000 }
	return [
		{
			name: "1,000,000 nodes × 1: image change at 10 %",
			value: many.ms / 1_000,
			unit: "s",
			must: 3,
			...size,
			rss: many.rss,
			digest: many.digest,
		},
		{ name: "1,000,000 nodes × 1: memory then", value: many.rss, unit: "MB", must: 1_000, ...size },
		{ name: "pod transitions a second, 10,000 nodes", value: few.rate / 1e6, unit: "M/s", nodes: 10_000, pods: 10_000 },
		{ name: "pod transitions a second, 1,000,000 nodes", value: many.rate / 1e6, unit: "M/s", ...size },
		{ name: "the same, 1,000,000 : 10,000", value: many.rate / few.rate, unit: ": 1", must: 0.5, least: true, ...size },
	]
}

type Pace = { readonly ms: number; readonly rate: number; readonly rss: number; readonly digest: string }

function pace(nodes: number): Pace {
	const fleet = new Fleet()
	fleet.write(pool({ replicas: nodes }))
	fleet.run(1_000)
	fleet.roll("agent", "agent:1", "10%")
	const before = fleet.transitions
	const ms = timed(() => fleet.roll("agent", "agent:2", "10%"))
	const digest = fleet.recorded.cluster.digest()
	return { ms, rate: ((fleet.transitions - before) * 1_000) / ms, rss: memoryMb(), digest }
}

/** What rule P1 comes to: each template asked once for each shape, its answer spread over the nodes of the shape. */
function placement(): Figure[] {
	const nodes = 100_000
	const shapes = Array.from({ length: 200 }, (_, index) => ({
		labels: { pool: `pool-${index}`, tier: `tier-${index % 7}`, zone: `zone-${index % 3}` },
		taints: index % 5 === 0 ? [{ key: "dedicated", value: `team-${index % 4}`, effect: "NoSchedule" }] : [],
	}))
	const shapeOf = Uint16Array.from({ length: nodes }, (_, node) => node % shapes.length)
	const templates = Array.from({ length: 200 }, (_, index) => agent(`agent-${index}`, "agent:1", 1).spec.template)
	const places = new Uint8Array(nodes)
	const ask = () => {
		for (const [index, template] of templates.entries()) {
			const nodeSelector = { tier: `tier-${index % 7}` }
			const rule = compilePlacement({ ...template, spec: { ...template.spec, nodeSelector } })
			const answers = Uint8Array.from(shapes, (shape) => (placeShape(rule, shape).shouldRun ? 1 : 0))
			for (let node = 0; node < nodes; node++) places[node] = answers[shapeOf[node] as number] as number
		}
	}
	ask()
	const value = quantile(
		Array.from({ length: 5 }, () => timed(ask)),
		0.5,
	)
	return [{ name: "200 DaemonSets placed on 100,000 nodes of 200 shapes", value, unit: "ms", must: 50, nodes }]
}
