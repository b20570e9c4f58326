import { describe, expect, test } from "vitest"
import { rowsOf } from "../builders/rollcall.ts"
import { writtenApi } from "../builders/written-api.ts"

const AGENTS = "/apis/apps/v1/namespaces/kube-system/daemonsets"
const AGENT = `${AGENTS}/agent`
const MAPS = "/api/v1/namespaces/default/configmaps"
const PODS = "/api/v1/namespaces/kube-system/pods"
const KEY = "apps/DaemonSet/kube-system/agent"
const MERGE = "application/merge-patch+json"
const STRATEGIC = "application/strategic-merge-patch+json"
const JSON_PATCH = "application/json-patch+json"
const APPLY = "application/apply-patch+yaml"

const COPIES = Array.from({ length: 60 }, (_, index) => ({ op: "copy", from: "/spec", path: `/spec/x${index}` }))

const map = (data: object, metadata: object = {}) => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: { name: "settings", ...metadata },
	data,
})
const image = (to: string) => ({ spec: { template: { spec: { containers: [{ name: "main", image: to }] } } } })

describe("a create", () => {
	test("answers 201 with the object as it is stored, and is told in the ledger under its manager", async () => {
		const { ask, rollcall, live } = await writtenApi()
		const { status, body } = await ask(`${MAPS}?fieldManager=ada`, { method: "POST", body: map({ a: "1" }) })
		expect([status, body.kind, body.data]).toEqual([201, "ConfigMap", { a: "1" }])
		expect(body).toEqual(live("/ConfigMap/default/settings"))
		expect(body.metadata).toMatchObject({
			namespace: "default",
			uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
			managedFields: [{ manager: "ada", operation: "Update", fieldsV1: { "f:data": { ".": {}, "f:a": {} } } }],
		})
		expect(rowsOf(rollcall.entries, "write")).toMatchObject([{ client: "ada", action: "create" }])
	})

	test("makes up the rest of a name", async () => {
		const { ask } = await writtenApi()
		const made = map({}, { name: "", generateName: "made-" })
		const names = [
			await ask(MAPS, { method: "POST", body: made }),
			await ask(MAPS, { method: "POST", body: made }),
		].map(({ body }) => body.metadata.name)
		expect(new Set(names).size).toBe(2)
		for (const name of names) expect(name).toMatch(/^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
	})

	test("as a dry run changes nothing, and answers as if it had", async () => {
		const { ask, live } = await writtenApi()
		const { status, body } = await ask(`${MAPS}?dryRun=All`, { method: "POST", body: map({ a: "1" }) })
		expect([status, body.data]).toEqual([201, { a: "1" }])
		expect(live("/ConfigMap/default/settings")).toBeUndefined()
	})

	test("takes YAML", async () => {
		const { ask } = await writtenApi()
		const body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: '1'}\n"
		expect(await ask(MAPS, { method: "POST", contentType: "application/yaml", body })).toMatchObject({ status: 201 })
	})

	test("of something that says a version already is refused", async () => {
		const { ask } = await writtenApi()
		expect((await ask(MAPS, { method: "POST", body: map({}, { resourceVersion: "1" }) })).body).toMatchObject({
			code: 400,
			message: "resourceVersion should not be set on objects to be created",
		})
	})

	test("of what has a name already is refused", async () => {
		const { ask } = await writtenApi()
		await ask(MAPS, { method: "POST", body: map({}) })
		expect((await ask(MAPS, { method: "POST", body: map({}) })).body).toMatchObject({
			code: 409,
			reason: "AlreadyExists",
			message: 'configmaps "settings" already exists',
			details: { name: "settings", kind: "configmaps" },
		})
	})
})

