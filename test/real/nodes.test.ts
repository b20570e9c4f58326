import { existsSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { expect, test } from "vitest"
import type { KubeObject } from "../../src/kube/index.ts"
import { importFleet, readDump } from "../../src/manifest/index.ts"

const NODES = "../shared/nodes"
const present = existsSync(NODES)
const title = (name: string) => (present ? name : `${name} (skipped: no ../shared)`)

async function nodesOf(file: string): Promise<KubeObject[]> {
	const bytes = readFileSync(`${NODES}/${file}`)
	async function* chunks() {
		yield file.endsWith(".gz") ? gunzipSync(bytes) : bytes
	}
	const nodes: KubeObject[] = []
	for await (const item of readDump(chunks(), file)) {
		if (item.kind === "finding") throw new Error(`${file}:${item.finding.line} ${item.finding.message}`)
		nodes.push(item.object)
	}
	return nodes
}

test.skipIf(!present).each([
	["alibaba-openb-gpu-nodes.yaml.gz", 1213],
	["alibaba-pai-node-00.yaml", 1],
	["flannel-fake-node.yaml", 1],
	["k8s-gke-node-dump.yaml", 1],
	["k8s-node-example.json", 1],
	["kube-router-testdata-nodes.yaml", 2],
	["kwok-node.yaml", 1],
	["kwok-virtual-gpu-node.yaml", 1],
])(title("readDump reads every node of %s"), async (file, count) => {
	const nodes = await nodesOf(file)
	expect(nodes.length).toBe(count)
	for (const node of nodes) {
		expect(node.kind).toBe("Node")
		expect(Object.keys((node["status"] ?? {}) as object)).toEqual(
			expect.not.arrayContaining(["images", "nodeInfo", "addresses", "volumesInUse"]),
		)
		expect(node.metadata.managedFields).toBeUndefined()
	}
})

test.skipIf(!present)(title("importFleet makes few pools of the Alibaba trace and loses no node"), async () => {
	const nodes = await nodesOf("alibaba-openb-gpu-nodes.yaml.gz")
	const pools = importFleet(nodes)
	expect(pools.reduce((sum, pool) => sum + pool.spec.replicas, 0)).toBe(nodes.length)
	expect(pools.length).toBeLessThan(40)
})
