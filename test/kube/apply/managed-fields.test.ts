import { describe, expect, test } from "vitest"
import {
	applyConflicts,
	conflictRefusal,
	type FieldManager,
	type KubeObject,
	ownedFields,
} from "../../../src/kube/index.ts"

const object = (image: string, more: object = {}): KubeObject =>
	({
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "log-agent", namespace: "default", labels: { app: "log" }, finalizers: ["example.com/hold"] },
		spec: {
			selector: { matchLabels: { app: "log" } },
			template: {
				spec: { containers: [{ name: "agent", image, ports: [{ containerPort: 80, protocol: "TCP" }] }], ...more },
			},
		},
	}) as unknown as KubeObject
const CONTAINER = '.spec.template.spec.containers[name="agent"]'

describe("ownedFields", () => {
	test("names leaves, items by their keys, and whole what is replaced as a whole", () => {
		const tolerations = [{ operator: "Exists" }]
		expect([...ownedFields(object("a:1", { tolerations })).keys()]).toEqual([
			".metadata.labels.app",
			'.metadata.finalizers[="example.com/hold"]',
			".spec.selector",
			`${CONTAINER}.name`,
			`${CONTAINER}.image`,
			`${CONTAINER}.ports[containerPort=80,protocol="TCP"].containerPort`,
			`${CONTAINER}.ports[containerPort=80,protocol="TCP"].protocol`,
			".spec.template.spec.tolerations",
		])
	})
})

describe("applyConflicts", () => {
	const owner = (manager: string, ...fields: string[]): FieldManager => ({
		manager,
		operation: "Update",
		apiVersion: "apps/v1",
		fields: new Set(fields),
	})

	test("are fields of others whose value an apply changes; the same value is owned together", () => {
		const others = [
			owner("kubectl-patch", `${CONTAINER}.image`, `${CONTAINER}.name`),
			owner("other", ".metadata.labels.app"),
		]
		const found = applyConflicts(object("a:1"), object("a:2"), others)
		expect(conflictRefusal(found)).toEqual({
			reason: "Conflict",
			message: `Apply failed with 1 conflict: conflict with "kubectl-patch" using apps/v1: ${CONTAINER}.image`,
			causes: [
				{
					type: "ManagerConflict",
					field: `${CONTAINER}.image`,
					message: 'conflict with "kubectl-patch" using apps/v1',
				},
			],
		})
		expect(applyConflicts(object("a:1"), object("a:1"), others)).toEqual([])
	})

	test("are told by manager where there are several", () => {
		const others = [
			owner("b", ".spec.template.spec.hostNetwork", `${CONTAINER}.image`),
			{ ...owner("a", `${CONTAINER}.image`), operation: "Apply" as const },
		]
		const found = applyConflicts(object("a:1"), object("a:2", { hostNetwork: true }), others)
		expect(conflictRefusal(found).message).toBe(
			`Apply failed with 3 conflicts: conflicts with "a":\n- ${CONTAINER}.image\nconflicts with "b" using apps/v1:\n- ${CONTAINER}.image\n- .spec.template.spec.hostNetwork`,
		)
	})
})