describe("fieldValidation", () => {
	const unknown = { ...map({}), more: 1 }

	test.each([
		["Strict", 400, undefined],
		["Warn", 201, '299 - "unknown field \\"more\\""'],
		["Ignore", 201, undefined],
		["", 201, '299 - "unknown field \\"more\\""'],
		["Nonsense", 422, undefined],
	])("%s of an unknown field is answered with %i", async (how, code, warning) => {
		const { ask } = await writtenApi()
		const { status, headers, body } = await ask(`${MAPS}?fieldValidation=${how}`, { method: "POST", body: unknown })
		expect([status, headers["warning"]]).toEqual([code, warning])
		expect(body.more).toBeUndefined()
	})

	test("is of patches, too", async () => {
		const { ask } = await writtenApi()
		const words = { method: "PATCH", contentType: MERGE, body: { spec: { replicas: 3 } } }
		expect((await ask(`${AGENT}?fieldValidation=Strict`, words)).body).toMatchObject({
			code: 400,
			reason: "BadRequest",
		})
		expect((await ask(AGENT, words)).headers["warning"]).toBe('299 - "unknown field \\"spec.replicas\\""')
	})
})

describe("an update", () => {
	test("of a version that is no longer the newest is refused in the server's words", async () => {
		const { ask } = await writtenApi()
		const first = (await ask(MAPS, { method: "POST", body: map({}) })).body
		const second = await ask(`${MAPS}/settings`, { method: "PUT", body: { ...first, data: { a: "1" } } })
		expect([second.status, second.body.data]).toEqual([200, { a: "1" }])
		expect((await ask(`${MAPS}/settings`, { method: "PUT", body: { ...first, data: { a: "2" } } })).body).toMatchObject(
			{
				code: 409,
				reason: "Conflict",
				message:
					'Operation cannot be fulfilled on configmaps "settings": the object has been modified; please apply your changes to the latest version and try again',
			},
		)
	})

	test.each([
		["of nothing", "/settings", map({}), 404],
		["under another name", "/other", map({}), 400],
		["without a name", "/settings", map({}, { name: "" }), 400],
		["into another namespace", "/settings", map({}, { namespace: "kube-system" }), 400],
		["of another kind", "/settings", { ...map({}), kind: "Secret" }, 400],
	])("%s is refused", async (_, path, body, code) => {
		const { ask } = await writtenApi()
		expect((await ask(`${MAPS}${path}`, { method: "PUT", body })).body).toMatchObject({ status: "Failure", code })
	})

	test.each([
		["configmaps", 404],
		["services", 201],
		["limitranges", 201],
	])("of %s that are not there is answered with %i, as by the server", async (plural, code) => {
		const { ask } = await writtenApi()
		const url = `/api/v1/namespaces/default/${plural}/new`
		const answer = await ask(url, { method: "PUT", body: { metadata: { name: "new" }, spec: {} } })
		expect([answer.status, (await ask(url)).status]).toEqual([code, code === 201 ? 200 : 404])
	})

	test("that says no version is of whatever is there", async () => {
		const { ask } = await writtenApi()
		await ask(MAPS, { method: "POST", body: map({ a: "1" }) })
		await ask(`${MAPS}/settings`, { method: "PATCH", contentType: MERGE, body: { data: { a: "2" } } })
		const { status, body } = await ask(`${MAPS}/settings`, { method: "PUT", body: map({ b: "1" }) })
		expect([status, body.data]).toEqual([200, { b: "1" }])
	})

	test("of the status leaves the rest as it is", async () => {
		const { ask, live } = await writtenApi()
		const object = live(KEY) as never as { spec: object; status: object }
		const body = {
			...object,
			spec: { ...object.spec, minReadySeconds: 9 },
			status: { ...object.status, numberReady: 7 },
		}
		const answer = await ask(`${AGENT}/status`, { method: "PUT", body })
		expect([answer.status, answer.body.status.numberReady]).toEqual([200, 7])
		expect(answer.body.spec).toEqual(object.spec)
	})
})

