import { describe, expect, test } from "vitest"
import { behavior, daemonSet, pool } from "../builders/cluster.ts"
import { digestOf, planOn } from "../builders/forecast.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn } from "../builders/rollcall.ts"

/** A fleet of three zones on which fluentd runs, and a commit that changes its image. */
async function changed(): Promise<{ from: Repository; rollcall: Rollcall; commit: string }> {
	const from = repository()
	const rollcall = rollcallOn(from)
	const nodes = pool({ replicas: 12, zones: ["a", "b", "c"] })
	from.commit("fluentd", { "fleet.yaml": [nodes, behavior()], "fluentd.yaml": [fluentd("fluentd:v1")] })
	await rollcall.once()
	return { from, rollcall, commit: from.commit("fluentd v2", { "fluentd.yaml": [fluentd("fluentd:v2")] }) }
}

function fluentd(image: string) {
	return daemonSet({ image, spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 3 } } } })
}

describe("planning a commit", () => {
	test("foretells the digest that the run then has", async () => {
		const { from, rollcall, commit } = await changed()
		const { verdict, rehearsed } = await planOn(from.path, rollcall, commit)
		expect(verdict).toBe("applied")
		await rollcall.once()
		expect(rehearsed.digest).toBe(digestOf(rollcall))
	})

	test("says which nodes restart in which order, and how many are down at once, in all and by zone", async () => {
		const { from, rollcall, commit } = await changed()
		const { rehearsed } = await planOn(from.path, rollcall, commit)
		const [rollout] = rehearsed.rollouts
		expect(rollout).toMatchObject({ verdict: "complete", desired: 12, restarts: 12, gains: 0, losses: 0 })
		expect(rollout?.down).toMatchObject({ atStart: 0, most: 3, atEnd: 0 })
		const byZone = [...(rollout?.down.mostByZone ?? [])]
		expect(byZone.map(([zone]) => zone).sort()).toEqual(["a", "b", "c"])
		expect(byZone.every(([, most]) => most >= 1 && most <= 3)).toBe(true)
		const beginnings = rollout?.order.map(({ stoppedAt }) => stoppedAt) ?? []
		expect(beginnings).toEqual([...beginnings].sort((a, b) => a - b))
		expect(new Set(rollout?.order.map(({ node }) => node)).size).toBe(12)
	})

	test("says where the nodes are, whom the time rests on, and what a surge needs", async () => {
		const from = repository()
		const rollcall = rollcallOn(from)
		const asks = { resources: { requests: { cpu: "100m", memory: "64Mi" } } }
		const agent = (image: string) =>
			daemonSet({
				image,
				container: asks,
				pod: { nodeSelector: { "kubernetes.io/os": "linux" } },
				spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 2 } } },
			})
		const windows = { metadata: { labels: { "kubernetes.io/os": "windows" } } }
		const pools = [
			pool({ name: "general", replicas: 4, zones: ["a", "b"] }),
			pool({ name: "storage", replicas: 1 }),
			pool({ name: "windows", replicas: 2, template: windows }),
		]
		const paces = [
			behavior({ stop: undefined }, "usual"),
			behavior({ priority: 1, match: { image: "fluentd:*" } }, "ours"),
		]
		from.commit("fluentd", { "fleet.yaml": [...pools, ...paces], "fluentd.yaml": [agent("fluentd:v1")] })
		await rollcall.once()
		const commit = from.commit("fluentd v2", { "fluentd.yaml": [agent("fluentd:v2")] })
		const [rollout] = (await planOn(from.path, rollcall, commit)).rehearsed.rollouts
		const none = { gains: 0, losses: 0 }
		expect(rollout?.places).toEqual([
			{ pool: "general", zone: "a", restarts: 2, ...none },
			{ pool: "general", zone: "b", restarts: 2, ...none },
			{ pool: "storage", zone: "", restarts: 1, ...none },
		])
		expect(rollout?.leftOut.map(({ reason, places }) => ({ reason, places }))).toEqual([
			{ reason: "selector", places: [{ pool: "windows", zone: "", nodes: 2 }] },
		])
		// While old pods stop, the next two are on their way.
		expect(rollout?.surge).toEqual({ pods: 4, cpuMilli: 400, memoryBytes: 256 * 1_048_576 })
		expect(rollout?.restsOn).toMatchObject({ behaviors: ["ours", "usual"], defaults: [], availableMs: 0 })
		expect(rollout?.restsOn.startMs).toBeGreaterThanOrEqual(4_000)
	})

	test("changes nothing that is recorded", async () => {
		const { from, rollcall, commit } = await changed()
		const before = rollcall.exported()
		await planOn(from.path, rollcall, commit)
		expect(rollcall.exported()).toBe(before)
	})
})
