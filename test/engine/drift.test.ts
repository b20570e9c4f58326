import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { openLedger } from "../../src/cli/compose/index.ts"
import type { Answer, DriftMode, HandWrite, Order, Request } from "../../src/engine/index.ts"
import type { KubeObject, Node, ObjectKey } from "../../src/kube/index.ts"
import { configMap, daemonSet, node, nodePool } from "../builders/objects.ts"
import { repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn, rowsOf } from "../builders/rollcall.ts"

const AGENT = "apps/DaemonSet/kube-system/agent"
const CONFIG = "/ConfigMap/default/settings"
const NODE = "/Node//edge-1"
const IMAGE = "spec.template.spec.containers[name=main].image"
let count = 0

const patch = (key: ObjectKey, patch: object): HandWrite => ({
	verb: "patch",
	key,
	type: "strategic",
	patch: patch as never,
})
const image = (to: string): HandWrite =>
	patch(AGENT, { spec: { template: { spec: { containers: [{ name: "main", image: to }] } } } })

async function begun(drift?: DriftMode): Promise<{ rollcall: Rollcall; commit: (files: object) => Promise<void> }> {
	const repo = repository()
	repo.commit("one", {
		"agent.yaml": [daemonSet()],
		"nodes.yaml": [nodePool("workers", 3)],
		"edge.yaml": [
			{
				...node("edge-1", { labels: { site: "north" } }),
				spec: { taints: [{ key: "edge", effect: "NoSchedule" }] },
			} as Node,
		],
		"settings.yaml": [configMap("settings", { level: "info" })],
	})
	const rollcall = rollcallOn(repo, drift === undefined ? {} : { drift })
	await rollcall.once()
	const commit = async (files: object): Promise<void> => {
		repo.commit("more", files as never)
		await rollcall.once()
	}
	return { rollcall, commit }
}

/** Asks, and lets cluster time run until nothing is left to happen. */
async function asks(rollcall: Rollcall, order: Order): Promise<Answer> {
	const opened = await rollcall.open()
	const request = { id: `request-${++count}`, by: "kubectl", ...order } as Request
	const answer = opened.engine.ask(request)
	opened.engine.stop()
	expect((await answer).refusal).toBeUndefined()
	await opened.engine.settle(new AbortController().signal)
	opened.engine.stop()
	await opened.close()
	return answer
}
const write = (rollcall: Rollcall, ...writes: readonly HandWrite[]): Promise<Answer> =>
	asks(rollcall, { kind: "write", writes })

const drifts = (rollcall: Rollcall): string[] =>
	rowsOf(rollcall.entries, "drift").map(({ key, client, action, fields, response }) =>
		[
			key,
			action,
			"by",
			client,
			...fields.map(({ path, before, after }) => `${path} ${before ?? "-"} → ${after}`),
			response,
		].join(" "),
	)
const written = (rollcall: Rollcall): string[] =>
	rowsOf(rollcall.entries, "write").map(({ key, client, action, fields }) =>
		[client, action, key, ...fields.map(({ path, after }) => `${path}=${JSON.stringify(after)}`)].join(" "),
	)

function live(rollcall: Rollcall, key: ObjectKey): KubeObject | undefined {
	const ledger = openLedger(rollcall.state)
	try {
		return ledger.recorded()?.cluster.read(key)
	} finally {
		ledger.close()
	}
}

