import { describe, expect, test } from "vitest"
import { applyOwned, type KubeObject } from "../../../src/kube/index.ts"

const node = (body: object): KubeObject => ({ apiVersion: "v1", kind: "Node", metadata: { name: "n1" }, ...body })
const agent = (spec: object, template: object = {}): KubeObject =>
	({
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "agent", namespace: "default" },
		spec: { ...template, template: { spec } },
	}) as KubeObject

type Given = {
	readonly live: KubeObject
	readonly before?: KubeObject
	readonly after: KubeObject
	readonly want: KubeObject
}

describe("[A13] applyOwned", () => {
	test.each<[string, Given]>([
		[
			"keeps a cordon by hand and labels of other hands",
			{
				live: node({ metadata: { name: "n1", labels: { a: "1", hand: "x" } }, spec: { unschedulable: true } }),
				before: node({ metadata: { name: "n1", labels: { a: "1" } } }),
				after: node({ metadata: { name: "n1", labels: { b: "2" } } }),
				want: node({ metadata: { name: "n1", labels: { hand: "x", b: "2" } }, spec: { unschedulable: true } }),
			},
		],
		[
			"owns a node's taints by key and effect, not the list",
			{
				live: node({
					spec: {
						taints: [
							{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
							{ key: "gpu", value: "1", effect: "NoSchedule" },
							{ key: "old", effect: "NoExecute" },
						],
					},
				}),
				before: node({
					spec: {
						taints: [
							{ key: "gpu", value: "1", effect: "NoSchedule" },
							{ key: "old", effect: "NoExecute" },
						],
					},
				}),
				after: node({ spec: { taints: [{ key: "gpu", value: "2", effect: "NoSchedule" }] } }),
				want: node({
					spec: {
						taints: [
							{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
							{ key: "gpu", value: "2", effect: "NoSchedule" },
						],
					},
				}),
			},
		],
		[
			"removes only its own taints when it drops the list",
			{
				live: node({
					spec: {
						taints: [
							{ key: "hand", effect: "NoSchedule" },
							{ key: "gpu", effect: "NoSchedule" },
						],
					},
				}),
				before: node({ spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] } }),
				after: node({}),
				want: node({ spec: { taints: [{ key: "hand", effect: "NoSchedule" }] } }),
			},
		],
		[
			"merges containers by name and ports by number and protocol",
			{
				live: agent({
					containers: [
						{ name: "a", image: "a:1", imagePullPolicy: "Always", ports: [{ containerPort: 80, protocol: "TCP" }] },
						{ name: "sidecar", image: "s:1" },
						{ name: "gone", image: "g:1" },
					],
				}),
				before: agent({
					containers: [
						{ name: "a", image: "a:1", ports: [{ containerPort: 80 }] },
						{ name: "gone", image: "g:1" },
					],
				}),
				after: agent({ containers: [{ name: "a", image: "a:2", ports: [{ containerPort: 80, name: "http" }] }] }),
				want: agent({
					containers: [
						{
							name: "a",
							image: "a:2",
							imagePullPolicy: "Always",
							ports: [{ containerPort: 80, protocol: "TCP", name: "http" }],
						},
						{ name: "sidecar", image: "s:1" },
					],
				}),
			},
		],
		[
			"replaces lists without keys and selectors as a whole",
			{
				live: agent({ tolerations: [{ key: "a" }, { key: "b" }], nodeSelector: { a: "1", hand: "x" } }),
				before: agent({ tolerations: [{ key: "a" }], nodeSelector: { a: "1" } }),
				after: agent({ tolerations: [{ key: "c" }], nodeSelector: { a: "2" } }),
				want: agent({ tolerations: [{ key: "c" }], nodeSelector: { a: "2" } }),
			},
		],
		[
			"takes along what the server added to a member that git drops",
			{
				live: agent({
					volumes: [{ name: "v", hostPath: { path: "/a", type: "" } }],
					securityContext: { runAsUser: 7 },
				}),
				before: agent({ volumes: [{ name: "v", hostPath: { path: "/a" } }] }),
				after: agent({ volumes: [{ name: "v", configMap: { name: "c" } }] }),
				want: agent({ volumes: [{ name: "v", configMap: { name: "c" } }], securityContext: { runAsUser: 7 } }),
			},
		],
		[
			"treats finalizers as a set",
			{
				live: node({ metadata: { name: "n1", finalizers: ["hand/x", "git/a"] } }),
				before: node({ metadata: { name: "n1", finalizers: ["git/a"] } }),
				after: node({ metadata: { name: "n1", finalizers: ["git/b"] } }),
				want: node({ metadata: { name: "n1", finalizers: ["hand/x", "git/b"] } }),
			},
		],
		[
			"takes a list whose key stands twice as it is",
			{
				live: agent({ containers: [{ name: "a", env: [{ name: "X", value: "0" }] }] }),
				after: agent({
					containers: [
						{
							name: "a",
							env: [
								{ name: "X", value: "1" },
								{ name: "X", value: "2" },
							],
						},
					],
				}),
				want: agent({
					containers: [
						{
							name: "a",
							env: [
								{ name: "X", value: "1" },
								{ name: "X", value: "2" },
							],
						},
					],
				}),
			},
		],
	])("%s", (_title, { live, before, after, want }) => {
		expect(applyOwned({ live, before, after })).toEqual(want)
	})

	test("merges maps and replaces lists of kinds without a schema", () => {
		const widget = (spec: object) =>
			({ apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, spec }) as unknown as KubeObject
		const merged = applyOwned({
			live: widget({ a: { x: 1, hand: 2 }, list: [1, 2] }),
			before: widget({ a: { x: 1 } }),
			after: widget({ a: { y: 3 }, list: [3] }),
		})
		expect(merged).toEqual(widget({ a: { hand: 2, y: 3 }, list: [3] }))
	})

	test("[A12] leaves alone what only the server can assign", () => {
		const live = {
			...agent({ containers: [] }),
			metadata: { name: "agent", uid: "u", generation: 4 },
			status: { numberReady: 3 },
		}
		const copied = {
			...live,
			metadata: { ...live.metadata, generation: 9, resourceVersion: "7" },
			status: { numberReady: 0 },
		}
		expect(applyOwned({ live, after: copied })).toEqual(live)
		const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "r" } }
		expect(applyOwned({ live: role, after: { ...role, metadata: { name: "r", namespace: "kube-system" } } })).toEqual(
			role,
		)
	})

	test("takes a Node's status from git, which stands for the machine", () => {
		const status = { capacity: { cpu: "8" } }
		expect(applyOwned({ live: node({}), after: node({ status }) })).toEqual(node({ status }))
	})

	test("changes nothing where git sets what is already so", () => {
		const live = agent({
			containers: [
				{ name: "hand", image: "h" },
				{ name: "a", image: "a" },
			],
			hostNetwork: true,
		})
		const desired = agent({ containers: [{ name: "a", image: "a" }] })
		expect(applyOwned({ live, before: desired, after: desired })).toEqual(live)
	})

	test("takes a member named __proto__ as any other", () => {
		const labels = JSON.parse('{"__proto__":"x"}')
		const merged = applyOwned({ live: node({}), after: node({ metadata: { name: "n1", labels } }) })
		expect(Object.keys(merged.metadata.labels ?? {})).toEqual(["__proto__"])
	})
})
