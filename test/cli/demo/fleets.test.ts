import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { parseAllDocuments } from "yaml"
import { quantityOf } from "../../../src/kube/index.ts"

const folder = fileURLToPath(new URL("../../../examples/fleets/", import.meta.url))

it.each([
	["home-lab-10.yaml", 10],
	["eks-500.yaml", 500],
	["gke-5000.yaml", 5000],
])("examples/fleets/%s describes %d nodes", (file, nodes) => {
	const pools = parseAllDocuments(readFileSync(`${folder}${file}`, "utf8")).map((document) => document.toJS())
	expect(pools.reduce((sum, pool) => sum + pool.spec.replicas, 0)).toBe(nodes)
	expect(new Set(pools.map((pool) => pool.metadata.name)).size).toBe(pools.length)
	for (const { spec } of pools) {
		for (const list of [spec.template.status.capacity, spec.template.status.allocatable, spec.used ?? {}]) {
			for (const amount of Object.values(list)) expect(quantityOf(amount as string)).toBeDefined()
		}
		for (const value of Object.values(spec.template.metadata.labels)) expect(value).toBeTypeOf("string")
	}
})
