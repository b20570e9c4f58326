import { isObject, type Json, type JsonObject } from "../base/index.ts"
import { type KubeObject, quantityOf } from "../kube/index.ts"

/** Amounts by resource, in billionths. */
export type Amounts = ReadonlyMap<string, bigint>

/**
 * What a pod takes of its node: its containers together, or an init container where one asks for more; init containers
 * that keep running count with the containers; overhead on top.
 */
export function podRequests(pod: KubeObject): Amounts {
	const spec = isObject(pod["spec"]) ? pod["spec"] : {}
	const total = new Map<string, bigint>()
	for (const container of listOf(spec["containers"])) add(total, requestsOf(container))
	const running = new Map<string, bigint>()
	const peak = new Map<string, bigint>()
	for (const container of listOf(spec["initContainers"])) {
		const isSidecar = container["restartPolicy"] === "Always"
		if (isSidecar) add(running, requestsOf(container))
		const needed = new Map(running)
		if (!isSidecar) add(needed, requestsOf(container))
		for (const [resource, nano] of needed) if (nano > (peak.get(resource) ?? 0n)) peak.set(resource, nano)
	}
	add(total, running)
	for (const [resource, nano] of peak) if (nano > (total.get(resource) ?? 0n)) total.set(resource, nano)
	add(total, amountsOf(spec["overhead"]))
	return total
}

export function add(into: Map<string, bigint>, amounts: Amounts): void {
	for (const [resource, nano] of amounts) into.set(resource, (into.get(resource) ?? 0n) + nano)
}

/** Limits stand for requests that are left out. */
function requestsOf(container: JsonObject): Amounts {
	const resources = isObject(container["resources"]) ? container["resources"] : {}
	return new Map([...amountsOf(resources["limits"]), ...amountsOf(resources["requests"])])
}

function amountsOf(list: Json | undefined): Amounts {
	const amounts = new Map<string, bigint>()
	if (!isObject(list)) return amounts
	for (const [resource, value] of Object.entries(list)) {
		const quantity = quantityOf(value)
		if (quantity !== undefined) amounts.set(resource, quantity.nano)
	}
	return amounts
}

function listOf(value: Json | undefined): readonly JsonObject[] {
	return Array.isArray(value) ? value.filter(isObject) : []
}
