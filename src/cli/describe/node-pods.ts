import type { Instant } from "../../base/index.ts"
import {
	addQuantities,
	ageOf,
	formatQuantity,
	type Node,
	type Pod,
	type Quantity,
	quantityOf,
	type ResourceList,
} from "../../kube/index.ts"
import { cell } from "./lines.ts"

type Totals = ReadonlyMap<string, Quantity>
type Side = "requests" | "limits"

const ALWAYS = ["cpu", "memory", "ephemeral-storage"]

/** The pods of a node and what they take of it, as `describe node` shows both. */
export function nodePodLines(node: Node, pods: readonly Pod[], now: Instant): readonly string[] {
	const room = node.status?.allocatable ?? node.status?.capacity ?? {}
	const taken = pods.map((pod) => ({ pod, requests: podTotals(pod, "requests"), limits: podTotals(pod, "limits") }))
	const share = (totals: Totals, resource: string) => shareText(totals.get(resource), room, resource)
	const rows = taken.map(({ pod, requests, limits }) =>
		[
			`  ${cell(pod.metadata.namespace)}`,
			cell(pod.metadata.name),
			share(requests, "cpu"),
			share(limits, "cpu"),
			share(requests, "memory"),
			share(limits, "memory"),
			ageOf(pod.metadata.creationTimestamp, now),
		].join("\t"),
	)
	const requests = sum(taken.map((entry) => entry.requests))
	const limits = sum(taken.map((entry) => entry.limits))
	return [
		`Non-terminated Pods:\t(${pods.length} in total)`,
		"  Namespace\tName\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge",
		"  ---------\t----\t------------\t----------\t---------------\t-------------\t---",
		...rows,
		"Allocated resources:",
		"  (Total limits may be over 100 percent, i.e., overcommitted.)",
		"  Resource\tRequests\tLimits",
		"  --------\t--------\t------",
		...listed(room).map((resource) => `  ${cell(resource)}\t${share(requests, resource)}\t${share(limits, resource)}`),
	]
}

function listed(room: ResourceList): readonly string[] {
	const others = Object.keys(room).filter((resource) => !ALWAYS.includes(resource) && resource !== "pods")
	return [...ALWAYS, ...others.sort()]
}

/** What a pod takes: its containers together, or its largest init container where that is more. */
function podTotals(pod: Pod, side: Side): Totals {
	const containers = pod.spec.containers.map((container) => amounts(container.resources?.[side]))
	const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always")
	const totals = new Map(sum([...containers, ...sidecars.map((container) => amounts(container.resources?.[side]))]))
	for (const container of pod.spec.initContainers ?? []) {
		for (const [resource, amount] of amounts(container.resources?.[side])) {
			const total = totals.get(resource)
			if (total === undefined || amount.nano > total.nano) totals.set(resource, amount)
		}
	}
	for (const [resource, amount] of amounts(pod.spec.overhead)) {
		const total = totals.get(resource)
		if (side === "requests" || total) totals.set(resource, total ? addQuantities(total, amount) : amount)
	}
	return totals
}

function amounts(resources: ResourceList | undefined): Totals {
	const known = new Map<string, Quantity>()
	for (const [resource, value] of Object.entries(resources ?? {})) {
		const amount = quantityOf(value)
		if (amount) known.set(resource, amount)
	}
	return known
}

function sum(all: readonly Totals[]): Totals {
	const totals = new Map<string, Quantity>()
	for (const one of all) {
		for (const [resource, amount] of one) {
			const total = totals.get(resource)
			totals.set(resource, total ? addQuantities(total, amount) : amount)
		}
	}
	return totals
}

/** `100m (2%)`; `0 (0%)` where nothing is taken. */
function shareText(amount: Quantity | undefined, room: ResourceList, resource: string): string {
	const most = quantityOf(Object.hasOwn(room, resource) ? room[resource] : undefined)
	const percent = amount && most && most.nano > 0n ? (amount.nano * 100n) / most.nano : 0n
	return `${amount ? formatQuantity(amount) : "0"} (${percent}%)`
}