describe("drift", () => {
	test("of a field that a commit set is put back at once, and told with the client and the field", async () => {
		const { rollcall } = await begun()
		await write(rollcall, image("evil:1"))
		expect(written(rollcall)).toEqual([`kubectl update ${AGENT} ${IMAGE}="evil:1"`])
		expect(drifts(rollcall)).toEqual([`${AGENT} changed by kubectl ${IMAGE} evil:1 → registry.example/agent:1 healed`])
		expect(live(rollcall, AGENT)).toMatchObject({
			metadata: { generation: 3 },
			status: { observedGeneration: 3, updatedNumberScheduled: 3 },
		})
		expect(rowsOf(rollcall.entries, "rollout-started")).toHaveLength(1)
	})

	test.each<readonly [DriftMode, HandWrite, string | undefined]>([
		["heal", image("evil:1"), `${IMAGE} of DaemonSet kube-system/agent is kept in git: put back`],
		[
			"report",
			image("evil:1"),
			`${IMAGE} of DaemonSet kube-system/agent is kept in git: left as it is, rollcall runs with --drift report`,
		],
		["ignore", image("evil:1"), undefined],
		["heal", { verb: "delete", key: CONFIG }, "ConfigMap default/settings is kept in git: put back"],
		[
			"heal",
			{ verb: "delete", key: AGENT, propagation: "Foreground" },
			"DaemonSet kube-system/agent is kept in git: it is made again once it is gone",
		],
		["heal", patch(NODE, { spec: { unschedulable: true } }), undefined],
	])("is told to who caused it, under %s", async (mode, write, want) => {
		const { rollcall } = await begun(mode)
		const answer = await asks(rollcall, { kind: "write", writes: [write] })
		expect(answer.warnings).toEqual(want === undefined ? undefined : [want])
	})

	test("is judged of a write that is worked out when its turn comes", async () => {
		const { rollcall } = await begun()
		const { verdicts } = await write(rollcall, {
			verb: "edit",
			key: CONFIG,
			as: "update",
			edit: (live) => {
				if (live === undefined) throw new Error("it is there")
				return { write: { verb: "update", key: CONFIG, object: { ...live, data: { level: "debug", more: "1" } } } }
			},
		})
		expect(verdicts).toMatchObject([{ accepted: true, object: { data: { level: "debug", more: "1" } } }])
		expect(live(rollcall, CONFIG)?.["data"]).toEqual({ level: "info", more: "1" })
		expect(written(rollcall)).toEqual([`kubectl update ${CONFIG} data.level="debug" data.more="1"`])
	})

	test.each<{ readonly title: string; readonly key: ObjectKey; readonly by: object }>([
		{ title: "a cordon", key: NODE, by: { spec: { unschedulable: true } } },
		{ title: "a label of one's own", key: NODE, by: { metadata: { labels: { mine: "yes" } } } },
		{
			title: "a taint beside git's",
			key: NODE,
			by: {
				spec: {
					taints: [
						{ key: "edge", effect: "NoSchedule" },
						{ key: "mine", effect: "NoExecute" },
					],
				},
			},
		},
		{ title: "a field that only has its default in git", key: AGENT, by: { spec: { revisionHistoryLimit: 3 } } },
		{
			title: "a restart",
			key: AGENT,
			by: { spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } } } } },
		},
	])("is not $title: it stays, over the next commit too", async ({ key, by }) => {
		const { rollcall, commit } = await begun()
		await write(rollcall, patch(key, by))
		await commit({ "settings.yaml": [configMap("settings", { level: "debug" })] })
		expect([written(rollcall).length, drifts(rollcall)]).toEqual([1, []])
		expect(live(rollcall, key)).toMatchObject(by)
	})

	test("of a taint that git wrote is put back beside the others", async () => {
		const { rollcall } = await begun()
		await write(rollcall, {
			verb: "patch",
			key: NODE,
			type: "json",
			patch: [{ op: "replace", path: "/spec/taints", value: [{ key: "mine", effect: "NoExecute" }] }],
		})
		expect(drifts(rollcall)).toHaveLength(1)
		expect((live(rollcall, NODE) as Node).spec?.taints).toEqual([
			{ key: "mine", effect: "NoExecute" },
			{ key: "edge", effect: "NoSchedule" },
		])
	})

	test("is the deletion of what git has: it comes back", async () => {
		const { rollcall } = await begun()
		await write(rollcall, { verb: "delete", key: CONFIG }, { verb: "delete", key: AGENT })
		expect(drifts(rollcall)).toEqual([`${CONFIG} deleted by kubectl healed`, `${AGENT} deleted by kubectl healed`])
		expect(live(rollcall, CONFIG)).toMatchObject({ data: { level: "info" } })
		expect(live(rollcall, AGENT)).toMatchObject({ status: { numberAvailable: 3 } })
		expect(rowsOf(rollcall.entries, "rollout-started").map(({ trigger }) => trigger)).toMatchObject([
			{ kind: "commit" },
			{ kind: "engine", rule: "drift" },
		])
	})

	test("waits for what takes its time to go: a namespace comes back with all that git has in it", async () => {
		const { rollcall, commit } = await begun()
		await commit({
			"ops.yaml": [
				{ apiVersion: "v1", kind: "Namespace", metadata: { name: "ops" } },
				daemonSet({ name: "shipper", namespace: "ops" }),
			],
		})
		await write(rollcall, { verb: "delete", key: "/Namespace//ops" })
		expect(drifts(rollcall)).toEqual([
			"/Namespace//ops deleted by kubectl healed",
			"apps/DaemonSet/ops/shipper deleted by kubectl healed",
		])
		expect(live(rollcall, "apps/DaemonSet/ops/shipper")).toMatchObject({ status: { numberAvailable: 3 } })
	})

	test("is only told where it is to be reported, and put back by a sync", async () => {
		const { rollcall } = await begun("report")
		await write(rollcall, patch(CONFIG, { data: { level: "trace" } }))
		await rollcall.once()
		expect(drifts(rollcall)).toEqual([`${CONFIG} changed by kubectl data.level trace → info reported`])
		expect(live(rollcall, CONFIG)).toMatchObject({ data: { level: "trace" } })
		await asks(rollcall, { kind: "sync" })
		await rollcall.once()
		expect(live(rollcall, CONFIG)).toMatchObject({ data: { level: "info" } })
	})

	test("is not looked for where it is to be ignored", async () => {
		const { rollcall } = await begun("ignore")
		await write(rollcall, patch(CONFIG, { data: { level: "trace" } }))
		expect([written(rollcall).length, drifts(rollcall)]).toEqual([1, []])
	})

	test("is told and left while the source is suspended, and put back when it is resumed", async () => {
		const { rollcall } = await begun()
		await asks(rollcall, { kind: "suspend" })
		await write(rollcall, patch(CONFIG, { data: { level: "trace" } }))
		expect(rowsOf(rollcall.entries, "drift").map(({ response, reason }) => [response, reason])).toEqual([
			["reported", expect.stringMatching(/^the source is suspended by kubectl since /)],
		])
		await asks(rollcall, { kind: "resume-source" })
		await rollcall.once()
		expect(live(rollcall, CONFIG)).toMatchObject({ data: { level: "info" } })
	})

	test("heals the same when it is replayed", async () => {
		const { rollcall } = await begun()
		await write(rollcall, image("evil:1"), { verb: "delete", key: CONFIG })
		const ledger = openLedger(rollcall.state)
		const mark = ledger.state.mark()
		expect(ledger.recorded()?.mark().digest).toBe(mark?.digest)
		ledger.close()
	})
})