describe("a patch", () => {
	test.each([
		[MERGE, { metadata: { labels: { a: "b" } } }],
		[STRATEGIC, image("fluentd:9")],
		[JSON_PATCH, [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "fluentd:9" }]],
	])("as %s changes what it says", async (contentType, body) => {
		const { ask, live } = await writtenApi()
		const before = live(KEY)
		const answer = await ask(AGENT, { method: "PATCH", contentType, body })
		expect(answer.status).toBe(200)
		expect(answer.body).toEqual(live(KEY))
		expect(answer.body).not.toEqual(before)
	})

	test("of nothing new changes nothing, the version neither", async () => {
		const { ask, live } = await writtenApi()
		const before = live(KEY)
		expect((await ask(AGENT, { method: "PATCH", contentType: MERGE, body: {} })).body).toEqual(before)
	})

	test.each<[string, string, string, unknown, number]>([
		["no JSON", AGENT, MERGE, "{", 400],
		["no object", AGENT, MERGE, "[]", 400],
		["a test that fails", AGENT, JSON_PATCH, [{ op: "test", path: "/kind", value: "Pod" }], 422],
		["too many operations", AGENT, JSON_PATCH, Array(10_001).fill({ op: "test", path: "/kind", value: "x" }), 413],
		["copies of copies", AGENT, JSON_PATCH, COPIES, 422],
		["a JSON patch that is no list", AGENT, JSON_PATCH, { op: "remove", path: "/spec" }, 400],
		["a deep one", AGENT, MERGE, `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`, 400],
		["another kind", AGENT, MERGE, { kind: "Pod" }, 400],
		["another name", AGENT, MERGE, { metadata: { name: "x" } }, 400],
		["no metadata", AGENT, MERGE, { metadata: null }, 400],
		["an ill-typed field", AGENT, MERGE, { spec: { minReadySeconds: "x" } }, 400],
		["an invalid value", AGENT, MERGE, { spec: { minReadySeconds: -1 } }, 422],
		["an immutable field", AGENT, MERGE, { spec: { selector: { matchLabels: { a: "b" } } } }, 422],
		["an old version", AGENT, MERGE, { metadata: { resourceVersion: "1" } }, 409],
		["a type that is none", AGENT, "application/json", {}, 415],
		["something that is not there", `${AGENTS}/none`, MERGE, {}, 404],
	])("with %s is refused and changes nothing", async (_, path, contentType, body, code) => {
		const { ask, live } = await writtenApi()
		const before = live(KEY)
		expect((await ask(path, { method: "PATCH", contentType, body: body as object })).body).toMatchObject({ code })
		expect(live(KEY)).toEqual(before)
	})
})

