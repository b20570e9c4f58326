import { describe, expect, test } from "vitest"
import { TABLE } from "../builders/api.ts"
import { writtenApi } from "../builders/written-api.ts"

const MERGE = "application/merge-patch+json"
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "nginx" }] } }
const deployment = {
	apiVersion: "apps/v1",
	kind: "Deployment",
	metadata: { name: "web" },
	spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template },
}
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
const WARNING = '299 - "deployments are kept, not simulated: no pods come of Deployment web"'

describe("a workload that nothing runs", () => {
	test("is kept as it is written, with a warning and with nothing of its status made up", async () => {
		const { ask } = await writtenApi()
		const made = await ask(DEPLOYMENTS, { method: "POST", body: deployment })
		expect([made.status, made.headers["warning"], made.body.status]).toEqual([201, WARNING, {}])
		expect((await ask(DEPLOYMENTS, { accept: TABLE })).body.rows[0].cells.slice(0, 4)).toEqual(["web", "0/2", 0, 0])
	})

	test("is scaled", async () => {
		const { ask } = await writtenApi()
		await ask(DEPLOYMENTS, { method: "POST", body: deployment })
		const scale = `${DEPLOYMENTS}/web/scale`
		expect((await ask(scale)).body).toMatchObject({
			spec: { replicas: 2 },
			status: { replicas: 0, selector: "app=web" },
		})
		const words = { method: "PATCH", contentType: MERGE, body: { spec: { replicas: 5 } } }
		expect((await ask(scale, words)).body.spec).toEqual({ replicas: 5 })
		expect((await ask(`${DEPLOYMENTS}/web`)).body).toMatchObject({ spec: { replicas: 5 }, metadata: { generation: 2 } })
	})

	const said = (body: { details: { causes: { field: string; message: string }[] } }) =>
		body.details.causes.map(({ field, message }) => `${field}: ${message}`)

	test.each([
		[{ selector: undefined }, ["spec.selector: Required value"]],
		[{ replicas: -1 }, ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"]],
		[
			{ selector: { matchLabels: { app: "x" } } },
			['spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'],
		],
		[
			{ template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } },
			['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
		],
		[{ template: { ...template, spec: { containers: [] } } }, ["spec.template.spec.containers: Required value"]],
	])("is refused where the server refuses it: %j", async (spec, want) => {
		const { ask } = await writtenApi()
		const body = { ...deployment, spec: { ...deployment.spec, ...spec } }
		const { status, body: answered } = await ask(DEPLOYMENTS, { method: "POST", body })
		expect([status, said(answered)]).toEqual([422, want])
	})

	test("keeps its selector; a job is no service, and a cron job has a schedule", async () => {
		const { ask } = await writtenApi()
		await ask(DEPLOYMENTS, { method: "POST", body: deployment })
		const selector = { matchLabels: { app: "web" }, matchExpressions: [{ key: "app", operator: "Exists" }] }
		const changed = await ask(`${DEPLOYMENTS}/web`, {
			method: "PATCH",
			contentType: MERGE,
			body: { spec: { selector } },
		})
		expect(said(changed.body)[0]).toMatch(/^spec\.selector: Invalid value: .*: field is immutable$/)
		const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j" }, spec: { template } }
		const made = await ask("/apis/batch/v1/namespaces/default/jobs", { method: "POST", body: job })
		const restarts = 'template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'
		expect(said(made.body)).toEqual([`spec.${restarts}`])
		const cron = {
			apiVersion: "batch/v1",
			kind: "CronJob",
			metadata: { name: "c" },
			spec: { jobTemplate: { spec: { template } } },
		}
		const timed = await ask("/apis/batch/v1/namespaces/default/cronjobs", { method: "POST", body: cron })
		expect(said(timed.body)).toEqual(["spec.schedule: Required value", `spec.jobTemplate.spec.${restarts}`])
	})

	test("is read by its schema as manifests are", async () => {
		const { ask } = await writtenApi()
		const strict = `${DEPLOYMENTS}?fieldValidation=Strict`
		const unknown = { ...deployment, spec: { ...deployment.spec, replica: 1 } }
		const wrong = { ...deployment, spec: { ...deployment.spec, replicas: "two" } }
		const said = async (body: object) => (await ask(strict, { method: "POST", body })).body.message
		const prefix = 'Deployment in version "v1" cannot be handled as a Deployment:'
		expect(await said(unknown)).toBe(`${prefix} strict decoding error: unknown field "spec.replica"`)
		expect(await said(wrong)).toBe(
			`${prefix} json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32`,
		)
	})
})

describe("what a control plane has of itself", () => {
	test.each([
		["/api/v1/namespaces", ["default", "kube-node-lease", "kube-public", "kube-system"]],
		["/api/v1/namespaces/kube-public/serviceaccounts", ["default"]],
		["/api/v1/namespaces/default/services", ["kubernetes"]],
		["/api/v1/namespaces/kube-system/services", []],
	])("is listed: %s", async (path, want) => {
		const { ask } = await writtenApi()
		const { items } = (await ask(path)).body
		expect(items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(want)
		for (const name of want) expect((await ask(`${path}/${name}`)).body.metadata.name).toBe(name)
	})

	test("comes with a namespace, and goes with it", async () => {
		const { ask } = await writtenApi()
		const account = "/api/v1/namespaces/apps/serviceaccounts/default"
		expect((await ask(account)).status).toBe(404)
		const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } }
		const { body: made } = await ask("/api/v1/namespaces", { method: "POST", body })
		expect(made).toMatchObject({
			metadata: { labels: { "kubernetes.io/metadata.name": "apps" } },
			status: { phase: "Active" },
		})
		expect((await ask(account)).status).toBe(200)
		await ask("/api/v1/namespaces/apps", { method: "DELETE" })
		expect((await ask("/api/v1/namespaces/apps")).body.status.phase).toBe("Terminating")
	})

	test("can be changed, but neither made again nor, where the API needs it, deleted", async () => {
		const { ask } = await writtenApi()
		const labels = { method: "PATCH", contentType: MERGE, body: { metadata: { labels: { a: "b" } } } }
		const patched = await ask("/api/v1/namespaces/kube-public", labels)
		expect([patched.status, patched.body.metadata.labels]).toEqual([
			200,
			{ a: "b", "kubernetes.io/metadata.name": "kube-public" },
		])
		const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } }
		expect((await ask("/api/v1/namespaces", { method: "POST", body })).body).toMatchObject({
			code: 409,
			message: 'namespaces "kube-system" already exists',
		})
		expect((await ask("/api/v1/namespaces/kube-system", { method: "DELETE" })).body).toMatchObject({
			code: 403,
			message: 'namespaces "kube-system" is forbidden: this namespace may not be deleted',
		})
	})

	test.each([
		["/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", "leases.coordination.k8s.io"],
		["/api/v1/namespaces/default/serviceaccounts", "serviceaccounts"],
	])("is there again at once, and so is not deleted: %s", async (path, plural) => {
		const { ask } = await writtenApi()
		const before = (await ask(path)).body.items
		const { name } = before[0].metadata
		expect((await ask(`${path}/${name}`, { method: "DELETE" })).body).toMatchObject({
			code: 403,
			message: `${plural} "${name}" is forbidden: the control plane makes it anew`,
		})
		expect((await ask(path, { method: "DELETE" })).body.items).toEqual([])
		expect((await ask(path)).body.items).toEqual(before)
	})

	test("does not include namespaces that nobody made: nothing is put there", async () => {
		const { ask } = await writtenApi()
		const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } }
		expect((await ask("/api/v1/namespaces/nowhere/configmaps", { method: "POST", body })).body).toMatchObject({
			code: 404,
			message: 'namespaces "nowhere" not found',
		})
	})
})