describe("drift that the repository leaves to others", () => {
	const config = (...fields: readonly string[]): object => ({
		".rollcall.yaml": `version: 1\ndrift: { ignore: [{ kind: ConfigMap, fields: ${JSON.stringify(fields)} }] }`,
	})

	test.each([["data.level"], ["data"], ["data.*"], ["data.le*"]])("is not told, and stays: %s", async (field) => {
		const { rollcall, commit } = await begun()
		await commit(config(field))
		await write(rollcall, patch(CONFIG, { data: { level: "trace" } }))
		expect([written(rollcall).length, drifts(rollcall)]).toEqual([1, []])
		expect(live(rollcall, CONFIG)).toMatchObject({ data: { level: "trace" } })
	})

	test("stays beside what is put back", async () => {
		const { rollcall, commit } = await begun()
		await commit({ ...config("data.level"), "settings.yaml": [configMap("settings", { level: "info", other: "1" })] })
		await write(rollcall, patch(CONFIG, { data: { level: "trace", other: "2" } }))
		expect(drifts(rollcall)).toEqual([`${CONFIG} changed by kubectl data.other 2 → 1 healed`])
		expect(live(rollcall, CONFIG)).toMatchObject({ data: { level: "trace", other: "1" } })
	})

	test.each([["data.lev"], ["dat"], ["*"], ["data.level.more"]])(
		"is drift where the rule means another field: %s",
		async (field) => {
			const { rollcall, commit } = await begun()
			await commit(config(field === "*" ? "metadata.*" : field))
			await write(rollcall, patch(CONFIG, { data: { level: "trace" } }))
			expect(drifts(rollcall)).toHaveLength(1)
		},
	)

	test("is read from the root wherever the manifests are; what cannot be read leaves what was said last", async () => {
		const repo = repository()
		repo.commit("one", {
			"prod/settings.yaml": [configMap("settings", { level: "info" })],
			...config("data.level"),
		} as never)
		const rollcall = rollcallOn(repo, { paths: ["prod"] })
		await rollcall.once()
		repo.commit("broken", { ".rollcall.yaml": "version: 1\ndrift: 3" })
		await rollcall.once()
		expect(rowsOf(rollcall.entries, "commit").at(-1)?.findings).toMatchObject([
			{ code: "config", file: ".rollcall.yaml", line: 2 },
		])
		await write(rollcall, patch(CONFIG, { data: { level: "trace" } }))
		expect(drifts(rollcall)).toEqual([])
		repo.commit("gone", { ".rollcall.yaml": null })
		await rollcall.once()
		await write(rollcall, patch(CONFIG, { data: { level: "debug" } }))
		expect(drifts(rollcall)).toHaveLength(1)
	})
})