describe("a server-side apply", () => {
	const apply = (data: object, more = "") => ({
		url: `${MAPS}/settings?fieldManager=ada${more}`,
		words: { method: "PATCH", contentType: APPLY, body: map(data) },
	})

	test("creates, changes, takes back what it no longer says, and conflicts with other managers", async () => {
		const { ask, live } = await writtenApi()
		const go = ({ url, words }: ReturnType<typeof apply>) => ask(url, words)
		expect(await go(apply({ a: "1", b: "1" }))).toMatchObject({ status: 201, body: { data: { a: "1", b: "1" } } })
		expect(await go(apply({ a: "1" }))).toMatchObject({ status: 200, body: { data: { a: "1" } } })
		await ask(`${MAPS}/settings?fieldManager=bob`, { method: "PATCH", contentType: MERGE, body: { data: { a: "2" } } })
		expect((await go(apply({ a: "1" }))).body).toMatchObject({
			code: 409,
			message: 'Apply failed with 1 conflict: conflict with "bob" using v1: .data.a',
			details: { causes: [{ reason: "FieldManagerConflict", field: ".data.a" }] },
		})
		expect(live("/ConfigMap/default/settings")).toMatchObject({ data: { a: "2" } })
		expect(await go(apply({ a: "1" }, "&force=true"))).toMatchObject({ status: 200, body: { data: { a: "1" } } })
	})

	test.each(["", "&dryRun=All"])("conflicts with git, which applies what it describes%s", async (more) => {
		const { ask } = await writtenApi()
		const body = { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent" }, ...image("ada:1") }
		const words = { method: "PATCH", contentType: APPLY, body }
		expect((await ask(`${AGENT}?fieldManager=ada${more}`, words)).body).toMatchObject({
			code: 409,
			message:
				'Apply failed with 1 conflict: conflict with "rollcall": .spec.template.spec.containers[name="main"].image',
		})
		expect((await ask(`${AGENT}?fieldManager=ada&force=true${more}`, words)).status).toBe(200)
	})

	test.each([
		["without a manager", `${MAPS}/settings`, {}, 422],
		["with managedFields", `${MAPS}/settings?fieldManager=a`, { managedFields: [] }, 400],
		["under another name", `${MAPS}/other?fieldManager=a`, {}, 400],
	])("%s is refused", async (_, url, metadata, code) => {
		const { ask } = await writtenApi()
		const body = map({}, metadata)
		expect((await ask(url, { method: "PATCH", contentType: APPLY, body })).body).toMatchObject({ code })
	})
})

test.each(["Strict", "Warn", "Ignore"])(
	"a server-side apply of unknown fields is refused, also under %s",
	async (how) => {
		const { ask } = await writtenApi()
		const words = { method: "PATCH", contentType: APPLY, body: { ...map({}), dat: {}, more: 1 } }
		expect((await ask(`${MAPS}/settings?fieldManager=a&fieldValidation=${how}`, words)).body).toMatchObject({
			code: 400,
			message:
				"failed to create typed patch object (default/settings; /v1, Kind=ConfigMap): errors:\n" +
				"  .dat: field not declared in schema\n  .more: field not declared in schema",
		})
	},
)

describe("[A14] what the control plane owns", () => {
	const NODE = "/api/v1/nodes/workers-0"
	const managers = (object: { metadata: { managedFields?: { manager: string; subresource?: string }[] } }) =>
		(object.metadata.managedFields ?? []).map(({ manager, subresource = "" }) => `${manager} ${subresource}`.trim())

	test("is told of a pod and a node, and stays theirs when another hand writes", async () => {
		const { ask } = await writtenApi()
		const [{ metadata }] = (await ask(PODS)).body.items
		const pod = `${PODS}/${metadata.name}`
		expect(managers((await ask(pod)).body)).toEqual(["kube-controller-manager", "kubelet status"])
		const label = { method: "PATCH", contentType: MERGE, body: { metadata: { labels: { mine: "yes" } } } }
		await ask(`${pod}?fieldManager=ada`, label)
		expect(managers((await ask(pod)).body).sort()).toEqual(["ada", "kube-controller-manager", "kubelet status"])
		await ask(`${NODE}?fieldManager=ada`, label)
		const node = (await ask(NODE)).body
		expect(managers(node).sort()).toEqual(["ada", "kubelet", "kubelet status"])
		const own = node.metadata.managedFields.find(({ manager }: { manager: string }) => manager === "ada")
		expect(own.fieldsV1).toEqual({ "f:metadata": { "f:labels": { "f:mine": {} } } })
	})

	test("conflicts with a server-side apply", async () => {
		const { ask } = await writtenApi()
		const body = {
			apiVersion: "v1",
			kind: "Node",
			metadata: { name: "workers-0", labels: { "kubernetes.io/os": "x" } },
		}
		expect((await ask(`${NODE}?fieldManager=ada`, { method: "PATCH", contentType: APPLY, body })).body).toMatchObject({
			code: 409,
			message: 'Apply failed with 1 conflict: conflict with "kubelet" using v1: .metadata.labels.kubernetes.io/os',
		})
	})

	test.each([NODE, PODS])("is no change of %s", async (url) => {
		const { ask } = await writtenApi()
		const path = url === PODS ? `${url}/${(await ask(url)).body.items[0].metadata.name}` : url
		const before = (await ask(path)).body
		for (const label of ["a", "b"]) {
			const words = { method: "PATCH", contentType: MERGE, body: { metadata: { labels: { [label]: "1" } } } }
			const { resourceVersion } = (await ask(path, words)).body.metadata
			expect(resourceVersion).not.toBe(before.metadata.resourceVersion)
			expect((await ask(path, words)).body.metadata.resourceVersion).toBe(resourceVersion)
		}
	})
})

describe("a deletion", () => {
	test("of what has finalizers begins it, and the write that takes the last one away ends it", async () => {
		const { ask, live } = await writtenApi()
		await ask(MAPS, { method: "POST", body: map({}, { finalizers: ["a.io/b"] }) })
		const url = `${MAPS}/settings`
		const begun = (await ask(url, { method: "DELETE" })).body
		expect([begun.kind, typeof begun.metadata.deletionTimestamp]).toEqual(["ConfigMap", "string"])
		const more = { metadata: { finalizers: ["a.io/b", "c.io/d"] } }
		expect((await ask(url, { method: "PATCH", contentType: MERGE, body: more })).body).toMatchObject({ code: 422 })
		const none = { metadata: { finalizers: null } }
		const ended = await ask(url, { method: "PATCH", contentType: MERGE, body: none })
		expect([ended.status, ended.body.metadata.name, ended.body.metadata.finalizers]).toEqual([
			200,
			"settings",
			undefined,
		])
		expect(live("/ConfigMap/default/settings")).toBeUndefined()
	})

	test("of a namespace that every cluster has is forbidden", async () => {
		const { ask } = await writtenApi()
		expect((await ask("/api/v1/namespaces/default", { method: "DELETE" })).body).toMatchObject({
			code: 403,
			message: 'namespaces "default" is forbidden: this namespace may not be deleted',
		})
	})

	test("of what goes at once answers that it is gone", async () => {
		const { ask, live } = await writtenApi()
		const { uid } = (await ask(MAPS, { method: "POST", body: map({}) })).body.metadata
		expect((await ask(`${MAPS}/settings`, { method: "DELETE" })).body).toEqual({
			kind: "Status",
			apiVersion: "v1",
			metadata: {},
			status: "Success",
			details: { name: "settings", kind: "configmaps", uid },
		})
		expect(live("/ConfigMap/default/settings")).toBeUndefined()
	})

	test.each(["Orphan", "Foreground"])("by %s answers with the object that waits", async (propagationPolicy) => {
		const { ask } = await writtenApi()
		const { status, body } = await ask(AGENT, { method: "DELETE", body: { propagationPolicy } })
		expect([status, body.kind, typeof body.metadata.deletionTimestamp]).toEqual([200, "DaemonSet", "string"])
	})

	test("of a pod gives it its time, or none", async () => {
		const { ask } = await writtenApi()
		const [one, two] = (await ask(PODS)).body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)
		const slow = await ask(`${PODS}/${one}`, { method: "DELETE", body: { gracePeriodSeconds: 7 } })
		expect(slow.body.metadata).toMatchObject({ deletionGracePeriodSeconds: 7 })
		const fast = await ask(`${PODS}/${two}?gracePeriodSeconds=0`, { method: "DELETE" })
		expect(fast.status).toBe(200)
	})

	test.each<[string, object, number]>([
		["another uid", { preconditions: { uid: "x" } }, 409],
		["an unknown policy", { propagationPolicy: "Sideways" }, 422],
		["a grace that is no number", { gracePeriodSeconds: "soon" }, 400],
		["a dry run that is none", { dryRun: ["Some"] }, 422],
	])("that asks for %s is refused", async (_, body, code) => {
		const { ask, live } = await writtenApi()
		expect((await ask(AGENT, { method: "DELETE", body })).body).toMatchObject({ code })
		expect(live(KEY)?.metadata.deletionTimestamp).toBeUndefined()
	})

	test("of a collection takes those that are selected, and no others", async () => {
		const { ask } = await writtenApi()
		for (const [name, labels] of [
			["one", { a: "b" }],
			["two", { a: "b" }],
			["three", {}],
		] as const) {
			await ask(MAPS, { method: "POST", body: map({}, { name, labels }) })
		}
		const { body } = await ask(`${MAPS}?labelSelector=a%3Db`, { method: "DELETE" })
		expect([body.kind, body.items.length]).toEqual(["ConfigMapList", 2])
		const left = (await ask(MAPS)).body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)
		expect(left).toEqual(["three"])
		expect((await ask("/api/v1/configmaps", { method: "DELETE" })).status).toBe(405)
	})

	test("as a dry run deletes nothing", async () => {
		const { ask, live } = await writtenApi()
		expect((await ask(`${AGENT}?dryRun=All`, { method: "DELETE" })).status).toBe(200)
		expect((await ask(`${AGENTS}?dryRun=All`, { method: "DELETE" })).status).toBe(200)
		expect(live(KEY)?.metadata.deletionTimestamp).toBeUndefined()
	})
})