describe("a PodDisruptionBudget", () => {
	const BUDGETS = "/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets"
	const budget = (spec: object) => ({
		apiVersion: "policy/v1",
		kind: "PodDisruptionBudget",
		metadata: { name: "b" },
		spec,
	})
	const selector = { matchLabels: { app: "agent" } }

	test.each([
		[{ minAvailable: 2, selector }, 1, 3, "True", "SufficientPods"],
		[{ minAvailable: 3, selector }, 0, 3, "False", "InsufficientPods"],
		[{ minAvailable: 1, selector: { matchLabels: { app: "other" } } }, 0, 0, "False", "InsufficientPods"],
		[{ maxUnavailable: 1, selector }, 0, 0, "False", "SyncFailed"],
		[{ minAvailable: "50%", selector }, 0, 0, "False", "SyncFailed"],
	])("[K12] of %j says what its controller would", async (spec, allowed, expected, status, reason) => {
		const { ask } = await writtenApi()
		const { body } = await ask(BUDGETS, { method: "POST", body: budget(spec) })
		expect(body.status).toMatchObject({
			disruptionsAllowed: allowed,
			expectedPods: expected,
			observedGeneration: 1,
			conditions: [{ type: "DisruptionAllowed", status, reason }],
		})
		const { rows } = (await ask(BUDGETS, { accept: TABLE })).body
		expect(rows[0].cells[3]).toBe(allowed)
	})
})
