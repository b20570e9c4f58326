import fc from "fast-check"
import type { Cluster, Verdict, Write } from "../../../src/cluster/index.ts"
import {
	type KubeObject,
	keyOf,
	MAX_UNAVAILABLE_ANNOTATION,
	type Node,
	objectKey,
	type Pod,
} from "../../../src/kube/index.ts"
import { behavior, cluster, daemonSet, nodeKey, pool, scenario } from "../../builders/cluster.ts"

/** What is done to a cluster, and how long after the last act. `pick` and `other` say to whom and how. */
export type Act = {
	readonly kind: (typeof KINDS)[number]
	readonly afterMs: number
	readonly pick: number
	readonly other: number
}
export type Story = {
	readonly seed: number
	readonly nodes: number
	readonly qps: number
	readonly acts: readonly Act[]
}

export const CALM = ["image", "strategy", "resize", "select", "label", "history", "update", "wait"] as const
export const KINDS = [
	...CALM,
	"behavior",
	"down",
	"up",
	"pressure",
	"slow",
	"cordon",
	"taint",
	"drop-node",
	"drop-pod",
	"relabel-pod",
	"bare-pod",
	"drop-daemonset",
	"drop-pool",
	"priority",
	"scenario",
	"rival",
] as const

const afterMs = fc.oneof(
	{ weight: 4, arbitrary: fc.nat(6) },
	{ weight: 4, arbitrary: fc.nat(9_000) },
	{ weight: 2, arbitrary: fc.nat(120_000) },
)

/** Stories of at most so many acts of these kinds. */
export function stories(kinds: readonly Act["kind"][], most: number): fc.Arbitrary<Story> {
	return fc.record({
		seed: fc.nat(99),
		nodes: fc.integer({ min: 0, max: 9 }),
		qps: fc.constantFrom(0, 0, 20, 3),
		acts: fc.array(fc.record({ kind: fc.constantFrom(...kinds), afterMs, pick: fc.nat(99), other: fc.nat(99) }), {
			maxLength: most,
		}),
	})
}

/** The cluster as every story begins: a pool, calm pods, one DaemonSet. */
export function opening({ seed, nodes, qps }: Story): Cluster {
	const on = cluster(nodes, {
		seed: `story ${seed}${qps === 0 ? "" : " paced"}`,
		controlPlaneQps: qps,
		controlPlaneBurst: 5,
	})
	enact(on, [apply(behavior()), apply(daemonSet())])
	return on
}

/** As commits do: an apply names what was applied last. */
export function enact(
	on: Cluster,
	writes: readonly Write[],
	applied = new Map<string, KubeObject>(),
): readonly Verdict[] {
	const whole = writes.map((write) => {
		const before = applied.get(write.verb === "fault" ? "" : write.key)
		return write.verb === "apply" && before !== undefined ? { ...write, before } : write
	})
	const verdicts = on.input({ source: { kind: "client", client: "story" }, writes: whole })
	for (const [place, write] of writes.entries()) {
		if (write.verb === "apply" && verdicts[place]?.accepted) applied.set(write.key, write.object)
	}
	return verdicts
}

/** The writes of an act, as they come to on a cluster that stands like this. */
export function writesOf(act: Act, on: Cluster): readonly Write[] {
	const { kind, pick, other } = act
	const node = `pool-${pick % 10}`
	if (kind === "behavior") return [apply(unruly(pick, other))]
	if (kind === "down") return [{ verb: "fault", fault: { kind: "node-down", node } }]
	if (kind === "up") return [{ verb: "fault", fault: { kind: "node-up", node } }]
	if (kind === "slow") return [{ verb: "fault", fault: { kind: "slow-pulls", node, factor: 1 + (other % 3) } }]
	if (kind === "pressure") {
		const resource = (["memory", "disk", "pid"] as const)[other % 3] as "memory"
		return [{ verb: "fault", fault: { kind: "pressure", node, resource, on: other % 2 === 0 } }]
	}
	if (kind === "drop-node") return [{ verb: "delete", key: nodeKey(node) }]
	if (kind === "drop-pool") return [{ verb: "delete", key: keyOf(pool({ replicas: 0 })) }]
	if (kind === "cordon" || kind === "taint" || kind === "label") return changeNode(act, on.read(nodeKey(node)) as Node)
	if (kind === "drop-pod" || kind === "relabel-pod") return changePod(act, on)
	if (kind === "drop-daemonset") {
		const propagation = (["Background", "Foreground", "Orphan"] as const)[other % 3] as "Orphan"
		return [{ verb: "delete", key: keyOf(daemonSetOf(pick, 0)), propagation }]
	}
	return applied(act, on)
}

