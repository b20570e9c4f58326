import { describe, expect, test } from "vitest"
import { TABLE } from "../builders/api.ts"
import { cronTab, cronTabs } from "../builders/crontab.ts"
import { writtenApi } from "../builders/written-api.ts"

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
const V1 = "/apis/stable.example.com/v1/namespaces/default/crontabs"
const OLD = "/apis/stable.example.com/v1beta1/namespaces/default/crontabs"
const MERGE = "application/merge-patch+json"

/** With the definition of CronTabs. */
async function served() {
	const api = await writtenApi()
	const made = await api.ask(DEFINITIONS, { method: "POST", body: cronTabs() })
	expect(made.status).toBe(201)
	return { ...api, made }
}

describe("a CustomResourceDefinition", () => {
	test("is established as soon as it is there, with the names that it left to the server", async () => {
		const { made, ask } = await served()
		expect(made.body.spec.names).toMatchObject({ singular: "crontab", listKind: "CronTabList" })
		expect(made.body.spec.conversion).toEqual({ strategy: "None" })
		const { body } = await ask(`${DEFINITIONS}/crontabs.stable.example.com`)
		const conditions = body.status.conditions.map(({ type, status }: { type: string; status: string }) => [
			type,
			status,
		])
		expect(conditions).toEqual([
			["NamesAccepted", "True"],
			["Established", "True"],
		])
		expect(body.status).toMatchObject({ storedVersions: ["v1"], acceptedNames: { kind: "CronTab" } })
	})

	test("is announced in all its versions, the newest first", async () => {
		const { ask } = await served()
		expect((await ask("/apis/stable.example.com")).body).toMatchObject({
			versions: [{ version: "v1" }, { version: "v1beta1" }],
			preferredVersion: { version: "v1" },
		})
		const { resources } = (await ask("/apis/stable.example.com/v1")).body
		expect(resources.map(({ name }: { name: string }) => name)).toEqual([
			"crontabs",
			"crontabs/status",
			"crontabs/scale",
		])
		expect(resources[0]).toMatchObject({
			kind: "CronTab",
			singularName: "crontab",
			shortNames: ["ct"],
			categories: ["all"],
		})
		expect(resources[2]).toMatchObject({ group: "autoscaling", version: "v1", kind: "Scale" })
	})

	test("says that its rules in CEL are not evaluated, and so does each object of it", async () => {
		const { ask } = await writtenApi()
		const crd = cronTabs()
		const schema = { type: "object", "x-kubernetes-validations": [{ rule: "self.metadata.name != 'x'" }] }
		crd.spec.versions = [{ ...crd.spec.versions[1], schema: { openAPIV3Schema: schema } } as never]
		const said = '299 - "the rules of crontabs.stable.example.com in CEL (x-kubernetes-validations) are not evaluated"'
		expect((await ask(DEFINITIONS, { method: "POST", body: crd })).headers["warning"]).toBe(said)
		expect((await ask(V1, { method: "POST", body: cronTab() })).headers["warning"]).toContain(said)
	})

	test("takes its objects with it, and its paths are no more", async () => {
		const { ask, live } = await served()
		await ask(V1, { method: "POST", body: cronTab() })
		expect((await ask(`${DEFINITIONS}/crontabs.stable.example.com`, { method: "DELETE" })).status).toBe(200)
		expect(live("stable.example.com/CronTab/default/nightly")).toBeUndefined()
		expect((await ask(`${V1}/nightly`)).status).toBe(404)
	})
})