describe("an eviction", () => {
	const budget = (minAvailable: number | string) => ({
		apiVersion: "policy/v1",
		kind: "PodDisruptionBudget",
		metadata: { name: "agents", namespace: "kube-system" },
		spec: { minAvailable, selector: { matchLabels: { app: "agent" } } },
	})
	const evictFirst = async (minAvailable?: number | string) => {
		const { ask } = await writtenApi()
		if (minAvailable !== undefined) {
			const url = "/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets"
			expect((await ask(url, { method: "POST", body: budget(minAvailable) })).status).toBe(201)
		}
		const [{ metadata }] = (await ask(PODS)).body.items
		const { name, namespace } = metadata
		const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } }
		return (await ask(`${PODS}/${name}/eviction`, { method: "POST", body })).body
	}

	test.each([undefined, 2])("goes where a budget of %s allows it", async (minAvailable) => {
		expect(await evictFirst(minAvailable)).toMatchObject({ status: "Success", code: 201 })
	})

	test.each([3, "50%"])("is refused, to be tried again, where a budget of %s does not", async (minAvailable) => {
		expect(await evictFirst(minAvailable)).toMatchObject({
			code: 429,
			reason: "TooManyRequests",
			message: "Cannot evict pod as it would violate the pod's disruption budget.",
			details: { causes: [{ message: "The disruption budget agents needs 3 healthy pods and has 3 currently" }] },
		})
	})
})

