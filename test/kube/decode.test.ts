import { expect, test } from "vitest"
import type { JsonObject } from "../../src/base/index.ts"
import { decode, decodingError } from "../../src/kube/index.ts"

const agent = (spec: JsonObject, metadata: JsonObject = { name: "a" }): JsonObject => ({
	apiVersion: "apps/v1",
	kind: "DaemonSet",
	metadata,
	spec,
})

test("[A2] an unknown field is named with the nearest right one", () => {
	const { problems } = decode(
		agent({ updateStrateg: {}, template: { spec: { containers: [{ name: "c", imagee: "x", zzz: 1 }] } } }),
	)
	expect(problems).toEqual([
		{
			kind: "unknown",
			path: "spec.updateStrateg",
			message: 'unknown field "spec.updateStrateg"',
			nearest: "updateStrategy",
		},
		{
			kind: "unknown",
			path: "spec.template.spec.containers[0].imagee",
			message: 'unknown field "spec.template.spec.containers[0].imagee"',
			nearest: "image",
		},
		{
			kind: "unknown",
			path: "spec.template.spec.containers[0].zzz",
			message: 'unknown field "spec.template.spec.containers[0].zzz"',
		},
	])
	expect(decodingError("DaemonSet", "v1", problems)).toMatch(
		/^DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: unknown field/,
	)
})

test.each<[string, JsonObject, string]>([
	[
		"a number for a text",
		{ template: { spec: { nodeName: 3 } } },
		"number into Go struct field PodSpec.spec.template.spec.nodeName of type string",
	],
	[
		"a list for an object",
		{ template: [] },
		"array into Go struct field DaemonSetSpec.spec.template of type v1.PodTemplateSpec",
	],
	[
		"a fraction",
		{ minReadySeconds: 1.5 },
		"number 1.5 into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32",
	],
	[
		"a number too large",
		{ minReadySeconds: 2 ** 31 },
		"number 2147483648 into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32",
	],
	[
		"a text inside of a list of objects",
		{ template: { spec: { containers: ["c"] } } },
		"string into Go struct field PodSpec.spec.template.spec.containers of type v1.Container",
	],
	[
		"a boolean label",
		{ selector: { matchLabels: { a: true } } },
		"bool into Go struct field LabelSelector.spec.selector.matchLabels of type string",
	],
])("[A2] %s is ill-typed", (_title, spec, message) => {
	expect(decode(agent(spec)).problems.map((problem) => problem.message)).toEqual([`json: cannot unmarshal ${message}`])
})

test("[A2] nulls, empty members and zeros without a meaning are left out", () => {
	const { object, problems } = decode(
		agent(
			{ minReadySeconds: 0, revisionHistoryLimit: 0, selector: { matchLabels: {} }, template: null },
			{ name: "a", labels: { x: null } },
		),
	)
	expect(problems).toEqual([])
	expect(object["metadata"]).toEqual({ name: "a", labels: { x: "" } })
	expect(object["spec"]).toMatchObject({ revisionHistoryLimit: 0, selector: {} })
	expect(object["spec"]).not.toHaveProperty("minReadySeconds")
})

test("[A2] zeros of kinds that nothing acts on stay as written", () => {
	const driver = {
		apiVersion: "storage.k8s.io/v1",
		kind: "CSIDriver",
		metadata: { name: "d" },
		spec: { attachRequired: false },
	}
	expect(decode(driver)).toEqual({ object: driver, problems: [] })
})

test("[A2] of kinds without a schema only the metadata is read", () => {
	const widget = {
		apiVersion: "example.com/v1",
		kind: "Widget",
		metadata: { name: "w", labls: {} },
		anything: { goes: null },
	}
	const { object, problems } = decode(widget)
	expect(problems).toMatchObject([{ path: "metadata.labls", nearest: "labels" }])
	expect(object["anything"]).toEqual({ goes: null })
})

test("[A2] names of the JavaScript language are members as any other", () => {
	const labels = JSON.parse('{"__proto__":"x","constructor":"y"}')
	const { object, problems } = decode(agent({ toString: 1 } as unknown as JsonObject, { name: "a", labels }))
	expect(problems.map((problem) => problem.path)).toEqual(["spec.toString"])
	expect(JSON.stringify(object["metadata"])).toBe('{"name":"a","labels":{"__proto__":"x","constructor":"y"}}')
})

test("[A2] quantities are stored in their normal form", () => {
	const pool = {
		apiVersion: "simulation.rollcall.dev/v1alpha1",
		kind: "NodePool",
		metadata: { name: "p" },
		spec: { replicas: 1, used: { cpu: 0.5, memory: "1024Mi" } },
	}
	expect(decode(pool)).toMatchObject({ problems: [], object: { spec: { used: { cpu: "500m", memory: "1Gi" } } } })
})
