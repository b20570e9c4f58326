import type { DaemonSet, KubeObject, Node, NodePool } from "../../src/kube/index.ts"

/** A DaemonSet that the API server accepts; a test says only what matters to it. */
export function daemonSet(
	parts: {
		readonly name?: string
		readonly namespace?: string
		readonly image?: string
		readonly spec?: object
		readonly podSpec?: object
		readonly annotations?: Readonly<Record<string, string>>
	} = {},
): DaemonSet {
	const { name = "agent", namespace = "kube-system", image = "registry.example/agent:1", annotations } = parts
	return {
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name, namespace, ...(annotations === undefined ? {} : { annotations }) },
		spec: {
			selector: { matchLabels: { app: name } },
			template: {
				metadata: { labels: { app: name } },
				spec: { containers: [{ name: "main", image }], ...parts.podSpec },
			},
			...parts.spec,
		},
	}
}

export function node(
	name: string,
	parts: { readonly labels?: Readonly<Record<string, string>>; readonly spec?: object } = {},
): Node {
	return {
		apiVersion: "v1",
		kind: "Node",
		metadata: { name, ...(parts.labels === undefined ? {} : { labels: parts.labels }) },
		...(parts.spec === undefined ? {} : { spec: parts.spec }),
	} as Node
}

export function nodePool(name: string, replicas: number, spec: object = {}): NodePool {
	return {
		apiVersion: "simulation.rollcall.dev/v1alpha1",
		kind: "NodePool",
		metadata: { name },
		spec: { replicas, ...spec },
	} as NodePool
}

export function configMap(name: string, data: Readonly<Record<string, string>> = {}): KubeObject {
	return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data }
}

export function priorityClass(name: string, value: number): KubeObject {
	return { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name }, value }
}
