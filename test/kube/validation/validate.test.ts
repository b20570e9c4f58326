import { expect, test } from "vitest"
import {
	type KubeObject,
	prepareCreate,
	prepareUpdate,
	validateCreate,
	validateUpdate,
} from "../../../src/kube/index.ts"

const named = (apiVersion: string, kind: string, body: object, name = "x"): KubeObject =>
	({ apiVersion, kind, metadata: { name }, ...body }) as unknown as KubeObject
const simulated = (kind: string, spec: object) => named("simulation.rollcall.dev/v1alpha1", kind, { spec })
const agent = (pod: object): KubeObject =>
	named("apps/v1", "DaemonSet", {
		spec: {
			selector: { matchLabels: { a: "b" } },
			template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }], ...pod } },
		},
	})
const container = (body: object) => agent({ containers: [{ name: "c", image: "i", ...body }] })
const annotated = (annotations: Readonly<Record<string, string>>): KubeObject => {
	const object = agent({})
	return { ...object, metadata: { ...object.metadata, annotations } }
}
const pod = "spec.template.spec"

/** `Type field` of every error, in order. */
function refused(object: KubeObject): readonly string[] {
	return validateCreate(prepareCreate(object)).map(({ type, field }) => `${type} ${field}`)
}

test.each<[string, KubeObject, readonly string[]]>([
	[
		"a mount of no volume",
		container({ volumeMounts: [{ name: "v", mountPath: "/v" }] }),
		[`NotFound ${pod}.containers[0].volumeMounts[0].name`],
	],
	[
		"two handlers",
		container({ livenessProbe: { exec: { command: ["x"] }, tcpSocket: { port: 1 } } }),
		[`Forbidden ${pod}.containers[0].livenessProbe.tcpSocket`],
	],
	["no handler", container({ readinessProbe: {} }), [`Required ${pod}.containers[0].readinessProbe`]],
	[
		"one host port twice",
		container({ ports: [1, 2].map((containerPort) => ({ containerPort, hostPort: 9 })) }),
		[`Duplicate ${pod}.containers[0].ports[1].hostPort`],
	],
	[
		"requests above limits",
		container({ resources: { limits: { cpu: "1" }, requests: { cpu: "1001m" } } }),
		[`Invalid ${pod}.containers[0].resources.requests`],
	],
	[
		"huge pages alone",
		container({ resources: { limits: { "hugepages-2Mi": "2Mi" } } }),
		[`Forbidden ${pod}.containers[0].resources`],
	],
	[
		"an init container with a probe",
		agent({ initContainers: [{ name: "i", image: "i", livenessProbe: { exec: { command: ["x"] } } }] }),
		[`Forbidden ${pod}.initContainers[0].livenessProbe`],
	],
	[
		"a value beside a source",
		container({ env: [{ name: "A", value: "1", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }),
		[`Invalid ${pod}.containers[0].env[0].valueFrom`],
	],
	[
		"Bidirectional without privileges",
		agent({
			containers: [
				{ name: "c", image: "i", volumeMounts: [{ name: "v", mountPath: "/v", mountPropagation: "Bidirectional" }] },
			],
			volumes: [{ name: "v" }],
		}),
		[`Forbidden ${pod}.containers[0].volumeMounts.mountPropagation`],
	],
	["dnsPolicy None without servers", agent({ dnsPolicy: "None" }), [`Required ${pod}.dnsConfig`]],
	[
		"a host alias that is no address",
		agent({ hostAliases: [{ ip: "1.2.3.256", hostnames: ["a"] }] }),
		[`Invalid ${pod}.hostAliases[0].ip`],
	],
	[
		"an unqualified finalizer",
		named("v1", "ConfigMap", { metadata: { name: "x", finalizers: ["mine"] } }),
		["Invalid metadata.finalizers[0]"],
	],
	["a namespace with a dot", named("v1", "Namespace", {}, "a.b"), ["Invalid metadata.name"]],
	["a role with a colon", named("rbac.authorization.k8s.io/v1", "ClusterRole", {}, "system:node"), []],
	[
		"a pod's image with a blank",
		named("v1", "Pod", { spec: { containers: [{ name: "c", image: " i" }] } }),
		["Invalid spec.containers[0].image"],
	],
	["an IPv6 network", named("v1", "Node", { spec: { podCIDR: "2001:db8::/64" } }), []],
	["a network that is none", named("v1", "Node", { spec: { podCIDR: "10.0.0.0/33" } }), ["Invalid spec.podCIDRs[0]"]],
	[
		"a system priority class",
		named("scheduling.k8s.io/v1", "PriorityClass", { value: 1 }, "system-mine"),
		["Forbidden metadata.name"],
	],
	["a pool", simulated("NodePool", { replicas: 3, used: { cpu: "1" } }), []],
	[
		"a pool below zero",
		simulated("NodePool", { replicas: -1, template: { spec: { taints: [{ key: "a" }] } } }),
		["Invalid spec.replicas", "Required spec.template.spec.taints[0].effect"],
	],
	[
		"a behaviour",
		simulated("PodBehavior", {
			pull: { p50: "2s", p99: "9s" },
			failures: [{ kind: "CrashLoop", share: "3%", after: "10s" }],
		}),
		[],
	],
	[
		"a behaviour with slips",
		simulated("PodBehavior", { pull: { p50: "two", p80: "1s" }, start: 3, failures: [{ kind: "Bad", share: 2 }] }),
		[
			"Invalid spec.pull.p50",
			"NotSupported spec.pull.p80",
			"Invalid spec.start",
			"NotSupported spec.failures[0].kind",
			"Invalid spec.failures[0].share",
		],
	],
	[
		"a scenario",
		simulated("Scenario", { steps: [{ at: "1m", fault: "Down", nodes: { names: ["n"] }, for: "5m" }] }),
		[],
	],
	[
		"a scenario with slips",
		simulated("Scenario", { steps: [{ at: "soon", fault: "Explode" }] }),
		["Invalid spec.steps[0].at", "NotSupported spec.steps[0].fault", "Required spec.steps[0].nodes"],
	],
])("[A3] validateCreate on %s", (_title, object, want) => {
	expect(refused(object)).toEqual(want)
})

test("[A3] an update may not change what was settled at creation", () => {
	const live = prepareCreate(named("scheduling.k8s.io/v1", "PriorityClass", { value: 1 }))
	const next = prepareUpdate(
		live,
		named("scheduling.k8s.io/v1", "PriorityClass", { value: 2, preemptionPolicy: "Never" }),
	)
	expect(validateUpdate(live, next).map(({ type, field }) => `${type} ${field}`)).toEqual([
		"Forbidden value",
		"Invalid preemptionPolicy",
	])
})

test("[A4] preparing a prepared object changes nothing", () => {
	const once = prepareCreate(container({ ports: [{ containerPort: 1 }], livenessProbe: { httpGet: { port: 1 } } }))
	expect(prepareCreate(once)).toEqual(once)
	expect(prepareUpdate(once, once)).toEqual(once)
})

const DEADLINE = "rollcall.dev/progress-deadline"
const THRESHOLD = "rollcall.dev/failure-threshold"
const ON_FAILURE = "rollcall.dev/on-failure"

test.each<[Readonly<Record<string, string>>, readonly string[]]>([
	[{ [DEADLINE]: "10m", [THRESHOLD]: "5%", [ON_FAILURE]: "rollback" }, []],
	[{ [THRESHOLD]: "3" }, []],
	[{ [DEADLINE]: "soon" }, [`Invalid metadata.annotations[${DEADLINE}]`]],
	[{ [DEADLINE]: "0s" }, [`Invalid metadata.annotations[${DEADLINE}]`]],
	[{ [THRESHOLD]: "0" }, [`Invalid metadata.annotations[${THRESHOLD}]`]],
	[{ [THRESHOLD]: "101%" }, [`Invalid metadata.annotations[${THRESHOLD}]`]],
	[{ [THRESHOLD]: "-1" }, [`Invalid metadata.annotations[${THRESHOLD}]`]],
	[{ [ON_FAILURE]: "explode" }, [`NotSupported metadata.annotations[${ON_FAILURE}]`]],
])("[V3, V4, V5] a DaemonSet annotated with %j", (annotations, errors) => {
	expect(refused(annotated(annotations))).toEqual(errors)
})
