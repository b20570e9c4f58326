import { describe, expect, test } from "vitest"
import type { KubeObject } from "../../src/kube/index.ts"
import { type DumpItem, importFleet, readDump } from "../../src/manifest/index.ts"

/** The text in chunks of so many bytes, so that cuts fall everywhere. */
async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
	const bytes = new TextEncoder().encode(text)
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string, size = 1 << 16): Promise<DumpItem[]> {
	const items: DumpItem[] = []
	for await (const item of readDump(inChunks(text, size), "dump")) items.push(item)
	return items
}

const objects = (items: readonly DumpItem[]) => items.flatMap((item) => (item.kind === "object" ? [item.object] : []))
const findings = (items: readonly DumpItem[]) =>
	items.flatMap((item) =>
		item.kind === "finding" ? [`${item.finding.severity} ${item.finding.code} ${item.finding.line}`] : [],
	)

const NODE = {
	apiVersion: "v1",
	kind: "Node",
	metadata: { name: "näh-1", labels: { pool: "a" }, uid: "u", resourceVersion: "5", managedFields: [{ manager: "k" }] },
	spec: { taints: [{ key: "gpu", effect: "NoSchedule" }], providerID: "aws://1" },
	status: {
		capacity: { cpu: "4" },
		allocatable: { cpu: "3920m" },
		conditions: [
			{ type: "MemoryPressure", status: "False" },
			{ type: "Ready", status: "True", lastHeartbeatTime: "2026-01-01T00:00:00Z" },
		],
		images: [{ names: ["a"] }],
		nodeInfo: { kubeletVersion: "v1.34.0" },
	},
}
const KEPT_NODE = {
	apiVersion: "v1",
	kind: "Node",
	metadata: { name: "näh-1", labels: { pool: "a" } },
	spec: NODE.spec,
	status: {
		capacity: { cpu: "4" },
		allocatable: { cpu: "3920m" },
		nodeInfo: { kubeletVersion: "v1.34.0" },
		conditions: [{ type: "Ready", status: "True" }],
	},
}
const POD = {
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "web-1", namespace: "shop", labels: { app: "web" }, annotations: { secret: "x" } },
	spec: {
		nodeName: "näh-1",
		priority: 7,
		containers: [
			{ name: "web", image: "web:1", env: [{ name: "TOKEN", value: "t" }], resources: { requests: { cpu: "1" } } },
		],
		volumes: [{ name: "v" }],
	},
	status: { phase: "Running", podIP: "10.0.0.1" },
}
const KEPT_POD = {
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "web-1", namespace: "shop", labels: { app: "web" } },
	spec: {
		nodeName: "näh-1",
		priority: 7,
		containers: [{ name: "web", image: "web:1", resources: { requests: { cpu: "1" } } }],
	},
	status: { phase: "Running" },
}
const JSON_DUMP = JSON.stringify({ apiVersion: "v1", items: [NODE, POD], kind: "List", metadata: {} }, null, 4)
const YAML_DUMP = `apiVersion: v1
items:
- apiVersion: v1
  kind: Node
  metadata:
    name: näh-1
    labels: {pool: a}
    annotations: {}
    managedFields: [{manager: k}]
  spec:
    taints:
    - key: gpu
      effect: NoSchedule
    providerID: aws://1
  status:
    allocatable: {cpu: 3920m}
    capacity: {cpu: "4"}
    conditions:
    - type: Ready
      status: "True"
- apiVersion: v1
  kind: Pod
  metadata: {name: done, namespace: shop}
  spec: {containers: [{name: c}]}
  status: {phase: Succeeded}
kind: List
metadata:
  resourceVersion: ""
`