describe("writes by hand", () => {
	const refusalOf = async (rollcall: Rollcall, ...writes: readonly HandWrite[]): Promise<string | undefined> => {
		const opened = await rollcall.open()
		const answer = opened.engine.ask({ id: `request-${++count}`, by: "ada", kind: "write", writes })
		opened.engine.stop()
		await opened.close()
		return (await answer).refusal?.message
	}

	test.each<readonly [string, HandWrite, string]>([
		["a patch of nothing", patch("/ConfigMap/default/none", {}), 'configmaps "none" not found'],
		["a deletion of nothing", { verb: "delete", key: "/Pod/default/none" }, 'pods "none" not found'],
		["an object of another type", patch(CONFIG, { data: "text" }), "cannot be handled as a ConfigMap"],
		["a field that is not there", patch(AGENT, { spec: { replicas: 3 } }), 'unknown field "spec.replicas"'],
		["an invalid value", patch(AGENT, { spec: { minReadySeconds: -1 } }), "spec.minReadySeconds"],
		[
			"a key that is not the object's",
			{ verb: "create", key: CONFIG, object: configMap("other") },
			"the request is for",
		],
	])("are judged as the API server does: %s", async (_, write, want) => {
		const { rollcall } = await begun()
		expect(await refusalOf(rollcall, write)).toContain(want)
		expect(written(rollcall)).toEqual([])
		expect(rowsOf(rollcall.entries, "decision").at(-1)?.refused?.message).toContain(want)
	})

	test("of a Secret keep digests in place of its values, also of those that are patched one by one", async () => {
		const { rollcall } = await begun()
		const key = "/Secret/default/token"
		const object = {
			apiVersion: "v1",
			kind: "Secret",
			metadata: { name: "token", namespace: "default" },
			stringData: { a: "hunter2" },
		}
		await write(rollcall, { verb: "create", key, object: object as never })
		const first = live(rollcall, key)?.["data"]
		await write(rollcall, patch(key, { stringData: { b: "hunter3" } }))
		expect(live(rollcall, key)?.["data"]).toEqual({ ...(first as object), b: expect.stringMatching(/^hmac\+sha256/) })
		for (const file of ["ledger.db", "ledger.db-wal"]) {
			const path = join(rollcall.state, file)
			expect(existsSync(path) && readFileSync(path).includes("hunter")).toBe(false)
		}
	})

	test("stand or fall alone, and see what those before them wrote", async () => {
		const { rollcall } = await begun()
		const mine = configMap("mine", { a: "1" })
		const refusal = await refusalOf(
			rollcall,
			{ verb: "create", key: "/ConfigMap/default/mine", object: mine },
			patch("/ConfigMap/default/none", {}),
			patch("/ConfigMap/default/mine", { data: { b: "2" } }),
		)
		expect(refusal).toBe('configmaps "none" not found')
		expect(live(rollcall, "/ConfigMap/default/mine")).toMatchObject({ data: { a: "1", b: "2" } })
		expect(written(rollcall)).toEqual([
			"ada create /ConfigMap/default/mine",
			'ada update /ConfigMap/default/mine data.b="2"',
		])
	})
})
