import { describe, expect, test } from "vitest"
import { fieldChanges, type KubeObject } from "../../../src/kube/index.ts"

const agent = (template: object, metadata: object = {}): KubeObject =>
	({
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "agent", ...metadata },
		spec: { template: { spec: template } },
	}) as KubeObject

describe("fieldChanges", () => {
	test("names leaves by the keys of their lists", () => {
		const before = agent({
			containers: [{ name: "agent", image: "a:1", ports: [{ containerPort: 80 }], env: [{ name: "X", value: "1" }] }],
		})
		const after = agent(
			{
				containers: [
					{ name: "agent", image: "a:2", ports: [{ containerPort: 80, hostPort: 80 }] },
					{ name: "new", image: "n" },
				],
			},
			{ labels: { "example.com/x": "1", plain: "2" } },
		)
		expect(fieldChanges(before, after)).toEqual([
			{ path: "metadata.labels[example.com/x]", after: "1" },
			{ path: "metadata.labels.plain", after: "2" },
			{ path: "spec.template.spec.containers[name=agent].image", before: "a:1", after: "a:2" },
			{ path: "spec.template.spec.containers[name=agent].ports[containerPort=80,protocol=TCP].hostPort", after: 80 },
			{ path: "spec.template.spec.containers[name=agent].env[name=X]", before: { name: "X", value: "1" } },
			{ path: "spec.template.spec.containers[name=new]", after: { name: "new", image: "n" } },
		])
	})

	test("compares lists without keys by position between what is the same at both ends", () => {
		const before = agent({ tolerations: [{ key: "a" }, { key: "b" }, { key: "z" }] })
		const after = agent({ tolerations: [{ key: "a" }, { key: "c" }, { key: "d" }, { key: "z" }] })
		expect(fieldChanges(before, after)).toEqual([
			{ path: "spec.template.spec.tolerations[1].key", before: "b", after: "c" },
			{ path: "spec.template.spec.tolerations[2]", after: { key: "d" } },
		])
	})

	test("tells a mere change of order as one", () => {
		const [a, b] = [{ name: "a" }, { name: "b" }]
		expect(fieldChanges(agent({ containers: [a, b] }), agent({ containers: [b, a] }))).toEqual([
			{ path: "spec.template.spec.containers", before: ["name=a", "name=b"], after: ["name=b", "name=a"] },
		])
	})

	test("[A12] passes over what only the server assigns", () => {
		const dumped = { ...agent({}, { uid: "u", generation: 3 }), status: { numberReady: 1 } }
		expect(fieldChanges(agent({}), dumped)).toEqual([])
	})

	test("never shows what a Secret holds", () => {
		const secret = (value: string): KubeObject => ({
			apiVersion: "v1",
			kind: "Secret",
			metadata: { name: "s" },
			data: { key: value },
		})
		expect(fieldChanges(secret("old"), secret("new"))).toEqual([
			{ path: "data.key", before: "(hidden)", after: "(hidden)" },
		])
	})

	test("is empty for equal objects and lists every leaf of a new one", () => {
		expect(fieldChanges(agent({ hostNetwork: true }), agent({ hostNetwork: true }))).toEqual([])
		expect(fieldChanges(undefined, agent({ hostNetwork: true })).map((change) => change.path)).toEqual([
			"apiVersion",
			"kind",
			"metadata.name",
			"spec.template.spec.hostNetwork",
		])
	})
})
