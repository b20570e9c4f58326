import { describe, expect, test } from "vitest"
import { type KubeObject, withControlPlane } from "../../../src/kube/index.ts"

const MADE = "2026-01-01T00:00:00Z"
const LATER = "2026-01-01T00:05:00Z"
const condition = (type: string, status: string, more: object = {}) => ({
	type,
	status,
	lastTransitionTime: MADE,
	...more,
})

function owners(object: object): readonly string[] {
	const { managedFields = [] } = withControlPlane(object as KubeObject).metadata
	return managedFields.map(({ manager, subresource = "", time, fieldsV1 }) => {
		const parts = Object.entries(fieldsV1 as object).flatMap(([part, inside]) =>
			Object.keys(inside)
				.filter((name) => name !== ".")
				.map((name) => `${part.slice(2)}.${name.slice(2)}`),
		)
		return [manager, subresource, time, ...parts].filter((word) => word !== "").join(" ")
	})
}

const node = (more: object = {}) => ({
	apiVersion: "v1",
	kind: "Node",
	metadata: { name: "n", creationTimestamp: MADE, labels: { a: "b" } },
	spec: { providerID: "x://n", taints: [{ key: "k", effect: "NoSchedule" }] },
	status: { conditions: [condition("Ready", "True", { lastHeartbeatTime: LATER })], capacity: { cpu: "1" } },
	...more,
})
const pod = (status: object, spec: object = {}) => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "p", namespace: "default", creationTimestamp: MADE, labels: { a: "b" } },
	spec: {
		containers: [{ name: "main", image: "a:1" }],
		nodeName: "n",
		priority: 0,
		serviceAccountName: "default",
		...spec,
	},
	status: { qosClass: "BestEffort", ...status },
})

describe("[A14] withControlPlane", () => {
	test.each<[string, object, readonly string[]]>([
		[
			"a node is its kubelet's, but for what controllers give it",
			node(),
			[
				`kube-controller-manager ${MADE} spec.taints`,
				`kubelet ${MADE} metadata.labels spec.providerID`,
				`kubelet status ${LATER} status.capacity status.conditions`,
			],
		],
		[
			"a pod without a place has its scheduler's word",
			pod({ conditions: [condition("PodScheduled", "False")] }),
			[
				`kube-controller-manager ${MADE} metadata.labels spec.containers`,
				`kube-scheduler status ${MADE} status.conditions`,
			],
		],
		[
			"a pod that has a place and has not begun has nobody's",
			pod({ conditions: [condition("PodScheduled", "True")] }),
			[`kube-controller-manager ${MADE} metadata.labels spec.containers`],
		],
		[
			"a pod that runs has its kubelet's, which is not that it was scheduled",
			pod({ startTime: LATER, conditions: [condition("PodScheduled", "True")] }, { serviceAccountName: "own" }),
			[
				`kube-controller-manager ${MADE} metadata.labels spec.containers spec.serviceAccountName`,
				`kubelet status ${LATER} status.startTime`,
			],
		],
	])("%s", (_, object, want) => {
		expect(owners(object)).toEqual(want)
	})

	test("keeps who wrote since, with what the kubelet says now", () => {
		const fieldsV1 = { "f:metadata": { "f:labels": { "f:a": {} } } }
		const ada = { manager: "ada", operation: "Update", apiVersion: "v1", time: LATER, fieldsType: "FieldsV1", fieldsV1 }
		const old = { ...ada, manager: "kubelet", subresource: "status" }
		const { metadata } = node()
		expect(owners(node({ metadata: { ...metadata, managedFields: [ada, old] } }))).toEqual([
			`ada ${LATER} metadata.labels`,
			`kubelet status ${LATER} status.capacity status.conditions`,
		])
	})

	test("leaves other objects as they are", () => {
		const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } }
		expect(withControlPlane(map)).toBe(map)
	})
})
