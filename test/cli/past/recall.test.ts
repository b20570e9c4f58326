import { describe, expect, test } from "vitest"
import { openLedger } from "../../../src/cli/compose/index.ts"
import { recall } from "../../../src/cli/past/recall.ts"
import { realWorld } from "../../../src/cli/real-world.ts"
import { loadCluster } from "../../../src/cluster/index.ts"
import type { KubeObject } from "../../../src/kube/index.ts"
import { apiOver } from "../../builders/api.ts"
import { daemonSet, nodePool } from "../../builders/objects.ts"
import { repository } from "../../builders/repository.ts"
import { type Rollcall, rollcallOn } from "../../builders/rollcall.ts"
import { tamper } from "../../builders/tamper.ts"
import { ran } from "../test-shell.ts"

const KINDS: readonly (readonly [word: string, path: string])[] = [
	["ds", "apis/apps/v1/daemonsets"],
	["pods", "api/v1/pods"],
	["nodes", "api/v1/nodes"],
	["events", "api/v1/events"],
	["controllerrevisions", "apis/apps/v1/controllerrevisions"],
]

/** Five commits a minute apart, among them one that leaves a rollout stuck halfway, and one without the agent. */
async function replayed(): Promise<{ rollcall: Rollcall; commits: readonly string[] }> {
	const repo = repository()
	const image = (tag: string): string => `registry.example/agent:${tag}`
	const nodes = [nodePool("w", 3)]
	const commits = [
		repo.commit("one", { "agent.yaml": [daemonSet({ image: image("1") })], "nodes.yaml": nodes }),
		repo.commit("two", { "agent.yaml": [daemonSet({ image: image("2") })] }),
		repo.commit("more nodes", { "nodes.yaml": [nodePool("w", 5)] }),
		repo.commit("three", { "agent.yaml": [daemonSet({ image: image("3") })] }),
		repo.commit("gone", { "agent.yaml": "# nothing\n" }),
	]
	const rollcall = rollcallOn(repo)
	await rollcall.replay()
	return { rollcall, commits }
}

const WIDGETS = {
	apiVersion: "apiextensions.k8s.io/v1",
	kind: "CustomResourceDefinition",
	metadata: { name: "widgets.example.org" },
	spec: {
		group: "example.org",
		scope: "Namespaced",
		names: { kind: "Widget", plural: "widgets" },
		versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
	},
}

function recalled(state: string, when: string) {
	const past = recall(state, when)
	if ("message" in past) throw new Error(past.message)
	return { ...past, cluster: loadCluster(past.cluster) }
}

describe("a past that is recalled", () => {
	test("is what rollcall get --at says, for every commit and kind, beside a running engine", async () => {
		const { rollcall, commits } = await replayed()
		const running = await rollcall.open()
		try {
			let pods = 0
			for (const commit of commits) {
				const ask = apiOver(recalled(rollcall.state, commit).cluster)
				for (const [word, path] of KINDS) {
					const line = ["get", word, "-A", "-o", "json", "--at", commit, "--state", rollcall.state]
					const told = JSON.parse((await ran(line, { world: realWorld })).out).items
					const { items } = (await ask(`/${path}`)).body
					// As kubectl, `rollcall get` leaves managedFields out.
					const { apiVersion, kind } = told[0] ?? {}
					const whole = items.map(({ metadata: { managedFields: _, ...metadata }, ...item }: KubeObject) => ({
						...item,
						apiVersion,
						kind,
						metadata,
					}))
					expect([commit, word, whole]).toEqual([commit, word, told])
					if (word === "pods") pods += told.length
				}
			}
			expect(pods).toBeGreaterThan(10)
		} finally {
			await running.close()
		}
	})

	test("has the kinds of then", async () => {
		const repo = repository()
		const before = repo.commit("nodes", { "nodes.yaml": [nodePool("w", 1)] })
		const after = repo.commit("widgets", { "widgets.yaml": [WIDGETS] })
		const rollcall = rollcallOn(repo)
		await rollcall.replay()
		for (const [commit, status] of [
			[before, 404],
			[after, 200],
		] as const) {
			const ask = apiOver(recalled(rollcall.state, commit).cluster)
			for (const path of ["/apis/example.org", "/apis/example.org/v1", "/apis/example.org/v1/widgets"]) {
				expect([path, (await ask(path)).status]).toEqual([path, status])
			}
		}
	})

	test("is named by a commit's id or its beginning, or by a time", async () => {
		const { rollcall, commits } = await replayed()
		const [, second = ""] = commits
		const asOf = `2026-01-01T00:01:00Z, when commit ${second.slice(0, 8)} was taken`
		for (const when of [second, second.slice(0, 7)]) expect(recalled(rollcall.state, when).asOf).toBe(asOf)
		const then = recalled(rollcall.state, "2026-01-01T00:01:30Z")
		expect([then.asOf, then.cluster.now()]).toEqual(["2026-01-01T00:01:30Z", Date.parse("2026-01-01T00:01:30Z")])
	})

	test("has the digest that was recorded, or is not shown", async () => {
		const { rollcall, commits } = await replayed()
		const last = recalled(rollcall.state, commits.at(-1) ?? "")
		const ledger = openLedger(rollcall.state)
		const mark = ledger.state.mark(last.cluster.now())
		ledger.close()
		expect(last.cluster.digest()).toBe(mark?.digest)
		tamper(rollcall.state, `UPDATE marks SET digest = '${"0".repeat(32)}'; DELETE FROM journal WHERE number = 2`)
		tamper(rollcall.state, "DELETE FROM snapshots", "snapshots.db")
		expect(recall(rollcall.state, commits[1] ?? "")).toEqual({
			message: expect.stringContaining("lead to another cluster"),
		})
	})

	test.each([
		["2025-01-01T00:00:00Z", "nothing that old is on record"],
		["2027-01-01T00:00:00Z", "cluster time has come to 2026-01-01T00:0"],
		["abcdef12", 'Cannot find the commit "abcdef12" in the ledger; rollcall history'],
	])("%s is refused, with the reason", async (when, message) => {
		const { rollcall } = await replayed()
		expect(recall(rollcall.state, when)).toEqual({ message: expect.stringContaining(message) })
	})
})