describe("a custom resource", () => {
	test("is stored with its defaults, with generation 1 and without the status that its maker gave it", async () => {
		const { ask } = await served()
		const body = { ...cronTab({ steps: [{ name: "a" }], note: null, color: null }), status: { replicas: 3 } }
		const made = await ask(V1, { method: "POST", body })
		expect(made.status).toBe(201)
		expect(made.body.spec).toEqual({
			schedule: "0 3 * * *",
			replicas: 1,
			steps: [{ name: "a", run: "true" }],
			note: null,
		})
		expect(made.body.status).toBeUndefined()
		expect(made.body.metadata.generation).toBe(1)
	})

	test("is refused with all that is wrong with it, in the server's words", async () => {
		const { ask } = await served()
		const spec = {
			schedule: "x",
			replicas: 11,
			color: "blue",
			port: true,
			labels: { a: "long" },
			hosts: ["1.2.3.4", "1.2.3.4", "y"],
		}
		const { status, body } = await ask(V1, { method: "POST", body: cronTab(spec) })
		expect(status).toBe(422)
		expect(body.message).toMatch(
			/^CronTab\.stable\.example\.com "nightly" is invalid: \[spec\.schedule: Invalid value: "x": /,
		)
		const causes = body.details.causes.map(
			({ field, message }: { field: string; message: string }) => `${field}: ${message}`,
		)
		expect(causes).toEqual([
			"spec.schedule: Invalid value: \"x\": spec.schedule in body should match '^(\\S+ ){4}\\S+$'",
			"spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10",
			'spec.color: Unsupported value: "blue": supported values: "red", "green"',
			'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"',
			"spec.labels.a: Too long: may not be more than 3 bytes",
			'spec.hosts[2]: Invalid value: "y": spec.hosts[2] in body must be of type ipv4: "y"',
			"spec.hosts: Too many: 3: must have at most 2 items",
			'spec.hosts[1]: Duplicate value: "1.2.3.4"',
		])
	})

	test.each([
		["Strict", 400, undefined],
		["Warn", 201, '299 - "unknown field \\"spec.anythin\\"", 299 - "unknown field \\"spec.steps[0].rum\\""'],
		["Ignore", 201, undefined],
	])("with unknown fields is answered by fieldValidation=%s", async (validation, status, warning) => {
		const { ask } = await served()
		const body = cronTab({ anythin: 1, anything: { goes: 1 }, steps: [{ name: "a", rum: 1 }] })
		const made = await ask(`${V1}?fieldValidation=${validation}`, { method: "POST", body })
		expect([made.status, made.headers["warning"]]).toEqual([status, warning])
		if (status === 201)
			expect(made.body.spec).toMatchObject({ anything: { goes: 1 }, steps: [{ name: "a", run: "true" }] })
		else {
			expect(made.body.message).toBe(
				'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.anythin", unknown field "spec.steps[0].rum"',
			)
		}
	})

	test("is one object in all versions, and keeps the one that it was made in", async () => {
		const { ask, live } = await served()
		await ask(V1, { method: "POST", body: cronTab() })
		const old = await ask(`${OLD}/nightly`)
		expect(old.body.apiVersion).toBe("stable.example.com/v1beta1")
		expect(old.headers["warning"]).toBe('299 - "stable.example.com/v1beta1 CronTab is deprecated"')
		const patched = await ask(`${OLD}/nightly`, {
			method: "PATCH",
			contentType: MERGE,
			body: { spec: { color: "red" } },
		})
		expect([patched.status, patched.body.apiVersion]).toEqual([200, "stable.example.com/v1beta1"])
		expect(patched.headers["warning"]).toBe('299 - "stable.example.com/v1beta1 CronTab is deprecated"')
		expect(live("stable.example.com/CronTab/default/nightly")?.apiVersion).toBe("stable.example.com/v1")
		expect((await ask(`${V1}/nightly`)).body.spec.color).toBe("red")
	})

	test("is judged by what changes: what was wrong before may stay", async () => {
		const { ask } = await served()
		await ask(V1, { method: "POST", body: cronTab({ color: "red" }) })
		const stricter = cronTabs()
		const [, v1] = JSON.parse(JSON.stringify(stricter.spec.versions))
		v1.schema.openAPIV3Schema.properties.spec.properties.color.enum = ["green"]
		const { body: crd } = await ask(`${DEFINITIONS}/crontabs.stable.example.com`)
		crd.spec.versions = [v1]
		expect((await ask(`${DEFINITIONS}/crontabs.stable.example.com`, { method: "PUT", body: crd })).status).toBe(200)
		const change = (spec: object) => ask(`${V1}/nightly`, { method: "PATCH", contentType: MERGE, body: { spec } })
		expect((await change({ replicas: 2 })).status).toBe(200)
		expect((await change({ color: "blue" })).status).toBe(422)
	})

	test("has its status and its scale beside it", async () => {
		const { ask } = await served()
		await ask(V1, { method: "POST", body: cronTab() })
		const path = `${V1}/nightly`
		const status = { conditions: [{ type: "Ready", status: "True" }], replicas: 1, selector: "app=a" }
		const written = await ask(`${path}/status`, {
			method: "PATCH",
			contentType: MERGE,
			body: { status, spec: { replicas: 9 } },
		})
		expect(written.body).toMatchObject({ status, spec: { replicas: 1 } })
		const scaled = await ask(`${path}/scale`, { method: "PATCH", contentType: MERGE, body: { spec: { replicas: 4 } } })
		expect(scaled.body).toMatchObject({
			kind: "Scale",
			apiVersion: "autoscaling/v1",
			spec: { replicas: 4 },
			status: { replicas: 1, selector: "app=a" },
		})
		const { body: scale } = await ask(`${path}/scale`)
		const json = { method: "PATCH", contentType: "application/json-patch+json" }
		const step = [{ op: "replace", path: "/spec/replicas", value: 4 }]
		expect((await ask(`${path}/scale`, { ...json, body: step })).body).toEqual(scale)
		expect((await ask(`${path}/scale`, { method: "PUT", body: { ...scale, spec: { replicas: 11 } } })).status).toBe(422)
		expect(
			(await ask(`${path}/scale`, { method: "PUT", body: { ...scale, spec: { replicas: -1 } } })).body.message,
		).toContain("must be greater than or equal to 0")
		expect((await ask(path)).body).toMatchObject({ spec: { replicas: 4 }, metadata: { generation: 2 } })
	})

	test("has its status with all else where that is no part of its own", async () => {
		const { ask } = await writtenApi()
		const crd = cronTabs()
		for (const version of crd.spec.versions) Object.assign(version, { subresources: undefined })
		await ask(DEFINITIONS, { method: "POST", body: crd })
		const { body } = await ask(V1, { method: "POST", body: { ...cronTab(), status: { replicas: 1 } } })
		expect(body.status).toEqual({ replicas: 1 })
		const status = { replicas: 2 }
		expect((await ask(`${V1}/nightly`, { method: "PUT", body: { ...body, status } })).body.status).toEqual(status)
		expect((await ask(`${V1}/nightly/status`)).status).toBe(404)
	})

	test("with a pattern that would take others for ever is judged at once", async () => {
		const { ask } = await writtenApi()
		const crd = cronTabs()
		const spec = { type: "object", properties: { schedule: { type: "string", pattern: "^(a+)+$" } } }
		for (const version of crd.spec.versions) {
			Object.assign(version.schema, { openAPIV3Schema: { type: "object", properties: { spec } } })
		}
		await ask(DEFINITIONS, { method: "POST", body: crd })
		const { body } = await ask(V1, { method: "POST", body: cronTab({ schedule: `${"a".repeat(10_000)}!` }) })
		expect(body.details.causes[0].field).toBe("spec.schedule")
	})

	test("is applied field by field, as the lists of its schema are keyed", async () => {
		const { ask } = await served()
		const applied = (manager: string, spec: object) =>
			ask(`${V1}/nightly?fieldManager=${manager}`, {
				method: "PATCH",
				contentType: "application/apply-patch+yaml",
				body: { ...cronTab(spec) },
			})
		expect((await applied("one", { steps: [{ name: "a", run: "x" }], hosts: ["1.1.1.1"] })).status).toBe(201)
		const both = await applied("two", { steps: [{ name: "b" }], hosts: ["2.2.2.2"] })
		expect(both.body.spec).toMatchObject({
			steps: [
				{ name: "a", run: "x" },
				{ name: "b", run: "true" },
			],
			hosts: ["1.1.1.1", "2.2.2.2"],
		})
		const conflict = await applied("two", { steps: [{ name: "a", run: "y" }] })
		expect([conflict.status, conflict.body.details.causes[0].field]).toEqual([409, '.spec.steps[name="a"].run'])
		const left = await applied("two", {})
		expect(left.body.spec).toMatchObject({ steps: [{ name: "a", run: "x" }], hosts: ["1.1.1.1"] })
	})

	test("is printed in the columns of its definition", async () => {
		const { ask } = await served()
		await ask(V1, { method: "POST", body: cronTab() })
		const { body } = await ask(V1, { accept: TABLE })
		expect(
			body.columnDefinitions.map(({ name, type, priority }: { name: string; type: string; priority: number }) => [
				name,
				type,
				priority,
			]),
		).toEqual([
			["Name", "string", 0],
			["Schedule", "string", 0],
			["Replicas", "integer", 1],
			["Ready", "string", 0],
			["Age", "date", 0],
		])
		expect(body.rows[0].cells.slice(0, 4)).toEqual(["nightly", "0 3 * * *", 1, null])
		const list = (await ask(V1)).body
		expect(list.kind).toBe("CronTabList")
	})

	test("of a namespace that is not there is refused", async () => {
		const { ask } = await served()
		const { status, body } = await ask("/apis/stable.example.com/v1/namespaces/nowhere/crontabs", {
			method: "POST",
			body: cronTab(),
		})
		expect([status, body.message]).toEqual([404, 'namespaces "nowhere" not found'])
	})
})

describe("OpenAPI of custom resources", () => {
	const path = "/openapi/v3/apis/stable.example.com/v1"

	test("has their schema with the metadata of all kinds, and another address when it changes", async () => {
		const { ask } = await served()
		const address = async () =>
			JSON.parse((await ask("/openapi/v3")).text).paths["apis/stable.example.com/v1"].serverRelativeURL
		const before = await address()
		expect(before).toMatch(/^\/openapi\/v3\/apis\/stable\.example\.com\/v1\?hash=[0-9A-F]{32}$/)
		const schema = (await ask(path)).body.components.schemas["com.example.stable.v1.CronTab"]
		expect(schema["x-kubernetes-group-version-kind"]).toEqual([
			{ group: "stable.example.com", version: "v1", kind: "CronTab" },
		])
		expect(schema.properties.metadata).toEqual({
			$ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
		})
		expect(schema.properties.spec.required).toEqual(["schedule"])
		expect(
			(await ask("/openapi/v2")).body.definitions["com.example.stable.v1.CronTab"].properties.spec.required,
		).toEqual(["schedule"])
		const body = [{ op: "add", path: "/spec/versions/1/schema/openAPIV3Schema/description", value: "A tab." }]
		const json = "application/json-patch+json"
		await ask(`${DEFINITIONS}/crontabs.stable.example.com`, { method: "PATCH", contentType: json, body })
		expect(await address()).not.toBe(before)
		expect((await ask(path)).body.components.schemas["com.example.stable.v1.CronTab"].description).toBe("A tab.")
	})
})
