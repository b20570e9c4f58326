import { parseInstant } from "../../src/base/index.ts"
import { type Cluster, type ClusterOptions, createCluster, type Verdict, type Write } from "../../src/cluster/index.ts"
import { type DaemonSet, type KubeObject, keyOf, objectKey } from "../../src/kube/index.ts"

export const START = parseInstant("2026-01-01T00:00:00Z") as number
export const FLUENTD = "apps/DaemonSet/kube-system/fluentd"

/** A cluster with one pool of nodes, and the client limit lifted unless a test is about it. */
export function cluster(nodes = 3, options: Partial<ClusterOptions> = {}): Cluster {
	const made = createCluster({ seed: "seed", start: START, controlPlaneQps: 0, ...options })
	if (nodes > 0) apply(made, pool({ replicas: nodes }))
	made.advance(START + 1_000)
	return made
}

export function pool({
	name = "pool",
	...spec
}: {
	name?: string
	replicas: number
	template?: object
	used?: object
	zones?: string[]
}): KubeObject {
	return { apiVersion: "simulation.rollcall.dev/v1alpha1", kind: "NodePool", metadata: { name }, spec } as KubeObject
}

/** Pods behave alike, so that tests know when what happens. */
export function behavior(spec: object = {}, name = "all"): KubeObject {
	const paces = { pull: "2s", start: "1s", ready: "1s", stop: "1s", ...spec }
	return {
		apiVersion: "simulation.rollcall.dev/v1alpha1",
		kind: "PodBehavior",
		metadata: { name },
		spec: paces,
	} as KubeObject
}

export function scenario(steps: object[], name = "story"): KubeObject {
	return {
		apiVersion: "simulation.rollcall.dev/v1alpha1",
		kind: "Scenario",
		metadata: { name },
		spec: { steps },
	} as KubeObject
}

type DaemonSetOptions = {
	readonly name?: string
	readonly image?: string
	readonly spec?: object
	readonly pod?: object
	readonly container?: object
}

export function daemonSet({
	name = "fluentd",
	image = "fluentd:v1",
	spec = {},
	pod = {},
	container = {},
}: DaemonSetOptions = {}): KubeObject {
	return {
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name, namespace: "kube-system" },
		spec: {
			selector: { matchLabels: { app: name } },
			template: {
				metadata: { labels: { app: name } },
				spec: { containers: [{ name: "agent", image, ...container }], ...pod },
			},
			...spec,
		},
	} as unknown as KubeObject
}

export function apply(to: Cluster, object: KubeObject, before?: KubeObject): Verdict {
	const write: Write = {
		verb: "apply",
		key: keyOf(object),
		manager: "rollcall",
		object,
		...(before === undefined ? {} : { before }),
	}
	return send(to, write)
}

export function remove(from: Cluster, key: string, propagation?: "Background" | "Foreground" | "Orphan"): Verdict {
	return send(from, { verb: "delete", key, ...(propagation === undefined ? {} : { propagation }) })
}

export function send(to: Cluster, write: Write): Verdict {
	const [verdict] = to.input({ source: { kind: "client", client: "test" }, writes: [write] })
	if (verdict === undefined) throw new Error("every write has a verdict")
	return verdict
}

/** Runs until nothing is left but repeats, at most an hour. */
export function settle(running: Cluster): void {
	const end = running.now() + 3_600_000
	while (!running.settled() && running.now() < end) running.advance(Math.min(running.nextAt() ?? end, end))
}

/** The status of a DaemonSet, with the zeros that the API leaves out. */
export function status(of: Cluster, key = FLUENTD): DaemonSet["status"] {
	const stored = (of.read(key) as DaemonSet | undefined)?.status
	return stored && { updatedNumberScheduled: 0, numberAvailable: 0, numberUnavailable: 0, ...stored }
}

export function pods(of: Cluster, nodeName?: string): KubeObject[] {
	return [...of.list({ group: "", kind: "Pod", ...(nodeName === undefined ? {} : { nodeName }) })]
}

export function nodeKey(name: string): string {
	return objectKey({ group: "", kind: "Node", namespace: "", name })
}
