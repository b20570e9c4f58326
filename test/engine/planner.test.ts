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

	test("changes nothing that is recorded", async () => {
		const { from, rollcall, commit } = await changed()
		const before = rollcall.exported()
		await planOn(from.path, rollcall, commit)
		expect(rollcall.exported()).toBe(before)
	})
})
