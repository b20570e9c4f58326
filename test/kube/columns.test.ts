import { describe, expect, test } from "vitest"
import { parseInstant } from "../../src/base/index.ts"
import { columnsOf, findKind, groupOf, KINDS, type KubeObject } from "../../src/kube/index.ts"

const MADE = "2026-03-02T09:00:00Z"
const NOW = parseInstant("2026-03-02T09:05:00Z") as number

function object(apiVersion: string, kind: string, rest: object = {}, metadata: object = {}): KubeObject {
	return { apiVersion, kind, metadata: { name: "x", creationTimestamp: MADE, ...metadata }, ...rest } as KubeObject
}

function row(given: KubeObject): readonly unknown[] {
	return columnsOf(groupOf(given.apiVersion), given.kind).map(({ cell }) => cell(given, NOW))
}

function header(group: string, kind: string): string {
	return columnsOf(group, kind)
		.map(({ name, type, format, priority }) => {
			const said = [type, format].filter((word) => word !== "" && word !== "string").join(" ")
			return `${name}${said === "" ? "" : `:${said}`}${priority > 0 ? "+" : ""}`
		})
		.join(", ")
}

const template = {
	metadata: { labels: { app: "web" } },
	spec: {
		containers: [
			{ name: "web", image: "nginx:1" },
			{ name: "log", image: "fluentd" },
		],
	},
}
const selector = { matchLabels: { app: "web" } }