describe("a write of what git describes", () => {
	test("is taken and put back, and the answer warns of it", async () => {
		const { ask, live } = await writtenApi({ drift: "heal" })
		const words = { method: "PATCH", contentType: STRATEGIC, body: image("evil:1") }
		const { status, headers, body } = await ask(AGENT, words)
		expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining("evil:1")])
		expect(headers["warning"]).toBe(
			'299 - "spec.template.spec.containers[name=main].image of DaemonSet kube-system/agent is kept in git: put back"',
		)
		expect(JSON.stringify(live(KEY)?.["spec"])).not.toContain("evil:1")
	})

	test("warns of nothing where drift is ignored", async () => {
		const { ask } = await writtenApi()
		const words = { method: "PATCH", contentType: STRATEGIC, body: image("evil:1") }
		expect((await ask(AGENT, words)).headers["warning"]).toBeUndefined()
	})
})

describe("a body", () => {
	test.each<[string, string, string, number]>([
		["empty", "", "application/json", 400],
		["null", "null", "application/json", 422],
		["a list", "[]", "application/json", 400],
		["deep", `${"[".repeat(100_000)}`, "application/json", 400],
		["deep YAML", `${"[".repeat(5_000)}`, "application/yaml", 400],
		[
			"an alias bomb",
			"a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n",
			"application/yaml",
			400,
		],
		["no text", "\u0000\ufffd", "application/json", 400],
		["of another type", "{}", "text/plain", 415],
		["no protobuf", "k8s\u0000nonsense", "application/vnd.kubernetes.protobuf", 415],
		[
			"with a prototype",
			'{"apiVersion":"v1","kind":"ConfigMap","__proto__":{"metadata":{"name":"x"}}}',
			"application/json",
			422,
		],
	])("that is %s is refused, and the next is answered", async (_, body, contentType, code) => {
		const { ask } = await writtenApi()
		expect((await ask(MAPS, { method: "POST", contentType, body })).body).toMatchObject({ status: "Failure", code })
		expect((await ask(MAPS, { method: "POST", body: map({}) })).status).toBe(201)
	})
})