describe("readDump", () => {
	test.each([1, 2, 3, 7, 64, 100_000])("keeps of a JSON dump what a fleet needs, cut every %i bytes", async (size) => {
		expect(await read(JSON_DUMP, size).then(objects)).toEqual([KEPT_NODE, KEPT_POD])
	})

	test.each([1, 5, 100_000])("keeps the same of a YAML dump, cut every %i bytes", async (size) => {
		const { nodeInfo: _, ...status } = KEPT_NODE.status
		const want = { ...KEPT_NODE, metadata: { ...KEPT_NODE.metadata, annotations: {} }, status }
		expect(await read(YAML_DUMP, size).then(objects)).toEqual([want])
	})

	test("knows the items of a typed list by the list", async () => {
		const { kind: _, apiVersion: __, ...bare } = NODE
		const items = await read(JSON.stringify({ kind: "NodeList", apiVersion: "v1", items: [bare] }))
		expect(objects(items).map(({ kind }) => kind)).toEqual(["Node"])
	})

	test("reads plain documents and node pools, and leaves other kinds out with one finding each", async () => {
		const pool =
			"apiVersion: simulation.rollcall.dev/v1alpha1\nkind: NodePool\nmetadata: {name: a}\nspec: {replicas: 2}\n"
		const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: b}\n"
		const items = await read(
			`---\n${pool}---\n${secret}---\n${secret}---\napiVersion: v1\nkind: Node\nmetadata: {name: n1}\n`,
		)
		expect(objects(items).map(({ kind }) => kind)).toEqual(["NodePool", "Node"])
		expect(findings(items)).toEqual(["info not-a-node 7"])
	})

	test("an item that cannot be read is a finding, its neighbours go on", async () => {
		const items = await read("items:\n- kind: Node\n  a: [\n- apiVersion: v1\n  kind: Node\n  metadata: {name: n1}\n")
		expect(objects(items).map(({ metadata }) => metadata.name)).toEqual(["n1"])
		expect(findings(items)).toMatchObject([expect.stringMatching(/^error yaml-syntax/)])
	})

	test.each([
		["nothing", "", []],
		["an empty list", '{"apiVersion":"v1","items":[],"kind":"List"}', []],
		["half a JSON dump", JSON_DUMP.slice(0, -120), []],
		["a scalar", "hello", ["warning not-an-object 1"]],
	])("reads %s without complaint or crash", async (_, text, want) => {
		expect(findings(await read(text)).filter((finding) => !finding.includes("yaml-syntax"))).toEqual(want)
	})

	test("an item beyond the size limit is refused and not kept", async () => {
		const long = `items:\n- apiVersion: v1\n  kind: Node\n  metadata: {name: ${"n".repeat(5 << 20)}}\n- apiVersion: v1\n  kind: Node\n  metadata: {name: n1}\n`
		const items = await read(long)
		expect(findings(items)).toEqual(["error too-large 2"])
		expect(objects(items).length).toBe(1)
	})

	test("bytes that are not UTF-8 end it with a finding", async () => {
		async function* bytes() {
			yield new TextEncoder().encode("a: b\n---\n")
			yield Uint8Array.from([0xff, 0xff])
		}
		const items: DumpItem[] = []
		for await (const item of readDump(bytes())) items.push(item)
		expect(findings(items).at(-1)).toMatch(/^error not-utf8/)
	})
})

function node(name: string, more: { labels?: object; memory?: string; taints?: object[] } = {}): KubeObject {
	return {
		apiVersion: "v1",
		kind: "Node",
		metadata: { name, labels: { "kubernetes.io/hostname": name, ...more.labels } },
		...(more.taints === undefined ? {} : { spec: { taints: more.taints } }),
		status: { allocatable: { cpu: "4", memory: more.memory ?? "16Gi" } },
	} as unknown as KubeObject
}

describe("importFleet", () => {
	test("makes one pool of each shape, without what is each node's own", () => {
		const zone = (z: string) => ({ "topology.kubernetes.io/zone": z, "cloud.google.com/gke-nodepool": "General" })
		const cordoned = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }]
		const gpu = {
			labels: { role: "gpu" },
			taints: [{ key: "gpu", effect: "NoSchedule", timeAdded: "2026-01-01T00:00:00Z" }],
		}
		const nodes = [
			node("gke-b", { labels: zone("z2"), memory: "16001Mi" }),
			node("gke-a", { labels: zone("z1"), memory: "16000Mi", taints: cordoned }),
			node("gpu-1", gpu),
			node("gpu-2", gpu),
		]
		expect(importFleet(nodes)).toEqual([
			{
				apiVersion: "simulation.rollcall.dev/v1alpha1",
				kind: "NodePool",
				metadata: { name: "general" },
				spec: {
					replicas: 2,
					zones: ["z1", "z2"],
					template: {
						metadata: { labels: { "cloud.google.com/gke-nodepool": "General" } },
						status: { allocatable: { cpu: "4", memory: "16000Mi" } },
					},
				},
			},
			{
				apiVersion: "simulation.rollcall.dev/v1alpha1",
				kind: "NodePool",
				metadata: { name: "gpu" },
				spec: {
					replicas: 2,
					template: {
						metadata: { labels: { role: "gpu" } },
						spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] },
						status: { allocatable: { cpu: "4", memory: "16Gi" } },
					},
				},
			},
		])
	})

	test("states what other workloads use on average, DaemonSets aside", () => {
		const pod = (name: string, cpu: string, owner?: string) =>
			({
				...KEPT_POD,
				metadata: {
					name,
					namespace: "shop",
					...(owner ? { ownerReferences: [{ kind: owner, controller: true }] } : {}),
				},
				spec: {
					nodeName: "n-1",
					containers: [{ name: "c", resources: { requests: { cpu }, limits: { memory: "1Gi" } } }],
					initContainers: [{ name: "i", resources: { requests: { cpu: "100m" } } }],
				},
			}) as unknown as KubeObject
		const pods = [pod("a", "250m"), pod("b", "50m", "ReplicaSet"), pod("c", "2", "DaemonSet")]
		expect(importFleet([node("n-1"), node("n-2")], pods)[0]?.spec.used).toEqual({
			cpu: "175m",
			memory: "1Gi",
			pods: "1",
		})
	})

	test("is the same whatever the order of the nodes", () => {
		const nodes = Array.from({ length: 9 }, (_, index) => node(`n-${index}`, { memory: `${16000 + 90 * index}Mi` }))
		expect(importFleet(nodes.toReversed())).toEqual(importFleet(nodes))
	})
})
