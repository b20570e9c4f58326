import type { Json } from "../../base/index.ts"
import { type Container, milliCpu, type PodSpec, type ResourceList, wholeNumber } from "../../kube/index.ts"

/** One resource that is neither CPU, memory nor ephemeral storage: `nvidia.com/gpu`, `hugepages-2Mi`. */
export type Amount = { readonly resource: string; readonly amount: number }

export type HostPort = { readonly hostIP: string; readonly protocol: string; readonly port: number }

/** What one pod takes of a node: the same for all pods of a template, so it is worked out once. */
export type Demand = {
	/** Thousandths of a core. */
	readonly cpuMilli: number
	readonly memoryBytes: number
	readonly ephemeralBytes: number
	readonly others: readonly Amount[]
	readonly ports: readonly HostPort[]
}

type Requests = Map<string, number>

/**
 * K1: a pod asks for the larger of its containers and sidecars together, and of each init container beside the
 * sidecars started before it; overhead comes on top. Requests of the pod itself replace the sum, by resource.
 */
export function demandOf(spec: PodSpec): Demand {
	const running: Requests = new Map()
	const peak: Requests = new Map()
	const sidecars: Requests = new Map()
	for (const container of spec.containers) add(running, requestsOf(container.resources))
	for (const container of spec.initContainers ?? []) {
		const requests = requestsOf(container.resources)
		if (container.restartPolicy === "Always") {
			add(running, requests)
			add(sidecars, requests)
			raise(peak, sidecars)
		} else {
			raise(peak, add(new Map(sidecars), requests))
		}
	}
	raise(running, peak)
	for (const [resource, amount] of podRequests(spec)) running.set(resource, amount)
	add(running, amounts(spec.overhead))
	return demandOfRequests(running, hostPorts(spec))
}

/** A list of quantities as a demand without ports: what a NodePool says is used, or what a node can allot. */
export function demandOfList(list: ResourceList | undefined): Demand {
	return demandOfRequests(amounts(list), [])
}

function demandOfRequests(requests: Requests, ports: readonly HostPort[]): Demand {
	const others: Amount[] = []
	for (const [resource, amount] of requests) {
		if (!NAMED.has(resource) && amount > 0) others.push({ resource, amount })
	}
	others.sort((a, b) => (a.resource < b.resource ? -1 : 1))
	return {
		cpuMilli: requests.get("cpu") ?? 0,
		memoryBytes: requests.get("memory") ?? 0,
		ephemeralBytes: requests.get("ephemeral-storage") ?? 0,
		others,
		ports,
	}
}

const NAMED: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage", "pods"])

/** K2: a missing request is the limit, as the API server writes it into pods. */
function requestsOf(resources: Container["resources"]): Requests {
	const requests = amounts(resources?.limits)
	for (const [resource, amount] of amounts(resources?.requests)) requests.set(resource, amount)
	return requests
}

function podRequests(spec: PodSpec): Requests {
	const resources = spec["resources"] as Container["resources"] | undefined
	const requests = requestsOf(resources)
	for (const resource of requests.keys()) {
		if (resource !== "cpu" && resource !== "memory" && !resource.startsWith("hugepages-")) requests.delete(resource)
	}
	return requests
}

function amounts(list: ResourceList | undefined): Requests {
	const result: Requests = new Map()
	for (const [resource, quantity] of Object.entries(list ?? {})) {
		result.set(resource, resource === "cpu" ? milliCpu(quantity as Json) : wholeNumber(quantity as Json))
	}
	return result
}

function add(to: Requests, requests: Requests): Requests {
	for (const [resource, amount] of requests) to.set(resource, (to.get(resource) ?? 0) + amount)
	return to
}

function raise(to: Requests, requests: Requests): void {
	for (const [resource, amount] of requests) to.set(resource, Math.max(to.get(resource) ?? 0, amount))
}

/** K3: with hostNetwork every container port is a host port (the API server writes it so). */
function hostPorts(spec: PodSpec): HostPort[] {
	const sidecars = (spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always")
	return [...spec.containers, ...sidecars].flatMap((container) =>
		(container.ports ?? [])
			.map((port) => ({
				hostIP: port.hostIP || "0.0.0.0",
				protocol: port.protocol || "TCP",
				port: port.hostPort || (spec.hostNetwork === true ? port.containerPort : 0),
			}))
			.filter((port) => port.port > 0),
	)
}