function applied({ kind, pick, other }: Act, on: Cluster): readonly Write[] {
	const template = { metadata: { labels: { tier: String(other % 2) } } }
	switch (kind) {
		case "image":
			return [apply(daemonSetOf(pick, other))]
		case "strategy":
			return [apply(daemonSet({ image: `fluentd:v${pick % 3}`, spec: { updateStrategy: strategy(other) } }))]
		case "resize":
			return [apply(pool({ replicas: pick % 10, ...(other % 3 === 0 ? { template } : {}) }))]
		case "select":
			return [apply(daemonSet({ pod: other % 3 === 0 ? {} : { nodeSelector: { tier: String(pick % 2) } } }))]
		case "rival":
			return [apply(rival(pick, other))]
		case "history":
			return [apply(daemonSet({ image: `fluentd:v${pick % 5}`, spec: { revisionHistoryLimit: other % 3 } }))]
		case "bare-pod":
			return [{ verb: "create", key: keyOf(barePod(pick, other)), object: barePod(pick, other) }]
		case "priority":
			return [apply(HIGH)]
		case "scenario":
			return [
				apply(
					scenario(
						[{ at: "2s", fault: "Down", nodes: { names: ["pool-1", "pool-3"] }, for: "70s" }],
						`story-${pick % 3}`,
					),
				),
			]
		case "update": {
			const live = on.read(keyOf(daemonSet()))
			if (live === undefined) return []
			const metadata = { ...live.metadata, annotations: { ...live.metadata.annotations, note: String(pick % 2) } }
			return [{ verb: "update", key: keyOf(live), object: { ...live, metadata } }]
		}
		default:
			return []
	}
}

function apply(object: KubeObject): Write {
	return { verb: "apply", key: keyOf(object), manager: "rollcall", object }
}

const HIGH = {
	apiVersion: "scheduling.k8s.io/v1",
	kind: "PriorityClass",
	metadata: { name: "high" },
	value: 1000,
} as unknown as KubeObject

function daemonSetOf(pick: number, other: number): KubeObject {
	const name = pick % 4 === 0 ? "node-exporter" : "fluentd"
	const spec = { minReadySeconds: [0, 0, 1, 7][other % 4], updateStrategy: strategy(pick + other) }
	const object = daemonSet({ name, image: `${name}:v${pick % 3}`, spec })
	if (other % 3 !== 0) return object
	return { ...object, metadata: { ...object.metadata, annotations: { [MAX_UNAVAILABLE_ANNOTATION]: "hard" } } }
}

function strategy(pick: number): object {
	if (pick % 5 === 0) return { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 + (pick % 2) } }
	if (pick % 5 === 1) return { rollingUpdate: { maxUnavailable: "50%" } }
	if (pick % 5 === 2) return { type: "OnDelete" }
	return { rollingUpdate: { maxUnavailable: 1 + (pick % 3) } }
}

const HOST_PORT = [{ containerPort: 9100, hostPort: 9100 }]

/** A DaemonSet that takes room: with a class it pushes others away. */
function rival(pick: number, other: number): KubeObject {
	const pod = other % 2 === 0 ? { priorityClassName: "high" } : {}
	const ports = pick % 3 === 0 ? { ports: HOST_PORT } : {}
	const container = { resources: { requests: { cpu: pick % 2 === 0 ? "3" : "500m" } }, ...ports }
	return daemonSet({ name: "rival", image: `rival:v${pick % 2}`, pod, container })
}

function unruly(pick: number, other: number): KubeObject {
	const kind = ["CrashLoop", "ImagePull", "NeverReady", "OutOfMemory", "NodeDown"][pick % 5]
	const match = other % 2 === 0 ? { match: { image: "*:v2" } } : {}
	return behavior({ priority: 1, ...match, failures: [{ kind, share: "40%", after: "3s" }] }, "unruly")
}

function barePod(pick: number, other: number): KubeObject {
	const node = `pool-${other % 10}`
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name: `bare-${pick % 5}`,
			namespace: "kube-system",
			labels: { app: pick % 2 === 0 ? "fluentd" : "none" },
			...(other % 5 === 0 ? { finalizers: ["example.com/hold"] } : {}),
		},
		spec: {
			containers: [
				{
					name: "bare",
					image: "bare:v1",
					resources: { requests: { cpu: "250m", memory: "1Gi" } },
					...(pick % 4 === 0 ? { ports: HOST_PORT } : {}),
				},
			],
			...(other % 3 === 0 ? { nodeName: node } : other % 3 === 1 ? { nodeSelector: { tier: "1" } } : {}),
		},
	} as unknown as KubeObject
}

function changeNode({ kind, other }: Act, live: Node | undefined): readonly Write[] {
	if (live === undefined) return []
	const taints = live.spec?.taints ?? []
	const effect = (["NoSchedule", "NoExecute", "PreferNoSchedule"] as const)[other % 3] as "NoSchedule"
	const without = taints.filter(({ key }) => key !== "story")
	const spec =
		kind === "cordon"
			? { ...live.spec, unschedulable: other % 2 === 0 }
			: kind === "taint"
				? { ...live.spec, taints: other % 4 === 3 ? without : [...without, { key: "story", effect }] }
				: live.spec
	const labels = kind === "label" ? { ...live.metadata.labels, tier: String(other % 2) } : live.metadata.labels
	const object = { ...live, metadata: { ...live.metadata, labels }, spec } as KubeObject
	return [{ verb: "update", key: keyOf(live), object }]
}

function changePod({ kind, pick, other }: Act, on: Cluster): readonly Write[] {
	const pods = [...on.list({ group: "", kind: "Pod", namespace: "kube-system" })] as Pod[]
	const pod = pods[pick % Math.max(1, pods.length)]
	if (pod === undefined) return []
	const key = objectKey({ group: "", kind: "Pod", namespace: "kube-system", name: pod.metadata.name })
	if (kind === "drop-pod") {
		return [{ verb: "delete", key, ...(other % 3 === 0 ? { gracePeriodSeconds: other % 2 } : {}) }]
	}
	const labels = { ...pod.metadata.labels, app: other % 2 === 0 ? "none" : "fluentd" }
	return [{ verb: "update", key, object: { ...pod, metadata: { ...pod.metadata, labels } } }]
}
