import { describe, expect, test } from "vitest"
import { openLedger } from "../../src/cli/compose/index.ts"
import type { DaemonSet } from "../../src/kube/index.ts"
import { configMap, daemonSet, node, nodePool } from "../builders/objects.ts"
import { repository } from "../builders/repository.ts"
import { rollcallOn, rowsOf } from "../builders/rollcall.ts"

const pool = nodePool("workers", 12)
const AGENT = "apps/DaemonSet/kube-system/agent"

const verdicts = (rollcall: ReturnType<typeof rollcallOn>): string[] =>
	rowsOf(rollcall.entries, "commit").map(({ commit, verdict }) => `${commit.subject}: ${verdict}`)
const rollouts = (rollcall: ReturnType<typeof rollcallOn>): string[] =>
	rowsOf(rollcall.entries, "rollout-ended").map(
		({ rollout, verdict, nodes }) => `${rollout} ${verdict} ${nodes.available}/${nodes.desired}`,
	)

describe("Engine", () => {
	test("applies the newest commit and rolls it out", async () => {
		const repo = repository()
		repo.commit("agents: add agent", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		expect(verdicts(rollcall)).toEqual(["agents: add agent: applied"])
		expect(rollouts(rollcall)).toEqual(["1 complete 12/12"])
	})

	test("goes on where it stopped, with one rollout a template change", async () => {
		const repo = repository()
		repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("two", { "agent.yaml": [daemonSet({ image: "registry.example/agent:2" })] })
		await rollcall.once()
		repo.commit("comment", { "README.md": "nothing here" })
		await rollcall.once()
		expect(verdicts(rollcall)).toEqual(["one: applied", "two: applied", "comment: unchanged"])
		expect(rollouts(rollcall)).toEqual(["1 complete 12/12", "2 complete 12/12"])
	})

	test("records the commits that a newer one passed over, with their authors", async () => {
		const repo = repository()
		repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		for (const version of [2, 3, 4]) {
			repo.commit(`version ${version}`, { "agent.yaml": [daemonSet({ image: `registry.example/agent:${version}` })] })
		}
		await rollcall.once()
		expect(verdicts(rollcall)).toEqual([
			"one: applied",
			"version 2: superseded",
			"version 3: superseded",
			"version 4: applied",
		])
		expect(rowsOf(rollcall.entries, "commit").every(({ commit }) => commit.author.name === "Ada")).toBe(true)
	})

	test("fills earlier revisions from git on the first run, and says that they were not rolled out", async () => {
		const repo = repository()
		for (const version of [1, 2, 3]) {
			repo.commit(`version ${version}`, {
				"agent.yaml": [daemonSet({ image: `registry.example/agent:${version}` })],
				"nodes.yaml": [pool],
			})
		}
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		const seen = rowsOf(rollcall.entries, "revision").filter(({ origin }) => origin === "seen-in-git")
		expect(seen.map(({ images }) => images)).toEqual([["registry.example/agent:1"], ["registry.example/agent:2"]])
	})

	test("keeps the last good version of a file that cannot be read, across a restart too", async () => {
		const repo = repository()
		repo.commit("good", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("broken", { "agent.yaml": "apiVersion: apps/v1\nkind: [" })
		await rollcall.once()
		repo.commit("another file", { "extra.yaml": [daemonSet({ name: "extra" })] })
		await rollcall.once()
		const ledger = openLedger(rollcall.state)
		expect(ledger.recorded()?.cluster.read(AGENT)).toBeDefined()
		ledger.close()
		repo.commit("gone", { "agent.yaml": null })
		await rollcall.once()
		const later = openLedger(rollcall.state)
		expect(later.recorded()?.cluster.read(AGENT)).toBeUndefined()
		later.close()
	})

	test("refuses one bad object and applies its neighbours", async () => {
		const repo = repository()
		const bad = daemonSet({ name: "bad", spec: { selector: { matchLabels: { app: "other" } } } })
		repo.commit("mixed", { "agent.yaml": [daemonSet(), bad], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		const [row] = rowsOf(rollcall.entries, "commit")
		expect(row?.refused.map(({ key, path }) => `${key} in ${path}`)).toEqual([
			"apps/DaemonSet/kube-system/bad in agent.yaml",
		])
		expect(rollouts(rollcall)).toEqual(["1 complete 12/12"])
	})

	test("holds a commit that removes every node, until a later commit allows it", async () => {
		const repo = repository()
		repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("oops", { "nodes.yaml": null })
		await rollcall.once()
		expect(verdicts(rollcall)).toEqual(["one: applied", "oops: held"])
		repo.commit("meant it\n\nAllow-Disruption: yes", {})
		await rollcall.once()
		expect(verdicts(rollcall).at(-1)).toBe("meant it: applied")
		const ledger = openLedger(rollcall.state)
		expect([...(ledger.recorded()?.cluster.list({ group: "", kind: "Node" }) ?? [])]).toEqual([])
		ledger.close()
	})

	test("has a state of its own for a commit without manifests, and keeps the cluster as it is", async () => {
		const repo = repository()
		repo.commit("one", { "prod/agent.yaml": [daemonSet()], "prod/config.yaml": [configMap("kept")] })
		const rollcall = rollcallOn(repo, { paths: ["prod"] })
		await rollcall.once()
		repo.commit("moved", { prod: null, "clusters/config.yaml": [configMap("kept")] })
		await rollcall.once()
		expect(verdicts(rollcall)).toEqual(["one: applied", "moved: held"])
		expect(rowsOf(rollcall.entries, "decision").map(({ rule }) => rule)).toContain("no-manifests")
		const opened = await rollcall.open()
		expect(await opened.engine.once(new AbortController().signal)).toMatchObject({ kind: "ready" })
		await opened.close()
		const elsewhere = rollcallOn(repo, { paths: ["nosuch"] })
		const first = await elsewhere.open()
		expect(await first.engine.once(new AbortController().signal)).toMatchObject({
			kind: "no-manifests",
			message: expect.stringContaining("has no manifests at nosuch"),
		})
		await first.close()
	})

	test("keeps a node cordoned by nobody in git, and uncordons what git says", async () => {
		const repo = repository()
		repo.commit("one", { "nodes.yaml": [node("n1", { spec: { unschedulable: true } })] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("two", { "nodes.yaml": [node("n1")] })
		await rollcall.once()
		const ledger = openLedger(rollcall.state)
		expect(ledger.recorded()?.cluster.read("/Node//n1")?.["spec"]).not.toHaveProperty("unschedulable")
		ledger.close()
	})

	test("is the same object after it moved to another file", async () => {
		const repo = repository()
		repo.commit("one", { "a.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("move", { "a.yaml": null, "b/agent.yaml": [daemonSet()] })
		await rollcall.once()
		expect(verdicts(rollcall)).toEqual(["one: applied", "move: unchanged"])
		expect(rollcall.facts.filter((fact) => fact.kind === "pod" && fact.step === "terminating")).toEqual([])
	})

	test("gives the same ledger, byte for byte, for the same commits and seed", async () => {
		const repo = repository()
		repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		repo.commit("two", { "agent.yaml": [daemonSet({ image: "registry.example/agent:2" })] })
		repo.commit("three", { "nodes.yaml": [nodePool("workers", 20)] })
		const [first, second] = [rollcallOn(repo), rollcallOn(repo)]
		await first.replay()
		await second.replay()
		expect(first.exported()).toBe(second.exported())
		expect(verdicts(first)).toEqual(["one: applied", "two: applied", "three: applied"])
	})

	test("leaves the same cluster whether it ran through or stopped in between", async () => {
		const repo = repository()
		repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const halfway = rollcallOn(repo)
		await halfway.replay({ settle: true })
		repo.commit("two", { "agent.yaml": [daemonSet({ image: "registry.example/agent:2" })] })
		await halfway.replay({ settle: true })
		const through = rollcallOn(repo)
		await through.replay({ settle: true })
		expect(halfway.exported()).toBe(through.exported())
	})

	test("shows the saved cluster to readers as the writer left it", async () => {
		const repo = repository()
		repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		const ledger = openLedger(rollcall.state)
		const agent = ledger.recorded()?.cluster.read(AGENT) as DaemonSet
		expect(agent.status).toMatchObject({ desiredNumberScheduled: 12, numberAvailable: 12, updatedNumberScheduled: 12 })
		ledger.close()
	})
})