describe("an object beyond what etcd takes is refused in its words", () => {
	const REFUSED = {
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Failure",
		message: "etcdserver: request is too large",
		code: 500,
	}
	const many = (keys: number) => map(Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${index}`, "v"])))

	test.each<[string, string, string, (object: object) => object]>([
		["a create", "POST", MAPS, (object) => ({ body: object })],
		["an apply", "PATCH", `${MAPS}/settings?fieldManager=ada`, (body) => ({ body, contentType: APPLY })],
	])("by its data, or by whose they are: %s", async (_, method, url, words) => {
		const { ask, live } = await writtenApi()
		for (const keys of [150_000, 70_000]) {
			expect((await ask(url, { method, ...words(many(keys)) })).body).toEqual(REFUSED)
		}
		expect(live("/ConfigMap/default/settings")).toBeUndefined()
		expect((await ask(url, { method, ...words(many(100)) })).status).toBe(201)
	})

	test("an update and a patch of what there is", async () => {
		const { ask, live } = await writtenApi()
		await ask(MAPS, { method: "POST", body: map({ a: "1" }) })
		const url = `${MAPS}/settings`
		const body = many(70_000)
		expect((await ask(url, { method: "PUT", body })).body).toEqual(REFUSED)
		expect((await ask(url, { method: "PATCH", contentType: MERGE, body })).body).toEqual(REFUSED)
		expect(live("/ConfigMap/default/settings")).toMatchObject({ data: { a: "1" } })
	})

	test("what is long as JSON alone is taken", async () => {
		const { ask } = await writtenApi()
		const body = map({ a: "\n".repeat(1_048_576) })
		expect((await ask(MAPS, { method: "POST", body })).status).toBe(201)
	})
})

test("a Secret is judged by its data, not by what is kept of it", async () => {
	const { ask } = await writtenApi()
	const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "key" }, data: { a: "AAAA".repeat(349_526) } }
	expect((await ask("/api/v1/namespaces/default/secrets", { method: "POST", body: secret })).body).toMatchObject({
		code: 422,
		message: 'Secret "key" is invalid: data: Too long: may not be more than 1048576 bytes',
	})
})

test.each([
	[`${PODS}/x/binding`, /^binding is not possible: the simulated scheduler binds pod "x"/],
	["/api/v1/namespaces/default/serviceaccounts/x/token", /^token is not possible: nobody runs as service account "x"/],
])("what cannot be is refused with the reason: %s", async (url, want) => {
	const { ask } = await writtenApi()
	const { body } = await ask(url, { method: "POST", body: {} })
	expect(body).toMatchObject({ code: 403, message: expect.stringMatching(want) })
})

test("who may only read may write nothing", async () => {
	const { ask } = await writtenApi()
	for (const [method, url] of [
		["POST", MAPS],
		["PUT", `${MAPS}/x`],
		["PATCH", AGENT],
		["DELETE", AGENT],
		["DELETE", AGENTS],
		["POST", `${PODS}/x/eviction`],
	] as const) {
		expect((await ask(url, { method, access: "read", body: map({}) })).body).toMatchObject({ code: 403 })
	}
	const { body } = await ask(`${PODS}/x/eviction`, { method: "POST", access: "read", body: {} })
	expect(body.message).toBe(
		'pods "x" is forbidden: User "rollcall-read-only" cannot create resource "pods/eviction" in API group "" in the namespace "kube-system"',
	)
})