// Names, types and priorities as Kubernetes v1.34 declares them in pkg/printers/internalversion: `+` is for -o wide.
describe("columnsOf", () => {
	test.each([
		["apps", "Deployment", "Name:name, Ready, Up-to-date, Available, Age, Containers+, Images+, Selector+"],
		[
			"apps",
			"ReplicaSet",
			"Name:name, Desired:integer, Current:integer, Ready:integer, Age, Containers+, Images+, Selector+",
		],
		["apps", "StatefulSet", "Name:name, Ready, Age, Containers+, Images+"],
		["apps", "ControllerRevision", "Name:name, Controller, Revision, Age"],
		["batch", "Job", "Name:name, Status, Completions, Duration, Age, Containers+, Images+, Selector+"],
		[
			"batch",
			"CronJob",
			"Name:name, Schedule, Timezone, Suspend:boolean, Active:integer, Last Schedule, Age, Containers+, Images+, Selector+",
		],
		["", "Service", "Name:name, Type, Cluster-IP, External-IP, Port(s), Age, Selector+"],
		["networking.k8s.io", "Ingress", "Name:name, Class, Hosts, Address, Ports, Age"],
		["autoscaling", "HorizontalPodAutoscaler", "Name:name, Reference, Targets, MinPods, MaxPods, Replicas, Age"],
		["policy", "PodDisruptionBudget", "Name:name, Min Available, Max Unavailable, Allowed Disruptions:integer, Age"],
		["rbac.authorization.k8s.io", "RoleBinding", "Name:name, Role, Age, Users+, Groups+, ServiceAccounts+"],
		["rbac.authorization.k8s.io", "ClusterRole", "Name:name, Created At:date"],
		["", "LimitRange", "Name:name, Created At:date"],
		["apiextensions.k8s.io", "CustomResourceDefinition", "Name:name, Created At:date"],
		["", "ResourceQuota", "Name:name, Request, Limit, Age"],
		[
			"storage.k8s.io",
			"CSIDriver",
			"Name:name, AttachRequired:boolean, PodInfoOnMount:boolean, StorageCapacity:boolean, TokenRequests, RequiresRepublish:boolean, Modes, Age",
		],
		["", "Event", "Last Seen, Type, Reason, Object, Subobject+, Source+, Message, First Seen+, Count+, Name:name+"],
	])("of %s/%s are the server's", (group, kind, want) => {
		expect(header(group, kind)).toBe(want)
	})

	test("have cells for an object of which nothing is known, of every kind", () => {
		const pods = new Set(["Pod"])
		for (const { group, version, kind } of KINDS.filter(({ kind }) => !pods.has(kind))) {
			const apiVersion = group === "" ? version : `${group}/${version}`
			for (const cell of row(object(apiVersion, kind))) expect(cell, `${kind}`).not.toBeUndefined()
		}
	})

	test.each<[KubeObject, readonly unknown[]]>([
		[
			object("apps/v1", "Deployment", {
				spec: { replicas: 3, selector, template },
				status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
			}),
			["x", "2/3", 3, 2, "5m", "web,log", "nginx:1,fluentd", "app=web"],
		],
		[
			object("apps/v1", "Deployment", { spec: { replicas: 3, template } }),
			["x", "0/3", 0, 0, "5m", "web,log", "nginx:1,fluentd", "<none>"],
		],
		[
			object("apps/v1", "StatefulSet", { spec: { replicas: 1, template } }),
			["x", "0/1", "5m", "web,log", "nginx:1,fluentd"],
		],
		[
			object("batch/v1", "Job", {
				spec: { completions: 4, template, selector },
				status: {
					succeeded: 4,
					startTime: MADE,
					completionTime: "2026-03-02T09:01:30Z",
					conditions: [{ type: "Complete", status: "True" }],
				},
			}),
			["x", "Complete", "4/4", "90s", "5m", "web,log", "nginx:1,fluentd", "app=web"],
		],
		[
			object("batch/v1", "Job", { spec: { parallelism: 3, template: {} } }),
			["x", "Running", "0/1 of 3", "", "5m", "", "", "<none>"],
		],
		[
			object("batch/v1", "CronJob", {
				spec: { schedule: "0 * * * *", suspend: false, jobTemplate: { spec: { template } } },
				status: { lastScheduleTime: "2026-03-02T09:04:00Z" },
			}),
			["x", "0 * * * *", "<none>", "False", 0, "60s", "5m", "web,log", "nginx:1,fluentd", "<none>"],
		],
		[
			object("v1", "Service", {
				spec: {
					type: "NodePort",
					clusterIP: "10.0.0.7",
					ports: [
						{ port: 80, nodePort: 30080, protocol: "TCP" },
						{ port: 53, protocol: "UDP" },
					],
					selector: { app: "web" },
				},
			}),
			["x", "NodePort", "10.0.0.7", "<none>", "80:30080/TCP,53/UDP", "5m", "app=web"],
		],
		[
			object("v1", "Service", {
				spec: { type: "LoadBalancer", clusterIP: "10.0.0.8", externalIPs: ["1.2.3.4"] },
				status: { loadBalancer: { ingress: [{ hostname: "b.example" }, { ip: "5.6.7.8" }] } },
			}),
			["x", "LoadBalancer", "10.0.0.8", "5.6.7.8,b.example,1.2.3.4", "<none>", "5m", "<none>"],
		],
		[
			object("v1", "Service", { spec: { type: "LoadBalancer" } }),
			["x", "LoadBalancer", "<none>", "<pending>", "<none>", "5m", "<none>"],
		],
		[
			object("v1", "Service", { spec: { type: "ExternalName", externalName: "a.example" } }),
			["x", "ExternalName", "<none>", "a.example", "<none>", "5m", "<none>"],
		],
		[
			object("v1", "Endpoints", {
				subsets: [
					{
						addresses: [{ ip: "10.1.0.1" }, { ip: "fd00::1" }, { ip: "10.1.0.3" }, { ip: "10.1.0.4" }],
						ports: [{ port: 8080 }],
					},
				],
			}),
			["x", "10.1.0.1:8080,[fd00::1]:8080,10.1.0.3:8080 + 1 more...", "5m"],
		],
		[
			object("discovery.k8s.io/v1", "EndpointSlice", {
				addressType: "IPv4",
				ports: [{ port: 80 }, { name: "web" }, {}],
				endpoints: [{ addresses: ["10.1.0.1"] }],
			}),
			["x", "IPv4", "80,web,*", "10.1.0.1", "5m"],
		],
		[
			object("discovery.k8s.io/v1", "EndpointSlice", { addressType: "IPv4" }),
			["x", "IPv4", "<unset>", "<unset>", "5m"],
		],
		[
			object("networking.k8s.io/v1", "Ingress", {
				spec: { ingressClassName: "nginx", rules: ["a", "b", "c", "d"].map((host) => ({ host })), tls: [{}] },
				status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } },
			}),
			["x", "nginx", "a,b,c + 1 more...", "1.2.3.4", "80, 443", "5m"],
		],
		[object("networking.k8s.io/v1", "Ingress", { spec: {} }), ["x", "<none>", "*", "", "80", "5m"]],
		[
			object(
				"networking.k8s.io/v1",
				"IngressClass",
				{ spec: { controller: "example.com/c", parameters: { apiGroup: "k.example", kind: "P", name: "n" } } },
				{ annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } },
			),
			["x (default)", "example.com/c", "P.k.example/n", "5m"],
		],
		[object("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {} } }), ["x", "<none>", "5m"]],
		[
			object("v1", "PersistentVolume", {
				spec: {
					capacity: { storage: "10Gi" },
					accessModes: ["ReadWriteMany", "ReadWriteOnce"],
					persistentVolumeReclaimPolicy: "Retain",
					claimRef: { namespace: "a", name: "b" },
					storageClassName: "fast",
					volumeMode: "Block",
				},
				status: { phase: "Bound" },
			}),
			["x", "10Gi", "RWO,RWX", "Retain", "Bound", "a/b", "fast", "<unset>", "", "5m", "Block"],
		],
		[
			object("v1", "PersistentVolumeClaim", {
				spec: { resources: { requests: { storage: "1Gi" } } },
				status: { phase: "Pending" },
			}),
			["x", "Pending", "", "", "", "", "<unset>", "5m", "<unset>"],
		],
		[
			object(
				"storage.k8s.io/v1",
				"StorageClass",
				{ provisioner: "p.example" },
				{ annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
			),
			["x (default)", "p.example", "Delete", "Immediate", false, "5m"],
		],
		[
			object("storage.k8s.io/v1", "CSIDriver", {
				spec: { volumeLifecycleModes: ["Persistent", "Ephemeral"], tokenRequests: [{ audience: "a" }] },
			}),
			["x", true, false, false, "a", false, "Persistent,Ephemeral", "5m"],
		],
		[
			object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", {
				roleRef: { kind: "ClusterRole", name: "admin" },
				subjects: [
					{ kind: "User", name: "ann" },
					{ kind: "Group", name: "g" },
					{ kind: "ServiceAccount", name: "s", namespace: "n" },
					{ kind: "ServiceAccount", name: "t", namespace: "n" },
				],
			}),
			["x", "ClusterRole/admin", "5m", "ann", "g", "n/s, n/t"],
		],
		[object("rbac.authorization.k8s.io/v1", "Role", {}), ["x", MADE]],
		[
			object("autoscaling/v2", "HorizontalPodAutoscaler", {
				spec: {
					scaleTargetRef: { kind: "Deployment", name: "web" },
					maxReplicas: 9,
					metrics: [
						{ type: "Resource", resource: { name: "cpu", target: { averageUtilization: 80 } } },
						{ type: "Pods", pods: { target: { averageValue: "10" } } },
						{ type: "Other" },
					],
				},
				status: { currentMetrics: [{ type: "Resource", resource: { current: { averageUtilization: 12 } } }] },
			}),
			["x", "Deployment/web", "cpu: 12%/80%, <unknown>/10 + 1 more...", "<unset>", 9, 0, "5m"],
		],
		[
			object("policy/v1", "PodDisruptionBudget", { spec: { minAvailable: "50%" }, status: { disruptionsAllowed: 2 } }),
			["x", "50%", "N/A", 2, "5m"],
		],
		[
			object("v1", "ResourceQuota", { status: { hard: { "limits.cpu": "4", pods: "10" }, used: { pods: "3" } } }),
			["x", "pods: 3/10", "limits.cpu: 0/4", "5m"],
		],
		[object("v1", "ConfigMap", { data: { a: "1" }, binaryData: { b: "", c: "" } }), ["x", 3, "5m"]],
		[
			object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", {
				spec: { validations: [{}, {}], paramKind: { apiVersion: "a/v1", kind: "B" } },
			}),
			["x", 2, "a/v1/B", "5m"],
		],
		[
			object("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", {
				spec: { priorityLevelConfiguration: { name: "exempt" }, matchingPrecedence: 1 },
			}),
			["x", "exempt", 1, "<none>", "5m", "?"],
		],
		[
			object("apiregistration.k8s.io/v1", "APIService", {
				spec: { service: { namespace: "kube-system", name: "metrics" } },
				status: { conditions: [{ type: "Available", status: "False", reason: "MissingEndpoints" }] },
			}),
			["x", "kube-system/metrics", "False (MissingEndpoints)", "5m"],
		],
	])("give the server's row: %#", (given, want) => {
		expect(findKind(groupOf(given.apiVersion), given.kind)).toBeDefined()
		expect(row(given)).toEqual(want)
	})
})
