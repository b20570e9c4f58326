import { PassThrough } from "node:stream"
import {
	type ApiException,
	ApiextensionsV1Api,
	AppsV1Api,
	AuthorizationV1Api,
	CoordinationV1Api,
	CoreV1Api,
	CustomObjectsApi,
	EventsV1Api,
	Exec,
	KubeConfig,
	KubernetesObjectApi,
	Log,
	Metrics,
	PatchStrategy,
	PolicyV1Api,
	setHeaderOptions,
	topNodes,
	topPods,
	type V1Pod,
	type V1Status,
	VersionApi,
} from "@kubernetes/client-node"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { NODES, ServedRun } from "../builders/served-run.ts"

const AGENT = { name: "agent", namespace: "default" }
const NAMESPACE = { namespace: "default" }

describe("the official JavaScript client against rollcall run", () => {
	let server: ServedRun
	let config: KubeConfig
	let core: CoreV1Api
	let apps: AppsV1Api

	beforeAll(async () => {
		server = new ServedRun()
		await server.ready()
		config = server.config
		core = config.makeApiClient(CoreV1Api)
		apps = config.makeApiClient(AppsV1Api)
	})
	afterAll(() => server.stop())

	test("reads by its typed calls, and trusts the server by the kubeconfig alone", async () => {
		expect(await config.makeApiClient(VersionApi).getCode()).toMatchObject({ major: "1", minor: "34" })
		const nodes = await core.listNode()
		expect(nodes.items.map(({ status }) => status?.conditions?.find(({ type }) => type === "Ready")?.status)).toEqual(
			Array.from({ length: NODES }, () => "True"),
		)
		const { metadata, status } = await apps.readNamespacedDaemonSet(AGENT)
		expect(metadata?.creationTimestamp).toBeInstanceOf(Date)
		expect(status).toMatchObject({ desiredNumberScheduled: NODES, numberAvailable: NODES })
		const { items: revisions } = await apps.listNamespacedControllerRevision(NAMESPACE)
		expect(revisions[0]?.revision).toBe(1)
		const scheduled = { ...NAMESPACE, fieldSelector: "reason=Scheduled" }
		expect((await core.listNamespacedEvent(scheduled)).items).toHaveLength(NODES)
		expect((await config.makeApiClient(EventsV1Api).listNamespacedEvent(scheduled)).items).toHaveLength(NODES)
		const leases = config.makeApiClient(CoordinationV1Api)
		const { items } = await leases.listNamespacedLease({ namespace: "kube-node-lease" })
		expect(items[0]?.spec?.renewTime).toBeDefined()

		const stranger = new KubeConfig()
		stranger.loadFromFile(`${server.state}/kubeconfig`)
		stranger.clusters = stranger.clusters.map(({ caData: _, ...cluster }) => cluster)
		await expect(stranger.makeApiClient(CoreV1Api).listNode()).rejects.toThrow(/certificate/)
	})

	test("pages through a list, each object once", async () => {
		const names: (string | undefined)[] = []
		let page = await core.listPodForAllNamespaces({ limit: 5 })
		const { resourceVersion } = page.metadata ?? {}
		for (;;) {
			names.push(...page.items.map(({ metadata }) => metadata?.name))
			expect(page.metadata?.resourceVersion).toBe(resourceVersion)
			const next = page.metadata?._continue
			if (next === undefined) break
			page = await core.listPodForAllNamespaces({ limit: 5, _continue: next })
		}
		expect([names.length, new Set(names).size]).toEqual([NODES, NODES])
	})

	test("patches in each of the four ways, and learns who owns a field", async () => {
		const name = "workers-1"
		const labelled = await core.patchNode(
			{ name, body: { metadata: { labels: { rack: "r1" } } } },
			setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
		)
		expect(labelled.metadata?.labels).toMatchObject({ rack: "r1", "kubernetes.io/os": "linux" })
		const merged = await core.patchNode(
			{ name, body: { metadata: { labels: { rack: null } } } },
			setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
		)
		expect(merged.metadata?.labels).not.toHaveProperty("rack")
		const cordon = await core.patchNode({ name, body: [{ op: "add", path: "/spec/unschedulable", value: true }] })
		expect(cordon.spec?.unschedulable).toBe(true)
		const removal = { op: "test", path: "/spec/unschedulable", value: false }
		await expect(core.patchNode({ name, body: [removal] })).rejects.toMatchObject({ code: 422 })

		const settings = (level: string) => ({ apiVersion: "v1", kind: "ConfigMap", data: { level } })
		const apply = (level: string, fieldManager: string, force?: true) =>
			core.patchNamespacedConfigMap(
				{ name: "settings", ...NAMESPACE, body: settings(level), fieldManager, ...(force && { force }) },
				setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply),
			)
		await apply("info", "team-a")
		const conflict = await apply("debug", "team-b").catch((failure: ApiException<string>) => failure)
		expect(conflict).toMatchObject({ code: 409 })
		const { details } = JSON.parse("body" in conflict ? conflict.body : "") as V1Status
		expect(details?.causes).toEqual([
			{ reason: "FieldManagerConflict", message: 'conflict with "team-a"', field: ".data.level" },
		])
		const forced = await apply("debug", "team-b", true)
		expect(forced.metadata?.managedFields?.map(({ manager, operation }) => [manager, operation])).toEqual([
			["team-b", "Apply"],
		])
		const stale = { ...settings("warn"), metadata: { name: "settings", resourceVersion: "1" } }
		const replacing = core.replaceNamespacedConfigMap({ name: "settings", ...NAMESPACE, body: stale })
		await expect(replacing).rejects.toMatchObject({ code: 409 })
	})

	test("defines a kind, and keeps objects of it, by typed and by untyped calls", async () => {
		const schema = { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } }
		const version = { name: "v1", served: true, storage: true, subresources: { status: {} }, schema }
		const names = { kind: "Widget", plural: "widgets" }
		const spec = { group: "example.com", scope: "Namespaced", names, versions: [version] }
		const definition = { metadata: { name: "widgets.example.com" }, spec }
		await config.makeApiClient(ApiextensionsV1Api).createCustomResourceDefinition({ body: definition })
		const custom = config.makeApiClient(CustomObjectsApi)
		const widgets = { group: "example.com", version: "v1", plural: "widgets", ...NAMESPACE }
		const body = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "one" }, spec: { size: 1 } }
		await custom.createNamespacedCustomObject({ ...widgets, body })
		const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch)
		await custom.patchNamespacedCustomObjectStatus({ ...widgets, name: "one", body: { status: { ok: true } } }, merge)
		const strategic = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch)
		const refused = custom.patchNamespacedCustomObject({ ...widgets, name: "one", body: {} }, strategic)
		await expect(refused).rejects.toMatchObject({ code: 415 })
		const objects = KubernetesObjectApi.makeApiClient(config)
		const key = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "one", ...NAMESPACE } }
		expect(await objects.read(key)).toMatchObject({ spec: { size: 1 }, status: { ok: true } })
		await objects.delete(key)
		expect((await custom.listNamespacedCustomObject(widgets)).items).toEqual([])
	})

	test("evicts what no budget protects", async () => {
		const budgets = config.makeApiClient(PolicyV1Api)
		const spec = { minAvailable: NODES, selector: { matchLabels: { app: "agent" } } }
		await budgets.createNamespacedPodDisruptionBudget({ ...NAMESPACE, body: { metadata: { name: "all" }, spec } })
		const name = (await core.listNamespacedPod(NAMESPACE)).items[0]?.metadata?.name ?? ""
		const evict = () => core.createNamespacedPodEviction({ name, ...NAMESPACE, body: { metadata: { name } } })
		await expect(evict()).rejects.toMatchObject({ code: 429 })
		await budgets.deleteNamespacedPodDisruptionBudget({ name: "all", ...NAMESPACE })
		await evict()
		const pod = await core.readNamespacedPod({ name, ...NAMESPACE }).catch(({ code }) => code)
		expect(pod === 404 || pod.metadata.deletionTimestamp !== undefined).toBe(true)
	})

	test("reads logs and what is used, may ask what it may do, and is told that nothing runs in a pod", async () => {
		const name = (await core.listNamespacedPod(NAMESPACE)).items.find(isRunning)?.metadata?.name ?? ""
		const log = new PassThrough()
		const text = new Promise((resolve) => log.once("data", (data) => resolve(String(data))))
		await new Log(config).log("default", name, "main", log, { tailLines: 1 })
		expect(await text).toBe("main: started agent:1\n")
		const metrics = new Metrics(config)
		expect((await metrics.getPodMetrics("default")).items[0]?.containers[0]?.usage).toMatchObject({ cpu: "100m" })
		expect((await topPods(core, metrics, "default")).length).toBeGreaterThanOrEqual(NODES - 1)
		expect(await topNodes(core)).toHaveLength(NODES)
		const exec = new Exec(config).exec("default", name, "main", ["ls"], null, null, null, false)
		await expect(exec).rejects.toThrow("403")
		const may = async (context: string): Promise<boolean | undefined> => {
			const other = new KubeConfig()
			other.loadFromFile(`${server.state}/kubeconfig`)
			other.setCurrentContext(context)
			const body = { spec: { resourceAttributes: { verb: "create", resource: "pods", ...NAMESPACE } } }
			const { status } = await other.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({ body })
			return status?.allowed
		}
		expect([await may("rollcall"), await may("rollcall-read-only")]).toEqual([true, false])
	})
})

function isRunning({ status }: V1Pod): boolean {
	return status?.phase === "Running"
}
