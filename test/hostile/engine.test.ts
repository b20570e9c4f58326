import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { openLedger } from "../../src/cli/compose/index.ts"
import type { KubeObject } from "../../src/kube/index.ts"
import { configMap, daemonSet, node, nodePool } from "../builders/objects.ts"
import { repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn, rowsOf } from "../builders/rollcall.ts"

const AGENT = "apps/DaemonSet/kube-system/agent"
const pool = nodePool("workers", 4)

function liveKeys(rollcall: Rollcall, group: string, kind: string): string[] {
	const ledger = openLedger(rollcall.state)
	try {
		return [...(ledger.recorded()?.cluster.list({ group, kind }) ?? [])].map(({ metadata }) => metadata.name)
	} finally {
		ledger.close()
	}
}

const verdicts = (rollcall: Rollcall): string[] => rowsOf(rollcall.entries, "commit").map(({ verdict }) => verdict)

describe("a hostile history", () => {
	test("20: a force push is taken as it is, and recorded as rewritten history", async () => {
		const repo = repository()
		const first = repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		repo.commit("two", { "agent.yaml": [daemonSet({ image: "registry.example/agent:2" })] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.git("reset", "--quiet", "--hard", first)
		repo.commit("another two", { "agent.yaml": [daemonSet({ image: "registry.example/agent:3" })] })
		await rollcall.once()
		expect(rowsOf(rollcall.entries, "decision").map(({ rule }) => rule)).toEqual(["history-rewritten"])
		expect(verdicts(rollcall)).toEqual(["applied", "applied"])
	})

	test("21: a branch that is gone changes nothing in the cluster", async () => {
		const repo = repository()
		repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.git("branch", "--move", "main", "trunk")
		await rollcall.once()
		expect(rowsOf(rollcall.entries, "decision").map(({ rule }) => rule)).toEqual(["no-branch"])
		expect(liveKeys(rollcall, "apps", "DaemonSet")).toEqual(["agent"])
	})

	test("26: a storm of commits is one rollout to the newest, and every commit is on record", async () => {
		const repo = repository()
		repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		for (let version = 2; version <= 101; version++) {
			repo.commit(`v${version}`, { "agent.yaml": [daemonSet({ image: `registry.example/agent:${version}` })] })
		}
		await rollcall.once()
		expect(verdicts(rollcall).filter((verdict) => verdict === "superseded")).toHaveLength(99)
		expect(rowsOf(rollcall.entries, "rollout-started")).toHaveLength(2)
	}, 120_000)

	test("49: objects that cannot be taken do not keep it from starting again", async () => {
		const repo = repository()
		const poison: KubeObject[] = [
			daemonSet({
				name: "a",
				spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "x" } } },
			}),
			daemonSet({ name: "b", podSpec: { containers: [] } }),
			node("n1", { spec: { taints: [{ key: "", effect: "Never" }] } }),
		]
		repo.commit("poison", { "poison.yaml": poison, "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("more", { "config.yaml": [configMap("fine")] })
		await rollcall.once()
		expect(rowsOf(rollcall.entries, "commit")[0]?.refused).toHaveLength(3)
		expect(liveKeys(rollcall, "", "ConfigMap")).toEqual(["fine"])
		expect(liveKeys(rollcall, "apps", "DaemonSet")).toEqual(["agent"])
	})

	test.each([
		["nodes", { "nodes.yaml": null }],
		["DaemonSets", { "agent.yaml": null }],
		["manifests", { "agent.yaml": null, "nodes.yaml": null }],
	])("50: a commit that deletes all %s is held", async (_what, files) => {
		const repo = repository()
		repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("oops", files)
		await rollcall.once()
		expect(verdicts(rollcall)).toEqual(["applied", "held"])
		expect(liveKeys(rollcall, "", "Node")).toHaveLength(4)
		expect(liveKeys(rollcall, "apps", "DaemonSet")).toEqual(["agent"])
	})

	test("60: no value of a Secret reaches the state directory", async () => {
		const repo = repository()
		const secret: KubeObject = {
			apiVersion: "v1",
			kind: "Secret",
			metadata: {
				name: "token",
				namespace: "default",
				annotations: {
					"kubectl.kubernetes.io/last-applied-configuration": '{"stringData":{"token":"hunter2-annotated"}}',
				},
			},
			stringData: { token: "hunter2-plain" },
			data: { other: Buffer.from("hunter2-encoded").toString("base64") },
		}
		repo.commit("one", { "secret.yaml": [secret], "agent.yaml": [daemonSet()], "nodes.yaml": [pool] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("two", { "secret.yaml": [{ ...secret, stringData: { token: "hunter2-changed" } }] })
		await rollcall.once()
		expect(verdicts(rollcall)).toEqual(["applied", "applied"])
		const words = [
			"hunter2-annotated",
			"hunter2-plain",
			"hunter2-changed",
			Buffer.from("hunter2-encoded").toString("base64"),
		]
		const found = readdirSync(rollcall.state, { recursive: true, encoding: "utf8" })
			.map((name) => join(rollcall.state, name))
			.filter((path) => statSync(path).isFile())
			.filter((path) => words.some((word) => readFileSync(path).includes(word)))
		expect(found).toEqual([])
		expect(words.some((word) => rollcall.exported().includes(word))).toBe(false)
	})
})

test("a DaemonSet by the name of Object's own members is an object like any other", async () => {
	const repo = repository()
	repo.commit("one", { "agent.yaml": [daemonSet({ name: "constructor" }), daemonSet()], "nodes.yaml": [pool] })
	const rollcall = rollcallOn(repo)
	await rollcall.once()
	expect(
		rowsOf(rollcall.entries, "rollout-ended")
			.map(({ daemonSet: key }) => key)
			.sort(),
	).toEqual([AGENT, "apps/DaemonSet/kube-system/constructor"])
})
